#include "earshot/core/normalize/thread.hpp"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include <earshot/core/base/text.hpp>
#include <earshot/core/base/time.hpp>
#include <earshot/core/json/document.hpp>
#include <earshot/core/normalize/html.hpp>

namespace earshot::core {
namespace {

struct Message {
  Time at;
  std::string_view by;
  std::string text;
};

Error no_thread(std::size_t index, std::string_view why) {
  return {.code = Code::bad_data,
          .message = fmt::format("is no thread: message {} {}", index, why)};
}

Result<Message> read_message(JsonValue json, std::size_t index) {
  const JsonValue text = json.member("text");
  if (!json.is_object() || !text.is_string()) return no_thread(index, "has no text");
  const std::optional<Time> at = parse_time(json.member("at").text());
  if (!at) return no_thread(index, "has no readable time");
  const std::string_view format = json.member("format").text();
  if (format != "text" && format != "html") return no_thread(index, "is neither text nor html");
  return Message{.at = *at,
                 .by = trim(json.member("by").text()),
                 .text = format == "html" ? html_to_text(text.text()) : std::string(text.text())};
}

}  // namespace

Result<std::string> thread_to_text(std::string_view json) {
  EAR_TRY(const auto document, JsonDocument::parse(std::string(json)));
  const JsonValue list = document->root();
  if (!list.is_array()) {
    return Error{.code = Code::bad_data, .message = "is no thread: expected an array of messages"};
  }
  std::vector<Message> messages;
  for (const JsonValue each : list) {
    EAR_TRY(Message message, read_message(each, messages.size()));
    messages.push_back(std::move(message));
  }
  std::stable_sort(messages.begin(), messages.end(),
                   [](const Message& a, const Message& b) { return a.at < b.at; });
  std::string out;
  for (const Message& message : messages) {
    if (trim(message.text).empty()) continue;
    if (!out.empty()) out += "\n\n";
    if (!message.by.empty()) (out += message.by) += ":\n";
    out += message.text;
  }
  return out;
}

}  // namespace earshot::core

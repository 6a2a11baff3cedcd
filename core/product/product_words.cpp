#include "product_words.hpp"

#include <algorithm>

#include <earshot/core/base/text.hpp>

namespace earshot::core {
namespace {

constexpr std::size_t kLongestWords = 300;
/// No more of a text than this is looked at.
constexpr std::size_t kLongestRead = 4096;

std::string joined(std::string_view first, std::string_view second) {
  if (first.empty() || second.empty() || first == second) {
    return std::string(first.empty() ? second : first);
  }
  return std::string(first) + ": " + std::string(second);
}

std::string text_or_dump(JsonValue value) {
  return value.is_object() || value.is_array() ? value.dump() : std::string(value.text());
}

/// {"title","detail"}, {"message"} or a bare string, as an element of `errors` or as `error`.
std::string words_of_item(JsonValue item) {
  if (!item.is_object()) return std::string(item.text());
  for (const char* name : {"message", "detail", "description"}) {
    const std::string_view text = item.member(name).text();
    if (!text.empty()) return joined(item.member("title").text(), text);
  }
  return std::string(item.member("title").text());
}

std::string words_of(JsonValue body) {
  const JsonValue error = body.member("error");
  if (error.is_object()) return words_of_item(error);
  if (error.is_string()) {
    for (const char* name : {"description", "error_description", "message"}) {
      const std::string_view text = body.member(name).text();
      if (!text.empty()) return joined(error.text(), text);
    }
    return std::string(error.text());
  }
  const std::string first = words_of_item(body.at("/errors/0"));
  return first.empty() ? words_of_item(body) : first;
}

bool is_plain_text(const HttpResponse& response) {
  return lower(response.headers.get("content-type")).find("text/plain") == 0;
}

/// Redacted before anything is cut, so that no part of a secret is left over.
std::string presentable(std::string_view text, const Redactor& redactor) {
  std::string clean = clean_utf8(redactor.redact(text));
  std::replace_if(
      clean.begin(), clean.end(),
      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
  return shorten(trim(clean), kLongestWords);
}

}  // namespace

std::string product_words(const HttpResponse& response, JsonValue body, std::string_view message_at,
                          const Redactor& redactor) {
  std::string words;
  if (!message_at.empty()) words = text_or_dump(body.at(message_at));
  if (words.empty()) words = words_of(body);
  if (words.empty() && !body.exists() && is_plain_text(response) &&
      response.body.size() <= kLongestRead) {
    words = response.body;
  }
  return presentable(words, redactor);
}

}  // namespace earshot::core

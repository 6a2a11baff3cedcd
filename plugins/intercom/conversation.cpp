#include "conversation.hpp"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include <earshot/sdk/thread.hpp>

namespace earshot::plugins {
namespace {

using sdk::Json, sdk::Page, sdk::Thread, sdk::Value;

constexpr std::uint64_t kMostParts = 500;

std::string speaker(const Value& author) {
  for (const char* name : {"/name", "/email"}) {
    std::string known = author.text_or(name, "");
    if (!known.empty()) return known;
  }
  if (is_customer(author)) return "Customer";
  return author.text_or("/type", "") == "bot" ? "Bot" : "Support";
}

bool is_message(const Value& part) {
  constexpr std::array<std::string_view, 4> kSpoken{"comment", "quick_reply", "open", "close"};
  const std::string type = part.text_or("/part_type", "");
  return std::find(kSpoken.begin(), kSpoken.end(), type) != kSpoken.end();
}

void add_message(Thread& thread, const Value& message, const std::string& at) {
  if (message.flag("/redacted").value_or(false)) return;
  thread.add(speaker(message.at("/author")), at, message.text_or("/body", ""), EAR_TEXT_HTML);
}

}  // namespace

bool is_customer(const Value& author) {
  const std::string type = author.text_or("/type", "");
  return type == "user" || type == "lead" || type == "contact";
}

std::string dialogue(const Page& conversation) {
  Thread thread;
  add_message(thread, conversation.at("/source"), conversation.text_or("/created_at", "0"));
  for (const Value part : conversation.at("/conversation_parts/conversation_parts")) {
    if (is_message(part)) add_message(thread, part, part.text_or("/created_at", "0"));
  }
  return thread.json();
}

std::int64_t missing_parts(const Page& conversation) {
  const std::uint64_t given = conversation.at("/conversation_parts/conversation_parts").size();
  if (given < kMostParts) return 0;
  std::int64_t total = 0;
  for (const char* count :
       {"/conversation_parts/total_count", "/statistics/count_conversation_parts"}) {
    total = std::max(total, conversation.integer(count).value_or(0));
  }
  return std::max<std::int64_t>(0, total - static_cast<std::int64_t>(given));
}

std::string opening(const Page& conversation) {
  if (!conversation.text_or("/source/subject", "").empty()) return {};
  if (!conversation.text_or("/title", "").empty()) return {};
  if (conversation.at("/source").flag("/redacted").value_or(false)) return {};
  const std::string body = conversation.text_or("/source/body", "");
  return body.substr(0, std::min(body.find("</p>"), body.find("<br")));
}

std::string tag_names(const Page& conversation) {
  std::vector<Json> names;
  for (const Value tag : conversation.at("/tags/tags"))
    names.emplace_back(tag.text_or("/name", ""));
  return sdk::json::array(names).text();
}

}  // namespace earshot::plugins

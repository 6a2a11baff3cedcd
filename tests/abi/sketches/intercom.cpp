/// Intercom conversations: a search by POST, and the parts of what changed by one request each.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <earshot/sdk/integration.hpp>
#include <earshot/sdk/thread.hpp>

namespace earshot::plugins {
namespace {

using sdk::Account, sdk::Call, sdk::Code, sdk::Error, sdk::FetchRequest, sdk::Json, sdk::Page,
    sdk::Request, sdk::Result, sdk::Value;

constexpr std::int64_t kPageSize = 150;

/// "SINCE" between runs, "SINCE UNTIL AFTER" amid one: a search's cursor belongs to its bounds.
struct Position {
  std::int64_t since = 0;
  std::int64_t until = 0;
  std::string after{};

  [[nodiscard]] std::string text() const {
    if (after.empty()) return std::to_string(since);
    return std::to_string(since) + ' ' + std::to_string(until) + ' ' + after;
  }
};

Result<Position> position(Call& call, const FetchRequest& request) {
  const std::int64_t now = sdk::unix_seconds(call.now());
  EAR_TRY(const std::string cursor, call.cursor());
  if (cursor.empty()) {
    return Position{.since = request.from ? sdk::unix_seconds(*request.from) : 0, .until = now};
  }
  const std::vector<std::string_view> parts = sdk::split(cursor, ' ');
  const auto since = sdk::parse_integer(parts.front());
  if (since && parts.size() == 1) return Position{.since = *since, .until = now};
  const auto until = parts.size() == 3 ? sdk::parse_integer(parts[1]) : std::nullopt;
  if (since && until) return Position{*since, *until, std::string(parts[2])};
  return Error{.code = Code::bad_cursor, .message = "the cursor is no 'SINCE[ UNTIL AFTER]'"};
}

Json filter(std::string_view op, std::int64_t value) {
  return sdk::json::object({{"field", "updated_at"}, {"operator", op}, {"value", value}});
}

Json search(const Position& at) {
  std::vector<std::pair<std::string_view, Json>> paging{{"per_page", kPageSize}};
  if (!at.after.empty()) paging.emplace_back("starting_after", at.after);
  const Json bounds = sdk::json::array({filter(">", at.since - 1), filter("<", at.until + 1)});
  return sdk::json::object(
      {{"query", sdk::json::object({{"operator", "AND"}, {"value", bounds}})},
       {"sort", sdk::json::object({{"field", "updated_at"}, {"order", "ascending"}})},
       {"pagination", sdk::json::object(paging)}});
}

/// The ids on a page whose parts are to be fetched: those that are new or newer than what is
/// stored.
Result<std::vector<std::string>> changed(Call& call, const Page& page) {
  std::vector<std::pair<std::string, std::string>> listed;
  for (const Value conversation : page.at("/conversations")) {
    EAR_TRY(std::string id, conversation.text("/id"));
    EAR_TRY(std::string version, conversation.text("/updated_at"));
    listed.emplace_back(std::move(id), std::move(version));
  }
  EAR_TRY(const std::vector<std::uint8_t> states, call.known("conversation", listed));
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < listed.size(); ++i) {
    if (states[i] != EAR_KNOWN_SAME) ids.push_back(std::move(listed[i].first));
  }
  return ids;
}

/// What customers and admins said to each other; notes are internal, events say nothing.
sdk::Thread dialogue(const Page& conversation) {
  sdk::Thread thread;
  const auto add = [&](const Value& part, const Value& message) {
    thread.add(message.text_or("/author/name", ""), part.text_or("/created_at", ""),
               message.text_or("/body", ""), EAR_TEXT_HTML);
  };
  add(conversation.root(), conversation.at("/source"));
  for (const Value part : conversation.at("/conversation_parts/conversation_parts")) {
    if (part.text_or("/part_type", "") == "note" || part.flag("/redacted").value_or(false))
      continue;
    add(part, part);
  }
  return thread;
}

Result<void> emit_details(Call& call, const std::vector<std::string>& ids) {
  std::vector<std::string> paths;
  for (const std::string& id : ids) paths.push_back("/conversations/" + sdk::percent_encode(id));
  std::vector<Request> requests;
  for (const std::string& path : paths) requests.push_back({.path = path});
  EAR_TRY(const std::vector<Result<Page>> pages, call.send_all(requests));
  for (const Result<Page>& page : pages) {
    if (!page && page.error().code == Code::not_found) continue;  // deleted since it was listed
    if (!page) return page.error();
    const std::string content = dialogue(*page).json();
    EAR_CHECK(call.emit(*page, "", "conversation",
                        {.fields = {sdk::field("content", content, EAR_TEXT_THREAD)}}));
  }
  return {};
}

class Intercom final : public sdk::BaseIntegration {
 public:
  Result<Account> authenticate(Call& call) override {
    EAR_TRY(const Page me, call.get("/me"));
    EAR_TRY(const std::string id, me.text("/app/id_code"));
    EAR_TRY(const std::string name, me.text("/app/name"));
    return Account{.id = id, .name = name};
  }

  Result<void> fetch_feedback(Call& call, const FetchRequest& request) override {
    EAR_TRY(Position at, position(call, request));
    for (;;) {
      EAR_TRY(const Page page, call.query("/conversations/search", search(at)));
      EAR_TRY(const std::vector<std::string> ids, changed(call, page));
      EAR_CHECK(emit_details(call, ids));
      at.after = page.text_or("/pages/next/starting_after", "");
      if (at.after.empty()) at.since = at.until;
      EAR_CHECK(call.checkpoint(at.text()));
      if (at.after.empty()) return {};
    }
  }
};

}  // namespace
}  // namespace earshot::plugins

EARSHOT_PLUGIN(earshot::plugins::Intercom)

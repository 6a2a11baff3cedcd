/// Slack messages: a stream a channel, pages from the newest to the oldest, threads by a request
/// each.

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <earshot/sdk/integration.hpp>

namespace earshot::plugins {
namespace {

using sdk::Account, sdk::Call, sdk::Code, sdk::Error, sdk::FetchRequest, sdk::Page, sdk::Ref,
    sdk::Request, sdk::Result, sdk::Value;

constexpr std::string_view kPageSize = "200";

/// Messages that people write; the other subtypes are the channel's own events.
bool is_feedback(const Value& message) {
  static constexpr std::array<std::string_view, 4> kWritten = {"", "thread_broadcast", "file_share",
                                                               "me_message"};
  const std::string subtype = message.text_or("/subtype", "");
  for (const std::string_view written : kWritten) {
    if (subtype == written) return !message.at("/bot_id").exists();
  }
  return false;
}

/// "OLDEST" between runs. Amid one "OLDEST LATEST NEXT": pages run backwards, so OLDEST may only
/// move to LATEST once the last page is in.
struct Position {
  std::string oldest{};
  std::string latest{};
  std::string next{};

  [[nodiscard]] std::string text() const {
    return next.empty() ? oldest : oldest + ' ' + latest + ' ' + next;
  }
};

Result<Position> position(Call& call, const FetchRequest& request, std::string_view channel) {
  const std::string now = std::to_string(sdk::unix_seconds(call.now())) + ".000000";
  EAR_TRY(const std::string cursor, call.cursor(channel));
  if (cursor.empty()) {
    const std::int64_t from = request.from ? sdk::unix_seconds(*request.from) : 0;
    return Position{.oldest = std::to_string(from), .latest = now};
  }
  const std::vector<std::string_view> parts = sdk::split(cursor, ' ');
  if (parts.size() == 1) return Position{.oldest = cursor, .latest = now};
  if (parts.size() == 3) {
    return Position{std::string(parts[0]), std::string(parts[1]), std::string(parts[2])};
  }
  return Error{.code = Code::bad_cursor, .message = "the cursor is no 'OLDEST[ LATEST NEXT]'"};
}

/// A channel as it stands in a page of channels, which the mapping looks its name up in.
struct Channel {
  std::string id;
  const Page* page = nullptr;
  std::string at{};
};

class Slack final : public sdk::BaseIntegration {
 public:
  Result<Account> authenticate(Call& call) override {
    EAR_TRY(const Page me, call.request({.method = "POST", .path = "/api/auth.test"}));
    EAR_TRY(const std::string id, me.text("/team_id"));
    return Account{.id = id, .name = me.text_or("/team", id)};
  }

  Result<void> fetch_feedback(Call& call, const FetchRequest& request) override {
    EAR_TRY(const std::vector<Page> pages, channel_pages(call));
    for (const Page& page : pages) {
      std::size_t index = 0;
      for (const Value entry : page.at("/channels")) {
        const std::string at = "/channels/" + std::to_string(index++);
        if (!entry.flag("/is_member").value_or(false)) continue;
        EAR_TRY(const std::string id, entry.text("/id"));
        const Result<void> fetched = fetch_channel(call, request, {id, &page, at});
        if (!fetched) EAR_CHECK(call.problem(id, fetched.error()));
      }
    }
    return {};
  }

 private:
  static Result<std::vector<Page>> channel_pages(Call& call) {
    std::vector<Page> pages;
    std::string cursor;
    do {
      EAR_TRY(Page page,
              call.get(
                  sdk::path("/api/conversations.list",
                            {{"limit", "200"}, {"cursor", cursor}, {"exclude_archived", "true"}})));
      cursor = page.text_or("/response_metadata/next_cursor", "");
      pages.push_back(std::move(page));
    } while (!cursor.empty());
    return pages;
  }

  static Result<void> fetch_channel(Call& call, const FetchRequest& request,
                                    const Channel& channel) {
    EAR_TRY(Position at, position(call, request, channel.id));
    for (;;) {
      EAR_TRY(const Page page,
              call.get(sdk::path("/api/conversations.history", {{"channel", channel.id},
                                                                {"oldest", at.oldest},
                                                                {"latest", at.latest},
                                                                {"cursor", at.next},
                                                                {"limit", kPageSize}})));
      EAR_CHECK(emit_messages(call, channel, page));
      EAR_CHECK(emit_threads(call, channel, page));
      at.next = page.text_or("/response_metadata/next_cursor", "");
      if (at.next.empty()) at.oldest = at.latest;
      EAR_CHECK(call.checkpoint(channel.id, at.text()));
      if (at.next.empty()) return {};
    }
  }

  static Result<void> emit_messages(Call& call, const Channel& channel, const Page& page) {
    std::size_t index = 0;
    for (const Value message : page.at("/messages")) {
      const std::string pointer = "/messages/" + std::to_string(index++);
      if (!is_feedback(message)) continue;
      EAR_TRY(const std::string ts, message.text("/ts"));
      const std::string id = channel.id + ':' + ts;
      EAR_CHECK(call.emit(page, pointer, "message",
                          {.refs = {{"channel", channel.page, channel.at}},
                           .fields = {sdk::field("source_id", id)}}));
    }
    return {};
  }

  /// Threads of a page that have an answer the store has not.
  static Result<void> emit_threads(Call& call, const Channel& channel, const Page& page) {
    std::vector<std::pair<std::string, std::string>> answers;
    std::vector<std::string> paths;
    for (const Value message : page.at("/messages")) {
      if (!message.at("/latest_reply").exists()) continue;
      EAR_TRY(const std::string ts, message.text("/ts"));
      EAR_TRY(std::string latest, message.text("/latest_reply"));
      answers.emplace_back(channel.id + ':' + latest, std::move(latest));
      paths.push_back(sdk::path("/api/conversations.replies",
                                {{"channel", channel.id}, {"ts", ts}, {"limit", kPageSize}}));
    }
    EAR_TRY(const std::vector<std::uint8_t> states, call.known("message", answers));
    std::vector<Request> requests;
    for (std::size_t i = 0; i < paths.size(); ++i) {
      if (states[i] == EAR_KNOWN_NEW) requests.push_back({.path = paths[i]});
    }
    EAR_TRY(const std::vector<Result<Page>> threads, call.send_all(requests));
    for (const Result<Page>& thread : threads) {
      if (!thread) return thread.error();
      EAR_CHECK(emit_messages(call, channel, *thread));
    }
    return {};
  }
};

}  // namespace
}  // namespace earshot::plugins

EARSHOT_PLUGIN(earshot::plugins::Slack)

/// Gong calls: searches by POST in slices of days, transcripts by lists of ids.

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <earshot/sdk/integration.hpp>

namespace earshot::plugins {
namespace {

using sdk::Account, sdk::Call, sdk::Code, sdk::Error, sdk::FetchRequest, sdk::Json, sdk::Page,
    sdk::Result, sdk::Time, sdk::Value;
using Members = std::vector<std::pair<std::string_view, Json>>;

/// A chain of cursors lives an hour: a slice is what surely fits into that.
constexpr std::chrono::hours kSlice = std::chrono::days(7);
/// Nothing was recorded before there was Gong.
constexpr std::int64_t kOldest = 1420070400;  // 2015-01-01

Result<Time> start(Call& call, const FetchRequest& request) {
  EAR_TRY(const std::string cursor, call.cursor());
  if (cursor.empty()) return request.from.value_or(Time(std::chrono::seconds(kOldest)));
  const auto seconds = sdk::parse_integer(cursor);
  if (!seconds) return Error{.code = Code::bad_cursor, .message = "the cursor is no time"};
  return Time(std::chrono::seconds(*seconds));
}

/// One page of a POST search. No results are a 404 here, which the manifest declares as empty.
Result<Page> search(Call& call, std::string_view path, Members body, std::string_view cursor) {
  if (!cursor.empty()) body.emplace_back("cursor", cursor);
  return call.query(path, sdk::json::object(body));
}

std::string next_of(const Page& page) {
  return page.text_or("/records/cursor", "");
}

/// Transcripts by call id. They view pages, which are kept as long.
struct Transcripts {
  std::vector<Page> pages;
  std::map<std::string, Value> by_call;
};

Result<Transcripts> transcripts(Call& call, const Page& calls) {
  std::vector<Json> ids;
  for (const Value entry : calls.at("/calls")) {
    EAR_TRY(const std::string id, entry.text("/metaData/id"));
    ids.emplace_back(id);
  }
  const Json filter = sdk::json::object({{"callIds", sdk::json::array(ids)}});
  Transcripts all;
  std::string cursor;
  do {
    EAR_TRY(Page page, search(call, "/v2/calls/transcript", {{"filter", filter}}, cursor));
    cursor = next_of(page);
    for (const Value entry : page.at("/callTranscripts")) {
      all.by_call.emplace(entry.text_or("/callId", ""), entry);
    }
    all.pages.push_back(std::move(page));
  } while (!cursor.empty());
  return all;
}

/// "Name: what was said" a monologue; who is not among the parties is "Speaker".
std::string spoken(const Value& parties, const Value& transcript) {
  std::map<std::string, std::string> names;
  for (const Value party : parties) {
    names[party.text_or("/speakerId", "")] = party.text_or("/name", "Speaker");
  }
  std::string text;
  for (const Value monologue : transcript) {
    const auto name = names.find(monologue.text_or("/speakerId", ""));
    (text += name == names.end() ? "Speaker" : name->second) += ':';
    for (const Value sentence : monologue.at("/sentences")) {
      (text += ' ') += sentence.text_or("/text", "");
    }
    text += '\n';
  }
  return text;
}

Result<void> emit_calls(Call& call, const Page& calls) {
  EAR_TRY(const Transcripts all, transcripts(call, calls));
  std::size_t index = 0;
  for (const Value entry : calls.at("/calls")) {
    const std::string pointer = "/calls/" + std::to_string(index++);
    std::string content = entry.text_or("/content/brief", "");
    const auto found = all.by_call.find(entry.text_or("/metaData/id", ""));
    if (found != all.by_call.end()) {
      (content += "\n\n") += spoken(entry.at("/parties"), found->second.at("/transcript"));
    }
    EAR_CHECK(call.emit(calls, pointer, "call", {.fields = {sdk::field("content", content)}}));
  }
  return {};
}

class Gong final : public sdk::BaseIntegration {
 public:
  Result<Account> authenticate(Call& call) override {
    EAR_TRY(const Page workspaces, call.get("/v2/workspaces"));
    EAR_TRY(const std::string id, workspaces.text("/workspaces/0/id"));
    return Account{.id = id, .name = workspaces.text_or("/workspaces/0/name", id)};
  }

  Result<void> fetch_feedback(Call& call, const FetchRequest& request) override {
    EAR_TRY(Time from, start(call, request));
    const Time end = std::min(request.to.value_or(call.now()), call.now());
    while (from < end) {
      const Time to = std::min<Time>(from + kSlice, end);
      EAR_CHECK(fetch_slice(call, from, to));
      EAR_CHECK(call.checkpoint(std::to_string(sdk::unix_seconds(to))));
      from = to;
    }
    return {};
  }

 private:
  static Result<void> fetch_slice(Call& call, Time from, Time to) {
    const Json filter =
        sdk::json::object({{"fromDateTime", sdk::rfc3339(from)}, {"toDateTime", sdk::rfc3339(to)}});
    const Json exposed = sdk::json::object(
        {{"parties", true}, {"content", sdk::json::object({{"brief", true}, {"topics", true}})}});
    const Json selector = sdk::json::object({{"context", "Extended"}, {"exposedFields", exposed}});
    std::string cursor;
    do {
      EAR_TRY(const Page page, search(call, "/v2/calls/extensive",
                                      {{"filter", filter}, {"contentSelector", selector}}, cursor));
      if (page.status() != 200) return {};
      EAR_CHECK(emit_calls(call, page));
      cursor = next_of(page);
    } while (!cursor.empty());
    return {};
  }
};

}  // namespace
}  // namespace earshot::plugins

EARSHOT_PLUGIN(earshot::plugins::Gong)

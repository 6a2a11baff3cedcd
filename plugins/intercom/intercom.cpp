/// Intercom conversations as feedback. Set-up, permissions, limits and mapping: README.md.

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <earshot/sdk/integration.hpp>

#include "conversation.hpp"
#include "people.hpp"
#include "window.hpp"

namespace earshot::plugins {
namespace {

using sdk::Account, sdk::Call, sdk::Code, sdk::Error, sdk::FetchRequest, sdk::Page, sdk::Request,
    sdk::Result, sdk::Value, sdk::Webhook;

constexpr std::string_view kSearch = "/conversations/search";
constexpr std::string_view kDeletedStream = "deleted";
constexpr std::int64_t kDeletedPageSize = 60;
/// A small --limit need not draw a long page.
constexpr std::uint64_t kSmallestUsefulPage = 10;

constexpr std::size_t kDetailsAtOnce = 30;

/// Where a region's workspaces are.
constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kHosts{
    {{"US", "api.intercom.io"}, {"EU", "api.eu.intercom.io"}, {"AU", "api.au.intercom.io"}}};

/// What a webhook subscribes to: what the manifest's events are made of.
constexpr std::array kTopics = {
    "conversation.user.created",     "conversation.admin.single.created",
    "conversation.user.replied",     "conversation.admin.replied",
    "conversation.admin.assigned",   "conversation.admin.open.assigned",
    "conversation.admin.opened",     "conversation.admin.snoozed",
    "conversation.admin.unsnoozed",  "conversation.admin.closed",
    "conversation.priority.updated", "conversation.contact.attached",
    "conversation.contact.detached", "conversation_part.tag.created",
    "conversation_part.redacted",    "conversation.rating.added",
    "conversation.deleted"};

Result<std::int64_t> page_size(const Call& call, const FetchRequest& request) {
  EAR_TRY(const std::int64_t configured, call.config().integer("/page_size"));
  if (request.limit == 0) return configured;
  const auto wanted =
      static_cast<std::int64_t>(std::clamp<std::uint64_t>(request.limit, kSmallestUsefulPage, 150));
  return std::min(configured, wanted);
}

/// A conversation as a list shows it. Its time there is its version: one that changed again while
/// it was fetched is newer in the next list, and fetched anew.
struct Listed {
  std::string id;
  std::string version;
};

Result<std::vector<Listed>> listed(const Page& page, std::string_view version_at) {
  const Value list = page.at("/conversations");
  if (!list.is_array()) {
    return Error{.code = Code::bad_data, .message = "the answer has no list of conversations"};
  }
  std::vector<Listed> found;
  for (const Value conversation : list) {
    EAR_TRY(std::string id, conversation.text("/id"));
    EAR_TRY(std::string version, conversation.text(version_at));
    found.push_back({std::move(id), std::move(version)});
  }
  return found;
}

std::int64_t newest_of(const std::vector<Listed>& listed, std::int64_t newest) {
  for (const Listed& one : listed) {
    newest = std::max(newest, sdk::parse_integer(one.version).value_or(0));
  }
  return newest;
}

/// Those that are new or newer than what is stored.
Result<std::vector<Listed>> changed(Call& call, std::string_view mapping,
                                    const std::vector<Listed>& listed) {
  std::vector<std::pair<std::string, std::string>> asked;
  for (const Listed& one : listed) asked.emplace_back(one.id, one.version);
  EAR_TRY(const std::vector<std::uint8_t> states, call.known(mapping, asked));
  std::vector<Listed> found;
  for (std::size_t i = 0; i < listed.size(); ++i) {
    if (states[i] != EAR_KNOWN_SAME) found.push_back(listed[i]);
  }
  return found;
}

/// "api.eu.intercom.io" has its inboxes at "app.eu.intercom.com".
std::string inbox_url(const Call& call, const Page& contact, const std::string& id) {
  const std::string workspace = contact.text_or("/workspace_id", "");
  const std::string host = call.config().text_or("/api_host", "");
  if (workspace.empty() || host.size() < 7) return {};
  const std::string region = host.substr(3, host.size() - 6);
  return "https://app" + region + ".com/a/inbox/" + workspace + "/inbox/conversation/" + id;
}

/// What the plugin worked out about a conversation; the views of `options` point into it.
struct Emission {
  std::string content;
  std::string tags;
  std::string title;
  std::string missing;
  std::string url;
  sdk::EmitOptions options{};
};

void add_people(const Call& call, const Page& conversation, const Listed& listed,
                const People& people, Emission& out) {
  if (is_customer(conversation.at("/source/author"))) {
    out.options.refs.push_back({"customer", &conversation, "/source/author"});
  }
  const Page* contact = people.contact_of(conversation);
  if (contact == nullptr) return;
  out.options.refs.push_back({"contact", contact});
  const Page* company = people.company_of(*contact);
  if (company != nullptr) out.options.refs.push_back({"company", company});
  out.url = inbox_url(call, *contact, listed.id);
  if (!out.url.empty()) out.options.fields.push_back(sdk::field("url", out.url));
}

Result<void> emit_conversation(Call& call, const Page& conversation, const Listed& listed,
                               const People& people) {
  Emission out{.content = dialogue(conversation),
               .tags = tag_names(conversation),
               .title = opening(conversation),
               .missing = std::to_string(missing_parts(conversation)),
               .url = {}};
  out.options.fields = {sdk::field("content", out.content, EAR_TEXT_THREAD),
                        sdk::field("metadata.tags", out.tags, EAR_TEXT_JSON),
                        sdk::field("version", listed.version)};
  if (!out.title.empty()) {
    out.options.fields.push_back(sdk::field("title", out.title, EAR_TEXT_HTML));
  }
  if (out.missing != "0") {
    out.options.fields.push_back(sdk::field("metadata.parts_missing", out.missing, EAR_TEXT_JSON));
    call.log(EAR_LOG_WARN, "conversation " + listed.id + " has " + out.missing +
                               " older parts that Intercom does not give");
  }
  add_people(call, conversation, listed, people, out);
  EAR_CHECK(call.emit(conversation, "", "conversation", std::move(out.options)));
  return {};
}

/// One that was deleted since it was listed is in the list of deletions.
bool is_gone(const Result<Page>& answer) {
  return !answer && answer.error().code == Code::not_found;
}

Result<void> emit_some(Call& call, const std::vector<Listed>& some) {
  std::vector<std::string> paths;
  for (const Listed& one : some) {
    paths.push_back("/conversations/" + sdk::percent_encode(one.id));
  }
  std::vector<Request> requests;
  for (const std::string& path : paths) requests.push_back({.path = path});
  EAR_TRY(const std::vector<Result<Page>> answers, call.send_all(requests));
  std::vector<const Page*> conversations;
  for (const Result<Page>& answer : answers) {
    if (is_gone(answer)) continue;
    if (!answer) return answer.error();
    conversations.push_back(&answer.value());
  }
  EAR_TRY(const People people, People::of(call, conversations));
  for (std::size_t i = 0; i < some.size(); ++i) {
    if (answers[i]) EAR_CHECK(emit_conversation(call, *answers[i], some[i], people));
  }
  return {};
}

/// Several at once, fewer where those would not fit into a call's memory.
Result<void> emit_details(Call& call, const std::vector<Listed>& conversations) {
  std::size_t at_once = kDetailsAtOnce;
  for (auto next = conversations.begin(); next != conversations.end();) {
    const auto left = static_cast<std::size_t>(conversations.end() - next);
    const auto end = next + static_cast<std::ptrdiff_t>(std::min(at_once, left));
    const Result<void> emitted = emit_some(call, {next, end});
    if (!emitted && emitted.error().code == Code::limit && at_once > 1) {
      at_once /= 2;
      continue;
    }
    EAR_CHECK(emitted);
    next = end;
  }
  return {};
}

/// Reads a window page by page, with a checkpoint behind each.
Result<void> read_window(Call& call, Window& window, std::int64_t size) {
  for (bool last = false; !last;) {
    EAR_TRY(const Page page, call.query(kSearch, search_body(window, size)));
    EAR_TRY(const std::vector<Listed> found, listed(page, "/updated_at"));
    EAR_TRY(const std::vector<Listed> news, changed(call, "conversation", found));
    EAR_CHECK(emit_details(call, news));
    window.newest = newest_of(found, window.newest);
    window.after = page.text_or("/pages/next/starting_after", "");
    last = window.after.empty();
    if (last) window.close();
    EAR_CHECK(call.checkpoint(window.text()));
  }
  return {};
}

/// Emits the tombstones of a page that are news.
Result<void> emit_deleted(Call& call, const Page& page, const std::vector<Listed>& found) {
  EAR_TRY(const std::vector<Listed> news, changed(call, "deleted", found));
  std::size_t next = 0;
  for (std::size_t i = 0; i < found.size() && next < news.size(); ++i) {
    if (found[i].id != news[next].id) continue;
    ++next;
    EAR_CHECK(call.emit(page, "/conversations/" + std::to_string(i), "deleted"));
  }
  return {};
}

/// Reads deletions, newest first, back to where the run before began.
Result<void> read_deletions(Call& call, const FetchRequest& request) {
  EAR_TRY(Deletions at, first_deletions(call, kDeletedStream, request));
  for (bool last = false; !last;) {
    EAR_TRY(const Page page, call.get(sdk::path("/conversations/deleted",
                                                {{"page", std::to_string(at.page)},
                                                 {"per_page", std::to_string(kDeletedPageSize)},
                                                 {"order", "desc"}})));
    EAR_TRY(const std::vector<Listed> found, listed(page, "/deleted_at"));
    EAR_CHECK(emit_deleted(call, page, found));
    at.newest = newest_of(found, at.newest);
    const bool older = !found.empty() && newest_of({found.back()}, 0) < at.since;
    last = older || page.at("/pages/next").view().empty();  // a URL, but one that is no cursor
    ++at.page;
    if (last) at.close();
    EAR_CHECK(call.checkpoint(kDeletedStream, at.text()));
  }
  return {};
}

/// A token of another region opens nothing, so this is for hosts behind a base_url.
Result<void> require_region(const Call& call, const Page& me) {
  const std::string region = me.text_or("/app/region", "");
  const std::string host = call.config().text_or("/api_host", "");
  for (const auto& [name, its_host] : kHosts) {
    if (region != name || host == its_host) continue;
    return Error{.code = Code::config,
                 .message = "the workspace is in Intercom's region " + region +
                            ": set api_host to " + std::string(its_host)};
  }
  return {};
}

std::string webhook_steps(std::string_view url) {
  std::string steps =
      "Intercom's webhooks are set up by hand, one address for an app:\n"
      "1. Open the Developer Hub, your app, Configure > Webhooks.\n"
      "2. Enter as endpoint URL: ";
  (steps += url) += "\n3. Add these topics: ";
  for (const char* topic : kTopics) {
    if (topic != kTopics.front()) steps += ", ";
    steps += topic;
  }
  return steps +=
         "\n4. Save. Intercom asks the address with HEAD and takes it only if that is answered "
         "with "
         "2xx.\n5. Set `client_secret` to the client secret under Configure > Basic information: "
         "deliveries are signed with it.";
}

class Intercom final : public sdk::BaseIntegration {
 public:
  /// Every token may ask who it is; only a search proves that it may read.
  Result<Account> authenticate(Call& call) override {
    EAR_TRY(const Page me, call.get("/me"));
    const std::string id = me.text_or("/app/id_code", "");
    if (me.text_or("/type", "") != "admin" || id.empty()) {
      return Error{.code = Code::auth,
                   .message = "Intercom names neither an admin nor a workspace for this token"};
    }
    EAR_CHECK(require_region(call, me));
    const FetchRequest nothing{};
    EAR_CHECK(call.query(kSearch, search_body(window_since(0, nothing, call.now()), 1)));
    return Account{.id = id, .name = me.text_or("/app/name", id)};
  }

  Result<void> fetch_feedback(Call& call, const FetchRequest& request) override {
    EAR_TRY(const std::int64_t size, page_size(call, request));
    EAR_TRY(Window window, first_window(call, request));
    const bool resumed = !window.after.empty();
    EAR_CHECK(read_window(call, window, size));
    if (resumed) {  // that window ended when the run before began
      window = window_since(window.since, request, call.now());
      EAR_CHECK(read_window(call, window, size));
    }
    return read_deletions(call, request);
  }

  Result<Webhook> register_webhook(Call& /*call*/, std::string_view url,
                                   const Value& /*state*/) override {
    return Webhook::by_hand(webhook_steps(url));
  }
};

}  // namespace
}  // namespace earshot::plugins

EARSHOT_PLUGIN(earshot::plugins::Intercom)

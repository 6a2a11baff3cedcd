/// Intercom conversations as feedback. Set-up, permissions, limits and mapping: README.md.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <earshot/sdk/integration.hpp>

#include "details.hpp"
#include "window.hpp"

namespace earshot::plugins {
namespace {

using sdk::Account, sdk::Call, sdk::Code, sdk::Error, sdk::FetchRequest, sdk::Page, sdk::Result,
    sdk::Value, sdk::Webhook;

constexpr std::string_view kSearch = "/conversations/search";
constexpr std::string_view kDeletedStream = "deleted";
constexpr std::int64_t kDeletedPageSize = 60;
/// A small --limit need not draw a long page.
constexpr std::uint64_t kSmallestUsefulPage = 10;

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

/// The conversations on a page. One without an id cannot be asked for: it is emitted as it is, so
/// that the host keeps it aside with the reason.
Result<std::vector<Listed>> listed(Call& call, const Page& page, std::string_view mapping,
                                   std::string_view version_at) {
  const Value list = page.at("/conversations");
  if (!list.is_array()) {
    return Error{.code = Code::bad_data, .message = "the answer has no list of conversations"};
  }
  std::vector<Listed> found;
  std::size_t index = 0;
  for (const Value conversation : list) {
    Listed one{.id = conversation.text_or("/id", ""),
               .version = conversation.text_or(version_at, ""),
               .pointer = "/conversations/" + std::to_string(index++)};
    if (one.id.empty()) {
      EAR_CHECK(call.emit(page, one.pointer, mapping));
    } else {
      found.push_back(std::move(one));
    }
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

/// A count beyond it is none.
constexpr std::int64_t kMostCounted = 1'000'000'000;

/// What a fetch comes to: what it has emitted and what its window still holds. Of a window that an
/// earlier run began nobody knows how much that one read.
class Headway {
 public:
  void enter(const Window& window) {
    known_ = window.after.empty();
    listed_ = 0;
  }
  Result<void> tell(Call& call, const Page& page, std::size_t listed, std::size_t news) {
    listed_ += static_cast<std::int64_t>(listed);
    emitted_ += static_cast<std::int64_t>(news);
    const Result<std::int64_t> all = page.integer("/total_count");
    if (!known_ || !all || *all < 0 || *all > kMostCounted) return {};
    const std::int64_t left = std::max<std::int64_t>(0, *all - listed_);
    return call.total(static_cast<std::uint64_t>(emitted_ + left));
  }

 private:
  bool known_ = false;
  std::int64_t listed_ = 0;  ///< Of the window.
  std::int64_t emitted_ = 0;
};

/// What leads to the next page; empty where there is none.
Result<std::string> text_of_next(const Value& next) {
  if (!next.exists() || next.is_null()) return std::string();
  if (next.is_string()) return std::string(next.view());
  return Error{.code = Code::bad_data,
               .message = "what leads to the next page, at /pages/next, is no text"};
}

/// Reads a window page by page, with a checkpoint behind each.
Result<void> read_window(Call& call, Window& window, std::int64_t size, Headway& headway) {
  headway.enter(window);
  for (bool last = false; !last;) {
    EAR_TRY(const Page page, call.query(kSearch, search_body(window, size)));
    EAR_TRY(const std::vector<Listed> found, listed(call, page, "conversation", "/updated_at"));
    EAR_TRY(const std::vector<Listed> news, changed(call, "conversation", found));
    EAR_CHECK(headway.tell(call, page, found.size(), news.size()));
    EAR_CHECK(emit_details(call, news));
    window.newest = newest_of(found, window.newest);
    const Value next = page.at("/pages/next");
    EAR_TRY(window.after, text_of_next(next.is_object() ? next.at("/starting_after") : next));
    last = window.after.empty();
    if (last) window.close();
    EAR_CHECK(call.checkpoint(window.text()));
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
    EAR_TRY(const std::vector<Listed> found, listed(call, page, "deleted", "/deleted_at"));
    EAR_TRY(const std::vector<Listed> news, changed(call, "deleted", found));
    for (const Listed& one : news) EAR_CHECK(call.emit(page, one.pointer, "deleted"));
    at.newest = newest_of(found, at.newest);
    const bool older = !found.empty() && newest_of({found.back()}, 0) < at.since;
    EAR_TRY(const std::string next, text_of_next(page.at("/pages/next")));  // a URL, no cursor
    last = older || next.empty();
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
      "1. Open Intercom's Developer Hub, your app, Configure > Webhooks; an app has one address.\n"
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
    Headway headway;
    EAR_CHECK(read_window(call, window, size, headway));
    if (resumed) {  // that window ended when the run before began, be it this very second
      Window later = window_since(window.since, request, call.now());
      if (later.until > window.until) EAR_CHECK(read_window(call, later, size, headway));
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

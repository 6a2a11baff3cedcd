/// Zendesk Support tickets as feedback. Set-up, permissions, limits and mapping: README.md.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <earshot/sdk/integration.hpp>

#include "comments.hpp"

namespace earshot::plugins {
namespace {

using sdk::Account, sdk::Call, sdk::Code, sdk::Emitted, sdk::Error, sdk::FetchRequest, sdk::Json,
    sdk::Page, sdk::Result, sdk::Time, sdk::Value, sdk::Webhook;

constexpr std::string_view kExport = "/api/v2/incremental/tickets/cursor.json";
constexpr std::string_view kWebhooks = "/api/v2/webhooks";

/// An export must begin somewhere; Zendesk opened in 2007, so nothing lies before 2000-01-01.
constexpr std::int64_t kOldestStart = 946684800;
/// ... and not within the most recent minute.
constexpr std::int64_t kYoungestStartAge = 61;

/// What a webhook subscribes to: what the manifest's events are made of.
constexpr std::array kSubscriptions = {"zen:event-type:ticket.created",
                                       "zen:event-type:ticket.comment_added",
                                       "zen:event-type:ticket.status_changed",
                                       "zen:event-type:ticket.custom_status_changed",
                                       "zen:event-type:ticket.priority_changed",
                                       "zen:event-type:ticket.subject_changed",
                                       "zen:event-type:ticket.description_changed",
                                       "zen:event-type:ticket.type_changed",
                                       "zen:event-type:ticket.tags_changed",
                                       "zen:event-type:ticket.custom_field_changed",
                                       "zen:event-type:ticket.agent_assignment_changed",
                                       "zen:event-type:ticket.group_assignment_changed",
                                       "zen:event-type:ticket.requester_changed",
                                       "zen:event-type:ticket.organization_changed",
                                       "zen:event-type:ticket.form_changed",
                                       "zen:event-type:ticket.brand_changed",
                                       "zen:event-type:ticket.problem_link_changed",
                                       "zen:event-type:ticket.external_id_changed",
                                       "zen:event-type:ticket.merged",
                                       "zen:event-type:ticket.soft_deleted",
                                       "zen:event-type:ticket.permanently_deleted",
                                       "zen:event-type:ticket.undeleted"};

/// Where an export begins: at the window's start, as far as Zendesk lets one ask.
std::int64_t start_time(const FetchRequest& request, Time now) {
  const std::int64_t wanted = request.from ? sdk::unix_seconds(*request.from) : kOldestStart;
  return std::min(std::max(wanted, kOldestStart), sdk::unix_seconds(now) - kYoungestStartAge);
}

/// No more than is still wanted, so that a limit ends with a page: no cursor moves behind one that
/// it cuts. Where tickets fall outside the window, small pages are worth none of the few requests.
std::uint64_t page_size(std::int64_t configured, const FetchRequest& request,
                        const Emitted& so_far) {
  const auto most = static_cast<std::uint64_t>(configured);
  const std::uint64_t counted = so_far.taken + so_far.rejected;
  if (request.limit <= counted || so_far.outside > 0) return most;
  return std::min(most, request.limit - counted);
}

Result<void> require_page(const Page& page) {
  if (page.status() == 200) return {};
  return Error{.code = Code::bad_data,
               .message = "Zendesk answered an export with the status " +
                          std::to_string(page.status()) + ", which brings no tickets"};
}

/// Where the export goes on; empty at the end of one that never had a ticket.
Result<std::string> next_cursor(const Page& page, bool last) {
  const Value cursor = page.at("/after_cursor");
  const std::string_view text = cursor.is_string() ? cursor.view() : std::string_view();
  if (!text.empty() || (last && (cursor.is_string() || cursor.is_null()))) return std::string(text);
  return Error{.code = Code::bad_data,
               .message = "the export has no string at /after_cursor: where it goes on is unknown"};
}

/// Zendesk answers a nobody with 200 and an anonymous user, so a status alone proves nothing.
Result<void> require_admin(const Page& me) {
  if (!me.at("/user/id").is_number()) {
    return Error{.code = Code::auth,
                 .message =
                     "Zendesk took the request for an anonymous visitor's: check `email` "
                     "and `api_token`, and that token access is on in the Admin Center"};
  }
  EAR_TRY(const std::string role, me.text("/user/role"));
  if (role == "admin") return {};
  return Error{.code = Code::forbidden,
               .message = "the credentials belong to a user whose role is '" + role +
                          "', but incremental exports are for the role 'admin': use an "
                          "administrator's credentials"};
}

std::string webhook_path(std::string_view id, std::string_view below = "") {
  return std::string(kWebhooks) + "/" + sdk::percent_encode(id) + std::string(below);
}

using Members = std::vector<std::pair<std::string_view, Json>>;

/// A webhook of the account that is fed by events; one that triggers fire is somebody else's.
struct Hook {
  std::string id;
  Members wrong;  ///< What must change before it delivers all that is needed.
};
using Found = std::optional<Hook>;

/// What a webhook is made of to be delivered to at `url`, beside its subscriptions.
std::array<std::pair<std::string_view, std::string_view>, 4> settings(std::string_view url) {
  return {{{"endpoint", url},
           {"http_method", "POST"},
           {"request_format", "json"},
           {"status", "active"}}};
}

Json all_subscriptions() {
  return sdk::json::array({kSubscriptions.begin(), kSubscriptions.end()});
}

bool subscribes(const Value& hook, std::string_view type) {
  for (const Value subscribed : hook.at("/subscriptions")) {
    if (subscribed.view() == type) return true;
  }
  return false;
}

Members wrong_members(const Value& hook, std::string_view url) {
  Members wrong;
  for (const auto& [name, value] : settings(url)) {
    if (hook.at("/" + std::string(name)).view() != value) wrong.emplace_back(name, value);
  }
  const bool complete = std::all_of(kSubscriptions.begin(), kSubscriptions.end(),
                                    [&](const char* type) { return subscribes(hook, type); });
  if (!complete) wrong.emplace_back("subscriptions", all_subscriptions());
  return wrong;
}

bool is_fed_by_events(const Value& hook) {
  return hook.at("/subscriptions/0").view().starts_with("zen:event-type:");
}

/// The webhook with that endpoint, one that needs no change before others.
Result<Found> listed_webhook(Call& call, std::string_view url) {
  Found found;
  std::string after;
  for (;;) {
    std::string path = sdk::path(kWebhooks, {{"page[size]", "100"}});
    if (!after.empty()) path = sdk::path(path, {{"page[after]", after}});
    EAR_TRY(const Page page, call.get(path));
    for (const Value hook : page.at("/webhooks")) {
      if (!is_fed_by_events(hook) || hook.at("/endpoint").view() != url) continue;
      EAR_TRY(std::string id, hook.text("/id"));
      Found one = Hook{.id = std::move(id), .wrong = wrong_members(hook, url)};
      if (one->wrong.empty()) return one;
      if (!found) found = std::move(one);
    }
    EAR_TRY(const bool more, page.flag("/meta/has_more"));
    if (!more) return found;
    EAR_TRY(const std::string next, page.text("/meta/after_cursor"));
    if (next == after) {
      return Error{.code = Code::bad_data, .message = "the list of webhooks repeats one page"};
    }
    after = next;
  }
}

/// The webhook that was reported before, unless it is gone.
Result<Found> reported_webhook(Call& call, std::string_view url, const std::string& id) {
  if (id.empty()) return Found();
  const Result<Page> page = call.get(webhook_path(id));
  if (!page && page.error().code == Code::not_found) return Found();
  if (!page) return page.error();
  const Value hook = page->at("/webhook");
  if (!is_fed_by_events(hook)) return Found();
  return Found(Hook{.id = id, .wrong = wrong_members(hook, url)});
}

Result<std::string> mended_webhook(Call& call, const Hook& hook) {
  if (!hook.wrong.empty()) {
    EAR_TRY(const Page changed,
            call.patch(webhook_path(hook.id),
                       sdk::json::object({{"webhook", sdk::json::object(hook.wrong)}})));
  }
  return hook.id;
}

Result<std::string> created_webhook(Call& call, std::string_view url) {
  Members webhook{{"name", "Earshot"}};
  for (const auto& [name, value] : settings(url)) webhook.emplace_back(name, value);
  webhook.emplace_back("subscriptions", all_subscriptions());
  EAR_TRY(const Page made,
          call.post(kWebhooks, sdk::json::object({{"webhook", sdk::json::object(webhook)}})));
  return made.text("/webhook/id");
}

class Zendesk final : public sdk::BaseIntegration {
 public:
  /// The API names no account; its subdomain is what identifies it.
  Result<Account> authenticate(Call& call) override {
    EAR_TRY(const Page me, call.get("/api/v2/users/me"));
    EAR_CHECK(require_admin(me));
    EAR_TRY(const std::string subdomain, call.config().text("/subdomain"));
    return Account{.id = subdomain, .name = subdomain + ".zendesk.com"};
  }

  Result<void> fetch_feedback(Call& call, const FetchRequest& request) override {
    EAR_TRY(const std::int64_t configured, call.config().integer("/page_size"));
    EAR_TRY(const bool comments, call.config().flag("/comments"));
    EAR_TRY(std::string cursor, call.cursor());
    const std::string start = std::to_string(start_time(request, call.now()));
    Emitted so_far;
    for (;;) {
      const bool first = cursor.empty();
      const std::string size = std::to_string(page_size(configured, request, so_far));
      EAR_TRY(
          const Page page,
          call.get(sdk::path(kExport, {{first ? "start_time" : "cursor", first ? start : cursor},
                                       {"per_page", size},
                                       {"include", "users"}})));
      if (page.status() >= 400) return {};  // "Too recent", declared as empty: nothing yet
      EAR_CHECK(require_page(page));
      EAR_TRY(const Emitted emitted, comments ? emit_with_comments(call, page)
                                              : call.emit_page(page, "/tickets", "ticket"));
      so_far += emitted;
      EAR_TRY(const bool last, page.flag("/end_of_stream"));
      EAR_TRY(std::string next, next_cursor(page, last));
      if (next.empty()) return {};
      cursor = std::move(next);
      EAR_CHECK(call.checkpoint(cursor));
      if (last) return {};
    }
  }

  /// Whatever a call before came to, killed half-way included: one webhook, its secret stored.
  Result<Webhook> register_webhook(Call& call, std::string_view url, const Value& state) override {
    EAR_TRY(Found hook, reported_webhook(call, url, state.text_or("/hook_id", "")));
    if (!hook) {
      EAR_TRY(hook, listed_webhook(call, url));
    }
    EAR_TRY(const std::string id, hook ? mended_webhook(call, *hook) : created_webhook(call, url));
    EAR_TRY(const Page answer, call.get(webhook_path(id, "/signing_secret")));
    EAR_TRY(const std::string secret, answer.text("/signing_secret/secret"));
    EAR_CHECK(call.secret_put("webhook_secret", secret));
    return Webhook::registered(id);
  }
};

}  // namespace
}  // namespace earshot::plugins

EARSHOT_PLUGIN(earshot::plugins::Zendesk)

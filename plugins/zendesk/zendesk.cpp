/// Zendesk Support tickets as feedback. Set-up, permissions, limits and mapping: README.md.

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
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

/// The id of a webhook that delivers events to `url`, or empty. One that triggers fire (it has
/// "conditional_ticket_events") is somebody else's.
Result<std::string> listed_webhook(Call& call, std::string_view url) {
  std::string after;
  for (;;) {
    std::string path = sdk::path(kWebhooks, {{"page[size]", "100"}});
    if (!after.empty()) path = sdk::path(path, {{"page[after]", after}});
    EAR_TRY(const Page page, call.get(path));
    for (const Value hook : page.at("/webhooks")) {
      const bool events = hook.at("/subscriptions/0").view().starts_with("zen:event-type:");
      if (events && hook.at("/endpoint").view() == url) return hook.text("/id");
    }
    EAR_TRY(const bool more, page.flag("/meta/has_more"));
    if (!more) return std::string();
    EAR_TRY(const std::string next, page.text("/meta/after_cursor"));
    if (next == after) {
      return Error{.code = Code::bad_data, .message = "the list of webhooks repeats one page"};
    }
    after = next;
  }
}

/// The webhook that was reported before, made to deliver to `url`; empty if it is gone.
Result<std::string> reported_webhook(Call& call, std::string_view url, const std::string& id) {
  if (id.empty()) return std::string();
  const Result<Page> found = call.get(webhook_path(id));
  if (!found && found.error().code == Code::not_found) return std::string();
  if (!found) return found.error();
  if (found->at("/webhook/endpoint").view() != url) {
    EAR_TRY(const Page moved,
            call.patch(webhook_path(id),
                       sdk::json::object({{"webhook", sdk::json::object({{"endpoint", url}})}})));
  }
  return id;
}

Result<std::string> created_webhook(Call& call, std::string_view url) {
  const std::vector<Json> subscriptions(kSubscriptions.begin(), kSubscriptions.end());
  const Json webhook = sdk::json::object({{"name", "Earshot"},
                                          {"endpoint", url},
                                          {"http_method", "POST"},
                                          {"request_format", "json"},
                                          {"status", "active"},
                                          {"subscriptions", sdk::json::array(subscriptions)}});
  EAR_TRY(const Page made, call.post(kWebhooks, sdk::json::object({{"webhook", webhook}})));
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
      if (page.status() != 200) return {};  // 422 "Too recent", declared as empty: nothing yet
      EAR_TRY(const Emitted emitted, comments ? emit_with_comments(call, page)
                                              : call.emit_page(page, "/tickets", "ticket"));
      so_far += emitted;
      EAR_TRY(const bool last, page.flag("/end_of_stream"));
      if (last && !page.at("/after_cursor").is_string()) return {};  // none was ever made
      EAR_TRY(cursor, page.text("/after_cursor"));
      EAR_CHECK(call.checkpoint(cursor));
      if (last) return {};
    }
  }

  /// Whatever a call before came to, killed half-way included: one webhook, its secret stored.
  Result<Webhook> register_webhook(Call& call, std::string_view url, const Value& state) override {
    EAR_TRY(std::string id, reported_webhook(call, url, state.text_or("/hook_id", "")));
    if (id.empty()) {
      EAR_TRY(id, listed_webhook(call, url));
    }
    if (id.empty()) {
      EAR_TRY(id, created_webhook(call, url));
    }
    EAR_TRY(const Page answer, call.get(webhook_path(id, "/signing_secret")));
    EAR_TRY(const std::string secret, answer.text("/signing_secret/secret"));
    EAR_CHECK(call.secret_put("webhook_secret", secret));
    return Webhook::registered(id);
  }
};

}  // namespace
}  // namespace earshot::plugins

EARSHOT_PLUGIN(earshot::plugins::Zendesk)

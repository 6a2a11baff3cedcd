#include "sandbox/zendesk/zendesk.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include <earshot/core/base/text.hpp>
#include <earshot/core/json/writer.hpp>

#include "sandbox/http_text.hpp"
#include "sandbox/zendesk/comments.hpp"
#include "sandbox/zendesk/export.hpp"
#include "sandbox/zendesk/replies.hpp"

namespace earshot::sandbox {
namespace {

constexpr std::uint64_t kTicketsPerCustomer = 4;
constexpr std::string_view kTokens = "/oauth/tokens";
constexpr std::string_view kCurrentToken = "/api/v2/oauth/tokens/current";
constexpr std::string_view kMe = "/api/v2/users/me";

std::string json_object(
    std::initializer_list<std::pair<std::string_view, std::string_view>> members) {
  core::JsonWriter out;
  out.begin_object();
  for (const auto& [name, text] : members) out.member(name, text);
  out.end_object();
  return out.take();
}

std::string_view without_json(std::string_view path) {
  constexpr std::string_view kSuffix = ".json";
  return path.ends_with(kSuffix) ? path.substr(0, path.size() - kSuffix.size()) : path;
}

/// True if `path` is `pattern`, whose {id} stands for one segment.
bool matches(std::string_view pattern, std::string_view path, std::string_view& id) {
  constexpr std::string_view kId = "{id}";
  const std::size_t hole = pattern.find(kId);
  if (hole == std::string_view::npos) return pattern == path;
  const std::string_view head = pattern.substr(0, hole);
  const std::string_view tail = pattern.substr(hole + kId.size());
  if (!path.starts_with(head) || path.size() <= head.size() + tail.size()) return false;
  if (!path.ends_with(tail)) return false;
  id = path.substr(head.size(), path.size() - head.size() - tail.size());
  return id.find('/') == std::string_view::npos;
}

void add_account_headers(core::HttpHeaders& headers, const PeriodLimit::Standing& standing) {
  headers.add("x-rate-limit", std::to_string(standing.total));
  headers.add("x-rate-limit-remaining", std::to_string(standing.remaining));
  headers.add("ratelimit-limit", std::to_string(standing.total));
  headers.add("ratelimit-remaining", std::to_string(standing.remaining));
  headers.add("ratelimit-reset", std::to_string(standing.resets.count()));
}

void add_export_header(core::HttpHeaders& headers, const PeriodLimit::Standing& standing) {
  headers.add("zendesk-ratelimit-incremental-exports",
              fmt::format("total={}; remaining={}; resets={}", standing.total, standing.remaining,
                          standing.resets.count()));
}

}  // namespace

Zendesk::Zendesk(const ProductSetup& setup, const core::Clock& clock)
    : setup_(setup),
      clock_(clock),
      users_(setup.seed, std::max<std::uint64_t>(20, setup.items / kTicketsPerCustomer)),
      tickets_(setup, users_),
      access_(setup.seed, setup.token_life),
      webhooks_(setup.seed) {}

std::vector<AccessWay> Zendesk::access() const {
  const auto config = [](std::string_view email) {
    return json_object({{"subdomain", "acme"}, {"email", email}});
  };
  const std::string bare = json_object({{"subdomain", "acme"}});
  const std::string token = json_object({{"api_token", access_.api_token()}});
  const auto bearer = [](std::string_view text) { return json_object({{"access_token", text}}); };
  return {{"API token", config(ZendeskAccess::kAdminEmail), token},
          {"OAuth client", bare,
           json_object(
               {{"client_id", access_.client_id()}, {"client_secret", access_.client_secret()}})},
          {"OAuth refresh token", bare,
           json_object({{"client_id", access_.client_id()},
                        {"client_secret", access_.client_secret()},
                        {"refresh_token", access_.refresh_token()}})},
          {"OAuth access token", bare, bearer(access_.admin_token())},
          {"API token of an agent, who may not export", config(ZendeskAccess::kAgentEmail), token},
          {"OAuth access token of an agent", bare, bearer(access_.agent_token())},
          {"OAuth access token without the scope read", bare, bearer(access_.write_only_token())}};
}

const std::vector<Zendesk::Endpoint>& Zendesk::endpoints() {
  static const std::vector<Endpoint> table = {
      {"GET", "/api/v2/incremental/tickets/cursor", "tickets", true, &Zendesk::get_export},
      {"GET", kMe, "users", false, &Zendesk::get_me},
      {"GET", "/api/v2/tickets/count", "tickets", false, &Zendesk::get_count},
      {"GET", "/api/v2/account/settings", "account", true, &Zendesk::get_settings},
      {"GET", "/api/v2/tickets/{id}", "tickets", false, &Zendesk::get_ticket},
      {"GET", "/api/v2/tickets/{id}/comments", "tickets", false, &Zendesk::get_comments},
      {"GET", "/api/v2/users/{id}", "users", false, &Zendesk::get_user},
      {"GET", "/api/v2/webhooks", "webhooks", true, &Zendesk::list_webhooks},
      {"POST", "/api/v2/webhooks", "webhooks", true, &Zendesk::create_webhook},
      {"GET", "/api/v2/webhooks/{id}", "webhooks", true, &Zendesk::get_webhook},
      {"PATCH", "/api/v2/webhooks/{id}", "webhooks", true, &Zendesk::update_webhook},
      {"PUT", "/api/v2/webhooks/{id}", "webhooks", true, &Zendesk::update_webhook},
      {"DELETE", "/api/v2/webhooks/{id}", "webhooks", true, &Zendesk::delete_webhook},
      {"GET", "/api/v2/webhooks/{id}/signing_secret", "webhooks", true, &Zendesk::get_secret},
      {"POST", "/api/v2/webhooks/{id}/signing_secret", "webhooks", true, &Zendesk::reset_secret}};
  return table;
}

const Zendesk::Endpoint* Zendesk::route(std::string_view method, std::string_view path,
                                        std::string_view& id) {
  for (const Endpoint& endpoint : endpoints()) {
    if (endpoint.method == method && matches(endpoint.path, path, id)) return &endpoint;
  }
  return nullptr;
}

core::HttpReply Zendesk::handle(const core::HttpIncoming& request) {
  const std::string_view path = without_json(path_of(request.target));
  if (path == kTokens && request.method == "POST") {
    return access_.issue_token(request, clock_.now());
  }
  if (path == kCurrentToken && request.method == "DELETE") {
    return access_.revoke_token(request.headers);
  }
  std::string_view id;
  const Endpoint* endpoint = route(request.method, path, id);
  if (!endpoint) return no_such_endpoint();
  return answer(*endpoint, {request, query_of(request.target), id, nullptr});
}

core::HttpReply Zendesk::answer(const Endpoint& endpoint, Asked asked) {
  auto who = access_.identify(asked.http.headers, clock_.now());
  if (auto* refusal = std::get_if<core::HttpReply>(&who)) return std::move(*refusal);
  asked.identity = std::get_if<Identity>(&who);
  if (!asked.identity) return endpoint.path == kMe ? get_me(asked) : not_authenticated();
  if (!setup_.limits) return authorized(endpoint, asked);

  const PeriodLimit::Standing standing = account_limit_.take(clock_.now());
  core::HttpReply reply =
      standing.allowed ? authorized(endpoint, asked) : account_limit_exceeded(standing.resets);
  add_account_headers(reply.headers, standing);
  return reply;
}

core::HttpReply Zendesk::authorized(const Endpoint& endpoint, const Asked& asked) {
  if (endpoint.admin_only && !asked.identity->admin) return forbidden_role();
  const std::string_view scope = endpoint.method == "GET" ? "read" : "write";
  if (!has_scope(*asked.identity, endpoint.resource, scope)) return missing_scope(scope);
  return (this->*endpoint.handler)(asked);
}

core::HttpReply Zendesk::failure(int status, std::chrono::seconds retry_after) {
  if (status == 429) return export_limit_exceeded(retry_after);
  return status == 503 ? unavailable(retry_after) : server_error();
}

void Zendesk::warm() {
  tickets_.render_all();
  for (std::uint64_t index = 0; index < users_.count(); ++index) users_.json(index);
}

core::HttpReply Zendesk::get_export(const Asked& asked) {
  if (!setup_.limits) return export_page(asked);
  const PeriodLimit::Standing standing = export_limit_.take(clock_.now());
  core::HttpReply reply =
      standing.allowed ? export_page(asked) : export_limit_exceeded(standing.resets);
  add_export_header(reply.headers, standing);
  return reply;
}

core::HttpReply Zendesk::export_page(const Asked& asked) {
  return export_tickets(tickets_, users_, asked.query, setup_.page_cap,
                        sdk::unix_seconds(clock_.now()));
}

core::HttpReply Zendesk::get_me(const Asked& asked) {
  return json_reply(
      200, fmt::format(R"({{"user":{}}})",
                       asked.identity ? users_.json(asked.identity->user) : anonymous_user_json()));
}

core::HttpReply Zendesk::get_count(const Asked& /*asked*/) {
  return json_reply(200, fmt::format(R"({{"count":{{"value":{},"refreshed_at":"{}"}}}})",
                                     tickets_.live(), utc(sdk::unix_seconds(clock_.now()))));
}

core::HttpReply Zendesk::get_settings(const Asked& /*asked*/) {
  return json_reply(
      200,
      R"({"settings":{"active_features":{"customer_satisfaction":false,"on_hold_status":true,"ticket_forms":true,"ticket_tagging":true,"user_org_fields":true},)"
      R"("api":{"accepted_api_agreement":true,"api_password_access_end_users":true,"api_token_access":"true"}}})");
}

core::HttpReply Zendesk::get_ticket(const Asked& asked) {
  Ticket* ticket = tickets_.find(core::parse_integer(asked.id).value_or(0));
  if (!ticket || ticket->deleted()) return no_such_record();
  return json_reply(200, fmt::format(R"({{"ticket":{}}})", json_of(*ticket, users_)));
}

core::HttpReply Zendesk::get_comments(const Asked& asked) {
  const Ticket* ticket = tickets_.find(core::parse_integer(asked.id).value_or(0));
  if (!ticket || ticket->deleted()) return no_such_record();
  return list_comments(*ticket, users_, asked.query);
}

core::HttpReply Zendesk::get_user(const Asked& asked) {
  const auto index = users_.index(core::parse_integer(asked.id).value_or(0));
  if (!index) return no_such_record();
  return json_reply(200, fmt::format(R"({{"user":{}}})", users_.json(*index)));
}

core::HttpReply Zendesk::list_webhooks(const Asked& asked) {
  return webhooks_.list(asked.query);
}

core::HttpReply Zendesk::create_webhook(const Asked& asked) {
  return webhooks_.create(asked.http, clock_.now());
}

core::HttpReply Zendesk::get_webhook(const Asked& asked) {
  return webhooks_.show(asked.id);
}

core::HttpReply Zendesk::update_webhook(const Asked& asked) {
  return webhooks_.update(asked.id, asked.http, clock_.now());
}

core::HttpReply Zendesk::delete_webhook(const Asked& asked) {
  return webhooks_.remove(asked.id);
}

core::HttpReply Zendesk::get_secret(const Asked& asked) {
  return webhooks_.signing_secret(asked.id);
}

core::HttpReply Zendesk::reset_secret(const Asked& asked) {
  return webhooks_.reset_signing_secret(asked.id);
}

std::unique_ptr<SimulatedProduct> make_zendesk(const ProductSetup& setup,
                                               const core::Clock& clock) {
  return std::make_unique<Zendesk>(setup, clock);
}

}  // namespace earshot::sandbox

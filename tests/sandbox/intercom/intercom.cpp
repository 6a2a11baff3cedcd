#include "sandbox/intercom/intercom.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include <earshot/core/base/text.hpp>
#include <earshot/core/json/writer.hpp>
#include <earshot/sdk/text.hpp>

#include "sandbox/http_text.hpp"

namespace earshot::sandbox {
namespace {

constexpr std::string_view kSearch = "/conversations/search";
constexpr std::uint64_t kConversationsPerContact = 3;
/// What an app is on whose requests do not say: before there was a list of deletions.
constexpr int kDefaultVersion = 2013;
constexpr int kModernVersion = 2016;

std::string json_member(std::string_view name, std::string_view text) {
  core::JsonWriter out;
  out.begin_object();
  out.member(name, text);
  out.end_object();
  return out.take();
}

/// True if `path` is `pattern`, whose {id} stands for one segment.
bool fits(std::string_view pattern, std::string_view path, std::string_view& id) {
  constexpr std::string_view kId = "{id}";
  if (!pattern.ends_with(kId)) return pattern == path;
  const std::string_view head = pattern.substr(0, pattern.size() - kId.size());
  if (!path.starts_with(head) || path.size() == head.size()) return false;
  id = path.substr(head.size());
  return id.find('/') == std::string_view::npos;
}

/// 2014 for "2.14"; nothing for a version that there is none of.
std::optional<int> version_of(std::string_view text) {
  if (text.empty()) return kDefaultVersion;
  const std::vector<std::string_view> parts = core::split(text, '.');
  if (parts.size() != 2) return {};
  const auto major = core::parse_integer(parts[0]);
  const auto minor = core::parse_integer(parts[1]);
  const bool known =
      (major == 1 && minor >= 0 && minor <= 4) || (major == 2 && minor >= 0 && minor <= 16);
  return known ? std::optional(static_cast<int>(*major * 1000 + *minor)) : std::nullopt;
}

bool takes_json(const core::HttpHeaders& headers) {
  const std::string accepted = core::lower(headers.get("accept"));
  return accepted.empty() || accepted.find("application/json") != std::string::npos ||
         accepted.find("*/*") != std::string::npos;
}

}  // namespace

Intercom::Intercom(const ProductSetup& setup, const core::Clock& clock)
    : setup_(setup),
      clock_(clock),
      people_(setup.seed, std::max<std::uint64_t>(20, setup.items / kConversationsPerContact)),
      book_(setup, people_),
      lists_(book_, people_, refusals_, setup.page_cap),
      access_(setup.seed) {}

std::vector<AccessWay> Intercom::access() const {
  const auto with = [](std::string_view token) { return json_member("access_token", token); };
  return {{"Access token", "{}", with(access_.token())},
          {"Access token that may not read conversations", "{}",
           with(access_.token_without_conversations())},
          {"Access token that may not read users and companies", "{}",
           with(access_.token_without_people())},
          {"Access token that was revoked", "{}", with(access_.revoked_token())},
          {"Access token of another region", "{}", with(access_.foreign_token())}};
}

const std::vector<Intercom::Endpoint>& Intercom::endpoints() {
  static const std::vector<Endpoint> table = {
      {"GET", "/me", Needs::nothing, &Intercom::get_me},
      {"POST", kSearch, Needs::conversations, &Intercom::search},
      {"GET", "/conversations", Needs::conversations, &Intercom::list},
      {"GET", "/conversations/deleted", Needs::conversations, &Intercom::list_deleted},
      {"GET", "/conversations/{id}", Needs::conversations, &Intercom::get_conversation},
      {"GET", "/contacts/{id}", Needs::people, &Intercom::get_contact},
      {"GET", "/companies/{id}", Needs::people, &Intercom::get_company}};
  return table;
}

const Intercom::Endpoint* Intercom::route(std::string_view method, std::string_view path,
                                          std::string_view& id) {
  for (const Endpoint& endpoint : endpoints()) {
    if (endpoint.method == method && fits(endpoint.path, path, id)) return &endpoint;
  }
  return nullptr;
}

core::HttpReply Intercom::handle(const core::HttpIncoming& request) {
  if (!takes_json(request.headers)) return refusals_.not_acceptable();
  auto who = access_.identify(request.headers, refusals_);
  if (auto* refusal = std::get_if<core::HttpReply>(&who)) return std::move(*refusal);
  return identified(request, std::get<IntercomGrant>(who));
}

core::HttpReply Intercom::identified(const core::HttpIncoming& request,
                                     const IntercomGrant& grant) {
  if (!setup_.limits) return answer(request, grant);
  const TenSecondLimit::Standing standing = limit_.take(clock_.now());
  core::HttpReply reply =
      standing.allowed ? answer(request, grant) : refusals_.rate_limited(standing.total);
  add_limit_headers(reply.headers, standing);
  return reply;
}

void Intercom::add_limit_headers(core::HttpHeaders& headers,
                                 const TenSecondLimit::Standing& standing) {
  headers.add("x-ratelimit-limit", std::to_string(standing.total));
  headers.add("x-ratelimit-remaining", std::to_string(standing.remaining));
  headers.add("x-ratelimit-reset", std::to_string(standing.resets));
}

core::HttpReply Intercom::answer(const core::HttpIncoming& request, const IntercomGrant& grant) {
  const auto version = version_of(request.headers.get("intercom-version"));
  if (!version) return refusals_.version_invalid();
  std::string_view id;
  const Endpoint* endpoint = route(request.method, path_of(request.target), id);
  if (!endpoint) return refusals_.not_found();
  return granted(*endpoint, {request, query_of(request.target), id, *version}, grant);
}

core::HttpReply Intercom::granted(const Endpoint& endpoint, const Asked& asked,
                                  const IntercomGrant& grant) {
  if (endpoint.needs == Needs::conversations && !grant.conversations) {
    return refusals_.missing_scope("read_conversations");
  }
  if (endpoint.needs == Needs::people && !grant.people) {
    return refusals_.missing_scope("read_users");
  }
  if (endpoint.method == "POST" && media_type(asked.http.headers) != "application/json") {
    return refusals_.bad_request("The Content-Type header should be application/json");
  }
  return (this->*endpoint.handler)(asked);
}

bool Intercom::reads(const core::HttpIncoming& request) const {
  return request.method == "GET" || path_of(request.target) == kSearch;
}

/// The limit says for how long in its headers, and nowhere else.
core::HttpReply Intercom::failure(int status, std::chrono::seconds retry_after) {
  if (status == 500) return refusals_.server_error();
  if (status == 503) return refusals_.unavailable();
  core::HttpReply reply = refusals_.rate_limited(limit_.total());
  add_limit_headers(reply.headers,
                    {.allowed = false,
                     .total = limit_.total(),
                     .remaining = 0,
                     .resets = sdk::unix_seconds(clock_.now()) + retry_after.count()});
  return reply;
}

void Intercom::warm() {
  book_.render_all();
  for (std::uint64_t contact = 0; contact < people_.count(); ++contact) people_.json(contact);
}

core::HttpReply Intercom::get_me(const Asked& /*asked*/) {
  return json_reply(200, people_.me_json());
}

core::HttpReply Intercom::search(const Asked& asked) {
  return lists_.search(asked.http.body, asked.version >= kModernVersion,
                       sdk::unix_seconds(clock_.now()));
}

core::HttpReply Intercom::list(const Asked& asked) {
  return lists_.list(asked.query, asked.version >= kModernVersion, sdk::unix_seconds(clock_.now()));
}

core::HttpReply Intercom::list_deleted(const Asked& asked) {
  if (asked.version < kModernVersion) return refusals_.version_invalid();
  return lists_.deleted(asked.query, sdk::unix_seconds(clock_.now()));
}

core::HttpReply Intercom::get_conversation(const Asked& asked) {
  Conversation* conversation = book_.find(core::parse_integer(asked.id).value_or(0));
  if (!conversation) return refusals_.not_found();
  for (const auto& [name, value] : asked.query) {
    if (name == "display_as" && value == "plaintext") continue;
    return refusals_.parameter_invalid(fmt::format("Parameter {} is not known", name));
  }
  const bool modern = asked.version >= kModernVersion;
  const bool plain = asked.query.find("display_as").has_value();
  if (modern && !plain) return json_reply(200, whole_json(*conversation, people_));
  return json_reply(200, conversation_json(*conversation, people_,
                                           {.modern = modern, .parts = true, .plain = plain}));
}

core::HttpReply Intercom::get_contact(const Asked& asked) {
  const auto contact = people_.index(asked.id);
  if (!contact || people_.standing(*contact) == IntercomPeople::Standing::gone) {
    return refusals_.contact_not_found();
  }
  if (people_.standing(*contact) == IntercomPeople::Standing::merged) {
    return refusals_.merged_into(IntercomPeople::id(0));
  }
  return json_reply(200, people_.json(*contact));
}

core::HttpReply Intercom::get_company(const Asked& asked) {
  const auto company = IntercomPeople::company_index(asked.id);
  if (!company) return refusals_.company_not_found();
  return json_reply(200, IntercomPeople::company_json(*company));
}

std::unique_ptr<SimulatedProduct> make_intercom(const ProductSetup& setup,
                                                const core::Clock& clock) {
  return std::make_unique<Intercom>(setup, clock);
}

}  // namespace earshot::sandbox

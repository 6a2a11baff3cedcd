#include "manifest_content.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <earshot/core/base/time.hpp>

namespace earshot::core {
namespace {

using Scheme = AuthAlternative::Scheme;
using Class = ErrorRule::Class;
using Reset = LimitHeaders::ResetUnit;

template <typename Enum, std::size_t Size>
using Words = std::array<std::pair<std::string_view, Enum>, Size>;

constexpr Words<Scheme, 6> kSchemes{
    {{"basic", Scheme::basic},
     {"bearer", Scheme::bearer},
     {"header", Scheme::header},
     {"query", Scheme::query},
     {"oauth2_client_credentials", Scheme::oauth2_client_credentials},
     {"oauth2_refresh_token", Scheme::oauth2_refresh_token}}};

constexpr Words<Class, 11> kClasses{{{"ok", Class::ok},
                                     {"empty", Class::empty},
                                     {"retry", Class::retry},
                                     {"rate_limited", Class::rate_limited},
                                     {"quota", Class::quota},
                                     {"auth", Class::auth},
                                     {"auth_expired", Class::auth_expired},
                                     {"forbidden", Class::forbidden},
                                     {"not_found", Class::not_found},
                                     {"bad_cursor", Class::bad_cursor},
                                     {"fail", Class::fail}}};

constexpr Words<Reset, 4> kResets{{{"seconds", Reset::seconds},
                                   {"epoch", Reset::epoch},
                                   {"ms", Reset::milliseconds},
                                   {"date", Reset::date}}};

template <typename Enum, std::size_t Size>
Enum word(const Words<Enum, Size>& words, JsonValue value, Enum otherwise) {
  const auto* const found = std::find_if(
      words.begin(), words.end(), [&](const auto& entry) { return entry.first == value.text(); });
  return found == words.end() ? otherwise : found->second;
}

std::string text(JsonValue object, std::string_view member, std::string_view otherwise = {}) {
  const JsonValue value = object.member(member);
  return std::string(value.exists() ? value.text() : otherwise);
}

std::vector<std::string> texts(JsonValue list) {
  std::vector<std::string> out;
  for (const JsonValue element : list) out.emplace_back(element.text());
  return out;
}

std::vector<std::string> names(JsonValue object) {
  std::vector<std::string> out;
  for (const JsonValue member : object) out.emplace_back(member.key());
  return out;
}

/// A text, or a list of its lines.
std::string lines(JsonValue value) {
  if (!value.is_array()) return std::string(value.text());
  std::string out;
  for (const JsonValue line : value) {
    if (!out.empty()) out += '\n';
    out += line.text();
  }
  return out;
}

Endpoint endpoint(JsonValue value) {
  if (value.is_string()) return {.url = std::string(value.text())};
  Endpoint out{.url = text(value, "url"),
               .suffixes = texts(value.member("suffixes")),
               .aliases = texts(value.member("aliases"))};
  for (const JsonValue header : value.member("headers")) {
    out.headers.emplace(header.key(), header.text());
  }
  return out;
}

AuthAlternative auth(JsonValue value) {
  AuthAlternative out;
  out.scheme = word(kSchemes, value.member("scheme"), Scheme::bearer);
  out.title = text(value, "title", text(value, "scheme"));
  out.username = text(value, "username");
  out.password = text(value, "password");
  out.token = text(value, "token");
  out.name = text(value, "name");
  out.value = text(value, "value");
  out.token_url = text(value, "token_url");
  out.client_id = text(value, "client_id", out.client_id);
  out.client_secret = text(value, "client_secret", out.client_secret);
  out.refresh_token = text(value, "refresh_token", out.refresh_token);
  out.scope = text(value, "scope");
  out.token_request_json = text(value, "token_request") == "json";
  out.required = texts(value.member("requires"));
  return out;
}

LimitHeaders limit_headers(JsonValue value) {
  LimitHeaders out;
  out.limit = text(value, "limit");
  out.remaining = text(value, "remaining");
  out.used = text(value, "used");
  out.reset = text(value, "reset");
  out.reset_is = word(kResets, value.member("reset_is"), Reset::seconds);
  out.field_of = text(value, "field");
  out.per = parse_duration(value.member("per").text()).value_or(Micros{});
  return out;
}

std::optional<std::uint32_t> count(JsonValue value) {
  const std::optional<std::int64_t> number = value.integer();
  return number ? std::optional(static_cast<std::uint32_t>(*number)) : std::nullopt;
}

LimitRule limit(JsonValue value) {
  LimitRule out;
  out.bucket = text(value, "bucket");
  out.match = text(value, "match");
  out.requests = count(value.member("requests")).value_or(1);
  out.per = parse_duration(value.member("per").text()).value_or(Micros{});
  out.burst = count(value.member("burst"));
  out.fixed_window = text(value, "window") == "fixed";
  out.scope = text(value, "scope") == "integration" ? LimitRule::Scope::integration
                                                    : LimitRule::Scope::account;
  out.per_key = value.member("per_key").truthy();
  out.status = static_cast<int>(value.member("status").integer().value_or(out.status));
  out.headers = limit_headers(value.member("headers"));
  return out;
}

ErrorRule error(JsonValue value) {
  const JsonValue when = value.member("when");
  ErrorRule out;
  if (const auto status = when.member("status").integer()) out.status = static_cast<int>(*status);
  out.match = text(when, "match");
  out.body_contains = text(when, "body_contains");
  out.at = text(when, "at");
  if (when.member("equals").exists()) out.equals = when.member("equals").dump();
  const JsonValue outcome = value.member("class");
  if (outcome.exists()) out.outcome = word(kClasses, outcome, Class::fail);
  out.code_at = text(value, "code_at");
  for (const JsonValue code : value.member("map")) {
    out.codes.emplace(code.key(), word(kClasses, code, Class::fail));
  }
  out.message_at = text(value, "message_at");
  out.whole_account = text(value, "scope") == "account";
  return out;
}

CacheRule cache(JsonValue value) {
  return {.match = text(value, "match"),
          .ttl = parse_duration(value.member("ttl").text()).value_or(Micros{})};
}

LinkRule link(JsonValue value) {
  LinkRule out;
  out.at = text(value, "at");
  out.anywhere = value.member("hosts").is_string();
  if (!out.anywhere) out.hosts = texts(value.member("hosts"));
  if (value.member("methods").exists()) out.methods = texts(value.member("methods"));
  const std::optional<std::int64_t> most = value.member("max_bytes").integer();
  if (most) out.max_bytes = static_cast<std::uint64_t>(*most);
  return out;
}

void read_identity(JsonValue root, Manifest& out) {
  const JsonValue docs = root.member("vendor_docs");
  out.name = text(root, "name");
  out.title = text(root, "title");
  out.version = text(root, "version");
  out.abi = text(root, "abi", "1.0");
  out.vendor_docs = docs.is_object() ? text(docs, "url") : std::string(docs.text());
  out.vendor_docs_read = text(docs, "read", text(root, "vendor_docs_read"));
  out.needs = texts(root.member("needs"));
  out.provides = texts(root.member("provides"));
  out.reads_secrets = texts(root.member("reads_secrets"));
  out.setup = lines(root.member("setup"));
  out.fiber_safe = root.member("fiber_safe").truthy();
  out.idempotency_header = text(root, "idempotency_header");
}

}  // namespace

Manifest manifest_content(std::shared_ptr<const JsonDocument> document) {
  const JsonValue root = document->root();
  Manifest out;
  read_identity(root, out);
  for (const JsonValue each : root.member("endpoints")) {
    out.endpoints.emplace(each.key(), endpoint(each));
  }
  for (const JsonValue each : root.member("auth")) out.auth.push_back(auth(each));
  for (const JsonValue each : root.member("limits")) out.limits.push_back(limit(each));
  for (const JsonValue each : root.member("errors")) out.errors.push_back(error(each));
  for (const JsonValue each : root.member("cache")) out.cache.push_back(cache(each));
  for (const JsonValue each : root.member("links")) out.links.emplace(each.key(), link(each));
  out.events = names(root.member("webhooks").member("events"));
  out.actions = names(root.member("actions"));
  out.document = std::move(document);
  return out;
}

}  // namespace earshot::core

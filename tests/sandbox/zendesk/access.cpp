#include "sandbox/zendesk/access.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <earshot/core/base/text.hpp>
#include <earshot/core/json/document.hpp>
#include <earshot/core/json/writer.hpp>

#include "sandbox/http_text.hpp"
#include "sandbox/zendesk/replies.hpp"

namespace earshot::sandbox {
namespace {

using std::chrono::seconds;

constexpr seconds kShortestLife{300};
constexpr seconds kLongestLife{172'800};
constexpr seconds kShortestRefresh{604'800};
constexpr seconds kRefresh{2'592'000};
constexpr seconds kLongestRefresh{7'776'000};

std::string letters(core::Random& random, std::size_t size) {
  static constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  std::string out;
  while (out.size() < size) out += kAlphabet[random.below(kAlphabet.size())];
  return out;
}

std::string hex_digits(core::Random& random, std::size_t size) {
  std::string out;
  while (out.size() < size) out += fmt::format("{:x}", random.below(16));
  return out;
}

/// The members of a token request, sent as JSON or as a form.
Parameters token_parameters(const core::HttpIncoming& request) {
  if (media_type(request.headers) == "application/x-www-form-urlencoded") {
    return Parameters::parse(request.body);
  }
  Parameters out;
  if (media_type(request.headers) != "application/json") return out;
  const auto document = core::JsonDocument::parse(request.body);
  if (!document) return out;
  for (const core::JsonValue member : document.value()->root()) {
    out.add(std::string(member.key()), std::string(member.text()));
  }
  return out;
}

core::HttpReply oauth_error(int status, std::string_view error, std::string_view description) {
  core::JsonWriter out;
  out.begin_object();
  out.member("error", error);
  out.member("error_description", description);
  out.end_object();
  return json_reply(status, out.take());
}

std::set<std::string> scope_set(std::string_view text) {
  std::set<std::string> out;
  for (const std::string_view scope : core::split(text, ' ')) {
    if (!scope.empty()) out.emplace(scope);
  }
  return out;
}

std::string scope_text(const Identity& identity) {
  if (!identity.scopes) return "read write";
  std::string out;
  for (const std::string& scope : *identity.scopes) out += (out.empty() ? "" : " ") + scope;
  return out;
}

/// Nothing where it is none, or out of bounds.
std::optional<seconds> life_asked_for(const Parameters& parameters, std::string_view name,
                                      seconds standard, seconds shortest, seconds longest) {
  const auto text = parameters.find(name);
  if (!text) return standard;
  const auto asked = core::parse_integer(*text);
  if (!asked || *asked < shortest.count() || *asked > longest.count()) return {};
  return seconds(*asked);
}

}  // namespace

ZendeskAccess::ZendeskAccess(std::uint64_t seed, seconds token_life)
    : random_(seed ^ 0xacce55), token_life_(token_life.count() > 0 ? token_life : kLongestLife) {
  api_token_ = letters(random_, 40);
  client_id_ = "earshot_sandbox";
  client_secret_ = hex_digits(random_, 64);
  admin_token_ = hex_digits(random_, 64);
  agent_token_ = hex_digits(random_, 64);
  write_only_token_ = hex_digits(random_, 64);
  refresh_token_ = hex_digits(random_, 64);
  renewals_[refresh_token_] = {{0, true, std::set<std::string>{"read", "write"}}, {}, {}};
  grants_[admin_token_] = {{0, true, {}}, {}};
  grants_[agent_token_] = {{1, false, {}}, {}};
  grants_[write_only_token_] = {{0, true, std::set<std::string>{"write"}}, {}};
}

std::variant<Identity, Anonymous, core::HttpReply> ZendeskAccess::identify(
    const core::HttpHeaders& headers, core::Time now) const {
  const std::string_view field = core::trim(headers.get("authorization"));
  if (field.empty()) return Anonymous{};
  const std::size_t space = field.find(' ');
  const std::string scheme = core::lower(field.substr(0, space));
  const std::string_view value =
      space == std::string_view::npos ? "" : core::trim(field.substr(space));
  if (scheme == "basic") return identify_basic(value);
  if (scheme == "bearer") return identify_bearer(value, now);
  return not_authenticated();
}

std::variant<Identity, Anonymous, core::HttpReply> ZendeskAccess::identify_basic(
    std::string_view encoded) const {
  const std::optional<std::string> pair = core::base64_decode(encoded);
  if (!pair || pair->find(':') == std::string::npos) return not_authenticated();
  const std::size_t colon = pair->find(':');
  const std::string_view user = std::string_view(*pair).substr(0, colon);
  const std::string_view password = std::string_view(*pair).substr(colon + 1);
  constexpr std::string_view kTokenSuffix = "/token";
  if (!user.ends_with(kTokenSuffix)) return Anonymous{};  // a password, and never the right one
  if (password != api_token_) return not_authenticated();
  const std::string_view email = user.substr(0, user.size() - kTokenSuffix.size());
  if (email == kAdminEmail) return Identity{.user = 0, .admin = true};
  if (email == kAgentEmail) return Identity{.user = 1, .admin = false};
  return not_authenticated();
}

std::variant<Identity, Anonymous, core::HttpReply> ZendeskAccess::identify_bearer(
    std::string_view token, core::Time now) const {
  const auto grant = grants_.find(token);
  if (grant == grants_.end()) return bad_access_token();
  if (grant->second.until && *grant->second.until <= now) return bad_access_token();
  return grant->second.identity;
}

core::HttpReply ZendeskAccess::issue_token(const core::HttpIncoming& request, core::Time now) {
  const Parameters parameters = token_parameters(request);
  const auto value = [&](std::string_view name) { return parameters.find(name).value_or(""); };
  if (value("grant_type").empty()) {
    return oauth_error(400, "invalid_request", "The parameter grant_type is missing.");
  }
  if (value("client_id") != client_id_ || value("client_secret") != client_secret_) {
    return oauth_error(401, "invalid_client", "The client is unknown or its secret is wrong.");
  }
  const std::string_view type = value("grant_type");
  if (type != "client_credentials" && type != "authorization_code" && type != "refresh_token") {
    return oauth_error(400, "unsupported_grant_type", "This grant type is not supported.");
  }
  const std::optional<Lives> lives = lives_asked_for(parameters);
  if (!lives) {
    return oauth_error(400, "invalid_request",
                       "expires_in takes 300 to 172800 seconds, refresh_token_expires_in 604800 to "
                       "7776000.");
  }
  std::optional<Identity> identity = redeem(parameters, now);
  if (!identity) {
    return oauth_error(400, "invalid_grant", "The grant is invalid, expired or revoked.");
  }
  if (const auto scope = parameters.find("scope")) identity->scopes = scope_set(*scope);
  return grant(*std::move(identity), *lives, type != "client_credentials", now);
}

std::optional<ZendeskAccess::Lives> ZendeskAccess::lives_asked_for(
    const Parameters& parameters) const {
  const auto access =
      life_asked_for(parameters, "expires_in", token_life_, kShortestLife, kLongestLife);
  const auto refresh = life_asked_for(parameters, "refresh_token_expires_in", kRefresh,
                                      kShortestRefresh, kLongestRefresh);
  if (!access || !refresh) return {};
  return Lives{*access, *refresh};
}

/// Who the grant stands for; a refresh token is used up, and its access token ends with it.
std::optional<Identity> ZendeskAccess::redeem(const Parameters& parameters, core::Time now) {
  const std::string type(parameters.find("grant_type").value_or(""));
  const Identity admin{0, true, std::set<std::string>{"read", "write"}};
  if (type == "client_credentials") return admin;
  if (type == "authorization_code") {
    if (parameters.find("code").value_or("") != kAuthorizationCode) return {};
    return admin;
  }
  const auto renewal = renewals_.find(parameters.find("refresh_token").value_or(""));
  if (renewal == renewals_.end()) return {};
  const Renewal used = renewals_.extract(renewal).mapped();
  grants_.erase(used.access);
  if (used.until && *used.until <= now) return {};
  return used.identity;
}

core::HttpReply ZendeskAccess::grant(Identity identity, const Lives& lives, bool renewable,
                                     core::Time now) {
  const std::string token = hex_digits(random_, 64);
  std::optional<std::string> refresh;
  if (renewable) {
    refresh = hex_digits(random_, 64);
    renewals_[*refresh] = {identity, now + lives.refresh, token};
  }
  core::JsonWriter out;
  out.begin_object();
  out.member("access_token", token);
  out.member("refresh_token", refresh);
  out.member("token_type", "bearer");
  out.member("scope", scope_text(identity));
  out.member("expires_in", std::int64_t{lives.access.count()});
  if (renewable) out.member("refresh_token_expires_in", std::int64_t{lives.refresh.count()});
  out.end_object();
  grants_[token] = {std::move(identity), now + lives.access};
  return json_reply(200, out.take());
}

core::HttpReply ZendeskAccess::revoke_token(const core::HttpHeaders& headers) {
  const std::string_view field = core::trim(headers.get("authorization"));
  const std::size_t space = field.find(' ');
  const std::string_view token =
      space == std::string_view::npos ? "" : core::trim(field.substr(space));
  const auto grant = grants_.find(token);
  if (core::lower(field.substr(0, space)) != "bearer" || grant == grants_.end()) {
    return bad_access_token();
  }
  std::erase_if(renewals_, [&](const auto& renewal) { return renewal.second.access == token; });
  grants_.erase(grant);
  return core::HttpReply{.status = 204};
}

bool has_scope(const Identity& identity, std::string_view resource, std::string_view scope) {
  if (!identity.scopes) return true;
  return identity.scopes->contains(std::string(scope)) ||
         identity.scopes->contains(fmt::format("{}:{}", resource, scope));
}

}  // namespace earshot::sandbox

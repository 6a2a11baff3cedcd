#include "sandbox/surveymonkey/access.hpp"

#include <fmt/format.h>

#include <earshot/core/base/random.hpp>
#include <earshot/core/base/text.hpp>

namespace earshot::sandbox {
namespace {

constexpr std::string_view kScopes[] = {
    "users_read",    "surveys_read",  "collectors_read", "responses_read", "responses_read_detail",
    "webhooks_read", "webhooks_write"};

std::string letters(core::Random& random, std::size_t size) {
  static constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.";
  std::string out;
  while (out.size() < size) out += kAlphabet[random.below(kAlphabet.size())];
  return out;
}

MonkeyGrant all_but(std::initializer_list<std::string_view> missing) {
  MonkeyGrant grant;
  for (const std::string_view scope : kScopes) grant.scopes.emplace(scope);
  for (const std::string_view scope : missing) grant.scopes.erase(std::string(scope));
  return grant;
}

/// The token of "bearer TOKEN", or nothing.
std::string_view bearer_token(const core::HttpHeaders& headers) {
  const std::string_view field = core::trim(headers.get("authorization"));
  const std::size_t space = field.find(' ');
  if (space == std::string_view::npos || !core::iequals(field.substr(0, space), "bearer"))
    return {};
  return core::trim(field.substr(space));
}

}  // namespace

SurveyMonkeyAccess::SurveyMonkeyAccess(std::uint64_t seed) {
  core::Random random(seed ^ 0x50f7e3);
  for (const std::string_view role : kRoles) {
    const std::string token = letters(random, 90);
    tokens_.emplace(role, token);
    roles_.emplace(token, role);
  }
  grants_["full"] = all_but({});
  grants_["nameless"] = all_but({"users_read"});
  grants_["without_details"] = all_but({"responses_read_detail"});
  grants_["free"] = all_but({"responses_read_detail"});
  grants_["free"].paid = false;
  grants_["reading"] = all_but({"webhooks_read", "webhooks_write"});
  while (client_secret_.size() < 39) client_secret_ += fmt::format("{}", random.below(10));
}

const std::string& SurveyMonkeyAccess::token(std::string_view role) const {
  return tokens_.find(role)->second;
}

std::variant<const MonkeyGrant*, core::HttpReply> SurveyMonkeyAccess::identify(
    const core::HttpHeaders& headers) const {
  const std::string_view token = bearer_token(headers);
  if (token.empty()) return monkey_error(MonkeyError::no_token);
  const auto role = roles_.find(token);
  if (role == roles_.end()) return monkey_error(MonkeyError::wrong_token);
  if (role->second == "elsewhere") return monkey_error(MonkeyError::wrong_region);
  if (role->second == "expired") return monkey_error(MonkeyError::expired_token);
  if (role->second == "revoked") return monkey_error(MonkeyError::revoked_token);
  if (role->second == "revoked_grant") return revoked_grant();
  return &grants_.find(role->second)->second;
}

std::string available_scopes() {
  return fmt::format("{}", fmt::join(kScopes, ","));
}

std::string granted_scopes(const MonkeyGrant& grant) {
  return fmt::format("{}", fmt::join(grant.scopes, ","));
}

}  // namespace earshot::sandbox

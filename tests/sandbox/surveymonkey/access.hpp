#pragma once

/// Access tokens of the simulated account, and what each may do.

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <variant>

#include <earshot/core/http/server.hpp>

#include "sandbox/surveymonkey/replies.hpp"

namespace earshot::sandbox {

/// What a token was granted.
struct MonkeyGrant {
  std::set<std::string, std::less<>> scopes;
  bool paid = true;  ///< Details of responses take a paid plan.
};

/// [one thread at a time]
class SurveyMonkeyAccess {
 public:
  explicit SurveyMonkeyAccess(std::uint64_t seed);

  /// What the request's token opens, or how it is refused.
  [[nodiscard]] std::variant<const MonkeyGrant*, core::HttpReply> identify(
      const core::HttpHeaders& headers) const;

  /// A token by its role, such as "full". Roles are those of `kRoles`.
  [[nodiscard]] const std::string& token(std::string_view role) const;
  static constexpr std::string_view kRoles[] = {"full",    "nameless", "without_details",
                                                "free",    "reading",  "elsewhere",
                                                "expired", "revoked",  "revoked_grant"};
  static constexpr std::string_view kClientId = "vQ3kXh0aRZ2lJ5mB7nT9uw";
  [[nodiscard]] const std::string& client_secret() const noexcept { return client_secret_; }

 private:
  std::map<std::string, std::string, std::less<>> tokens_;  ///< By role.
  std::map<std::string, std::string, std::less<>> roles_;   ///< By token.
  std::map<std::string, MonkeyGrant, std::less<>> grants_;  ///< By role.
  std::string client_secret_;
};

/// All scopes that the account could grant, as the header lists them.
[[nodiscard]] std::string available_scopes();
[[nodiscard]] std::string granted_scopes(const MonkeyGrant& grant);

}  // namespace earshot::sandbox

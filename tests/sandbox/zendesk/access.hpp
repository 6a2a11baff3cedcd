#pragma once

/// Who may do what in the simulated account: API token, password, OAuth.

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>

#include <earshot/core/base/random.hpp>
#include <earshot/core/http/server.hpp>

#include "sandbox/http_text.hpp"

namespace earshot::sandbox {

/// A signed-in agent. Without `scopes` everything that the role allows.
struct Identity {
  std::uint64_t user = 0;  ///< Index of the user: 0 the administrator, 1 an agent.
  bool admin = false;
  std::optional<std::set<std::string>> scopes{};
};

/// Nobody: no credentials, or a password that is not right.
struct Anonymous {};

/// Issues and checks credentials. [one thread at a time]
class ZendeskAccess {
 public:
  /// `token_life` of 0 stands for the longest that Zendesk grants, two days.
  ZendeskAccess(std::uint64_t seed, std::chrono::seconds token_life);

  [[nodiscard]] std::variant<Identity, Anonymous, core::HttpReply> identify(
      const core::HttpHeaders& headers, core::Time now) const;
  /// POST /oauth/tokens.
  [[nodiscard]] core::HttpReply issue_token(const core::HttpIncoming& request, core::Time now);
  /// DELETE /api/v2/oauth/tokens/current: the token that the request bears, and its refresh token.
  [[nodiscard]] core::HttpReply revoke_token(const core::HttpHeaders& headers);

  static constexpr std::string_view kAdminEmail = "ops@acme.example";
  static constexpr std::string_view kAgentEmail = "agent@acme.example";
  /// Stands for an administrator's authorization in the browser, again and again.
  static constexpr std::string_view kAuthorizationCode = "sandbox-code";
  [[nodiscard]] const std::string& api_token() const noexcept { return api_token_; }
  [[nodiscard]] const std::string& client_id() const noexcept { return client_id_; }
  [[nodiscard]] const std::string& client_secret() const noexcept { return client_secret_; }
  /// A refresh token that nobody has used yet.
  [[nodiscard]] const std::string& refresh_token() const noexcept { return refresh_token_; }
  /// Access tokens that do not expire: all scopes, an agent's, and one that may only write.
  [[nodiscard]] const std::string& admin_token() const noexcept { return admin_token_; }
  [[nodiscard]] const std::string& agent_token() const noexcept { return agent_token_; }
  [[nodiscard]] const std::string& write_only_token() const noexcept { return write_only_token_; }

 private:
  struct Grant {
    Identity identity;
    std::optional<core::Time> until{};
  };
  /// What a refresh token is good for, once.
  struct Renewal {
    Identity identity;
    std::optional<core::Time> until{};
    std::string access{};  ///< The token that ends with it.
  };
  struct Lives {
    std::chrono::seconds access;
    std::chrono::seconds refresh;
  };
  /// Nothing where the request asks for more or less than Zendesk gives.
  [[nodiscard]] std::optional<Lives> lives_asked_for(const Parameters& parameters) const;
  [[nodiscard]] std::optional<Identity> redeem(const Parameters& parameters, core::Time now);
  [[nodiscard]] core::HttpReply grant(Identity identity, const Lives& lives, bool renewable,
                                      core::Time now);
  [[nodiscard]] std::variant<Identity, Anonymous, core::HttpReply> identify_basic(
      std::string_view encoded) const;
  [[nodiscard]] std::variant<Identity, Anonymous, core::HttpReply> identify_bearer(
      std::string_view token, core::Time now) const;

  core::Random random_;
  std::chrono::seconds token_life_;
  std::string api_token_;
  std::string client_id_;
  std::string client_secret_;
  std::string admin_token_;
  std::string agent_token_;
  std::string write_only_token_;
  std::string refresh_token_;
  std::map<std::string, Grant, std::less<>> grants_;
  std::map<std::string, Renewal, std::less<>> renewals_;
};

/// True if the identity may do what `scope` ("read", "write") covers on `resource` ("tickets").
[[nodiscard]] bool has_scope(const Identity& identity, std::string_view resource,
                             std::string_view scope);

}  // namespace earshot::sandbox

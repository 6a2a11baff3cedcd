#pragma once

/// Who may do what in the simulated workspace: access tokens and their permissions.

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include <earshot/core/http/server.hpp>

#include "sandbox/intercom/replies.hpp"

namespace earshot::sandbox {

/// What a token opens.
struct IntercomGrant {
  bool conversations = true;
  bool people = true;  ///< Users and companies.
};

class IntercomAccess {
 public:
  explicit IntercomAccess(std::uint64_t seed);

  [[nodiscard]] std::variant<IntercomGrant, core::HttpReply> identify(
      const core::HttpHeaders& headers, IntercomRefusals& refusals) const;

  [[nodiscard]] const std::string& token() const noexcept { return token_; }
  [[nodiscard]] const std::string& token_without_conversations() const noexcept {
    return blind_token_;
  }
  [[nodiscard]] const std::string& token_without_people() const noexcept { return shy_token_; }
  [[nodiscard]] const std::string& revoked_token() const noexcept { return revoked_token_; }
  /// Of a workspace in another region, which is unknown here.
  [[nodiscard]] const std::string& foreign_token() const noexcept { return foreign_token_; }

 private:
  std::string token_;
  std::string blind_token_;
  std::string shy_token_;
  std::string revoked_token_;
  std::string foreign_token_;
};

}  // namespace earshot::sandbox

#include "sandbox/intercom/access.hpp"

#include <earshot/core/base/random.hpp>
#include <earshot/core/base/text.hpp>

namespace earshot::sandbox {
namespace {

/// Tokens look like base64 that begins with "tok:".
std::string new_token(core::Random& random) {
  static constexpr std::string_view kHex = "0123456789abcdef";
  std::string inside = "tok:";
  while (inside.size() < 44) inside += kHex[random.below(kHex.size())];
  return core::base64_encode(inside);
}

}  // namespace

IntercomAccess::IntercomAccess(std::uint64_t seed) {
  core::Random random(seed ^ 0x1a7e2c03);
  for (std::string* token :
       {&token_, &blind_token_, &shy_token_, &revoked_token_, &foreign_token_}) {
    *token = new_token(random);
  }
}

std::variant<IntercomGrant, core::HttpReply> IntercomAccess::identify(
    const core::HttpHeaders& headers, IntercomRefusals& refusals) const {
  constexpr std::string_view kScheme = "bearer ";
  const std::string_view field = core::trim(headers.get("authorization"));
  if (!core::lower(field.substr(0, kScheme.size())).starts_with(kScheme)) {
    return refusals.unauthorized();
  }
  const std::string_view token = core::trim(field.substr(kScheme.size()));
  if (token == token_) return IntercomGrant{};
  if (token == blind_token_) return IntercomGrant{.conversations = false};
  if (token == shy_token_) return IntercomGrant{.people = false};
  return token == revoked_token_ ? refusals.revoked() : refusals.unauthorized();
}

}  // namespace earshot::sandbox

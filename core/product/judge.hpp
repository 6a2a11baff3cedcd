#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include <earshot/core/product/product_client.hpp>

namespace earshot::core {

/// What was asked, as far as judging the answer needs it.
struct Asked {
  std::string_view method;
  std::string_view path;   ///< Without query.
  std::string_view place;  ///< The path as messages show it.
  bool expect_json = true;
  bool by_rules = true;    ///< False for links: the manifest's rules are about the product.
  int limit_status = 429;  ///< Says that the budget is used up.
};

struct Judgement {
  ErrorRule::Class outcome = ErrorRule::Class::ok;
  bool whole_account = false;                    ///< rate_limited: the whole account pauses.
  Error error{.code = Code::ok, .message = {}};  ///< Else where it is neither ok nor empty.
  std::shared_ptr<const JsonDocument> json;      ///< The body, where it is JSON.
};

/// Judges by the rules in their order, then by the status.
[[nodiscard]] Judgement judge(const std::vector<ErrorRule>& rules, const Asked& asked,
                              const HttpResponse& response, const Redactor& redactor);

}  // namespace earshot::core

#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <earshot/core/base/result.hpp>

namespace earshot::core {

/// A piece of a template such as "https://{subdomain}.example.com/{/id}": what stands there, or,
/// where `placeholder` is set, what stands between the braces.
struct TemplatePart {
  std::string text;
  bool placeholder = false;
};

/// Takes a template apart. bad_data where a brace has no partner or nothing stands between them.
[[nodiscard]] Result<std::vector<TemplatePart>> parse_template(std::string_view text);

}  // namespace earshot::core

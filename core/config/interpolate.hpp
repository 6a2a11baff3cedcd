#pragma once

#include <string>
#include <string_view>

#include <earshot/core/base/result.hpp>
#include <earshot/core/config/config.hpp>

namespace earshot::core {

struct Interpolated {
  std::string text;
  bool from_environment = false;  ///< "${...}" was filled in, and no default stands in the text.
};

/// Fills in `${VAR}` and `${VAR:-default}`; `$${` stands for "${". config names the variable that
/// is not set or the brace that is not closed.
[[nodiscard]] Result<Interpolated> interpolate(std::string_view text,
                                               const Environment& environment);

}  // namespace earshot::core

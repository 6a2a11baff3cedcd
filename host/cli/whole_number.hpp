#pragma once

#include <limits>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <earshot/core/base/text.hpp>

namespace earshot::host {

/// Refuses what is no whole number from 0 to the largest that the store takes; CLI11 would wrap it
/// around.
[[nodiscard]] inline CLI::Validator whole_number() {
  return CLI::Validator(
      [](const std::string& typed) {
        const bool digits = typed.find_first_not_of("0123456789") == std::string::npos;
        if (digits && core::parse_integer(typed)) return std::string();
        return fmt::format("takes a whole number up to {}, not '{}'",
                           std::numeric_limits<std::int64_t>::max(), typed);
      },
      "");
}

}  // namespace earshot::host

#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include <earshot/core/base/text.hpp>

namespace earshot::host {

/// Refuses what is no whole number from `least` to `most`; without them from 0 to the largest that
/// the store takes. CLI11 would wrap it around.
[[nodiscard]] inline CLI::Validator whole_number(
    std::int64_t least = 0, std::int64_t most = std::numeric_limits<std::int64_t>::max()) {
  return CLI::Validator(
      [least, most](const std::string& typed) {
        const bool digits = typed.find_first_not_of("0123456789") == std::string::npos;
        const auto number = digits ? core::parse_integer(typed) : std::nullopt;
        if (number && *number >= least && *number <= most) return std::string();
        const std::string from = least == 0 ? "" : fmt::format("from {} ", least);
        return fmt::format("takes a whole number {}{} {}, not '{}'", from,
                           least == 0 ? "up to" : "to", most, typed);
      },
      "");
}

}  // namespace earshot::host

#pragma once

#include <string>

#include <CLI/CLI.hpp>

namespace earshot::host {

/// Refuses what is no whole number from 0, which CLI11 would wrap around.
[[nodiscard]] inline CLI::Validator whole_number() {
  return CLI::Validator(
      [](const std::string& typed) {
        const bool good =
            !typed.empty() && typed.find_first_not_of("0123456789") == std::string::npos;
        return good ? std::string() : "takes a whole number, not '" + typed + "'";
      },
      "");
}

}  // namespace earshot::host

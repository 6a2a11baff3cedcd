#pragma once

#include <earshot/core/base/result.hpp>
#include <earshot/core/store/store.hpp>

namespace earshot::host {

/// How the program ends; documented in docs/reference/cli.md.
enum class ExitCode : int {
  done = 0,
  failed = 1,
  usage = 2,  ///< Wrong arguments or configuration.
  authentication = 3,
  yielded = 4,
  interrupted = 130,
};

/// Of several outcomes the one that matters most: interrupted, usage, authentication, failed,
/// yielded, done.
[[nodiscard]] ExitCode worse(ExitCode a, ExitCode b) noexcept;
[[nodiscard]] ExitCode exit_code(const core::Error& error) noexcept;
[[nodiscard]] ExitCode exit_code(const core::RunSummary& run) noexcept;

}  // namespace earshot::host

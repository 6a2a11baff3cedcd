#pragma once

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

#include <signal.h>

namespace earshot::scenario {

using Words = std::vector<std::string>;

/// Where a program dies, or gets another signal: at the point of that number, from 1, among those
/// of these kinds; see preload/crash_point.c.
struct CrashPoint {
  const char* kinds;
  std::size_t number = 0;  ///< 0: nowhere.
  int signal = SIGKILL;
};

/// Commands that do the same in a worse world, or watched. Nothing of it is built into the program:
/// a library that is loaded before all others takes the place of a few calls.

/// Sends itself that signal there; `log` gets a letter for each point passed.
[[nodiscard]] Words dying_at(const CrashPoint& point, const std::filesystem::path& log,
                             const Words& command);
/// Every second look at the calendar is so much ahead, every other one as much behind.
[[nodiscard]] Words with_stepping_clock(std::chrono::seconds step, const Words& command);
/// The disk under the store takes so many bytes and no more: then it fails with that errno.
[[nodiscard]] Words with_disk_space(std::size_t bytes, int error, const Words& command);
/// `log` gets a line for each call into TLS: "connect", "read" or "write", and the thread's name.
[[nodiscard]] Words with_tls_logged(const std::filesystem::path& log, const Words& command);

}  // namespace earshot::scenario

#include "preload.hpp"

#include <cstdlib>

namespace earshot::scenario {

namespace {

/// `command` with that library before all others. The sanitizers' runtime otherwise wants to be the
/// first.
Words preloaded(const char* library, const Words& variables, const Words& command) {
  const char* options = std::getenv("ASAN_OPTIONS");
  Words all{"/usr/bin/env", std::string("LD_PRELOAD=") + EARSHOT_PRELOADS + "/" + library,
            std::string("ASAN_OPTIONS=") + (options == nullptr ? "" : options) +
                ":verify_asan_link_order=0"};
  all.insert(all.end(), variables.begin(), variables.end());
  all.insert(all.end(), command.begin(), command.end());
  return all;
}

}  // namespace

Words dying_at(const CrashPoint& point, const std::filesystem::path& log, const Words& command) {
  return preloaded(
      "crash_point.so",
      {std::string("EARSHOT_CRASH_POINTS=") + point.kinds,
       "EARSHOT_CRASH_AT=" + std::to_string(point.number),
       "EARSHOT_CRASH_SIGNAL=" + std::to_string(point.signal), "EARSHOT_CRASH_LOG=" + log.string()},
      command);
}

Words with_stepping_clock(std::chrono::seconds step, const Words& command) {
  return preloaded("clock_steps.so", {"EARSHOT_CLOCK_STEP=" + std::to_string(step.count())},
                   command);
}

Words with_disk_space(std::size_t bytes, int error, const Words& command) {
  return preloaded(
      "full_disk.so",
      {"EARSHOT_DISK_LEFT=" + std::to_string(bytes), "EARSHOT_DISK_ERROR=" + std::to_string(error)},
      command);
}

Words with_tls_logged(const std::filesystem::path& log, const Words& command) {
  return preloaded("tls_threads.so", {"EARSHOT_TLS_LOG=" + log.string()}, command);
}

}  // namespace earshot::scenario

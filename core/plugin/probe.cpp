#include "probe.hpp"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <earshot/core/base/process.hpp>
#include <earshot/core/base/text.hpp>

#include "inspect.hpp"
#include "library.hpp"

namespace earshot::core {
namespace {

/// Ends a probe whose host is gone; well after the host itself would have ended it.
constexpr unsigned kOrphanSeconds = 60;

std::string last_line(const std::string& output) {
  std::string_view text = trim(output);
  text.remove_prefix(text.rfind('\n') + 1);
  return clean_utf8(text);
}

Result<void> judge(int status, const std::string& output) {
  if (WIFSIGNALED(status)) {
    const char* name = ::sigabbrev_np(WTERMSIG(status));
    return refusal(
        fmt::format("crashed with SIG{} while it was being loaded: it stays out; install "
                    "a build that loads",
                    name == nullptr ? "?" : name));
  }
  if (WEXITSTATUS(status) == 0) return {};
  const std::string reason = last_line(output);
  if (!reason.empty()) return refusal(reason);
  return refusal(
      fmt::format("ended its process with code {} while it was being loaded: it stays "
                  "out; install a build that loads",
                  WEXITSTATUS(status)));
}

Result<void> load_here(const std::filesystem::path& path, const ear_host& host) {
  EAR_TRY(const PluginFile file, judge_plugin(path));
  EAR_TRY([[maybe_unused]] const ear_plugin* table, open_plugin(path, file, host));
  return {};
}

}  // namespace

Result<void> probe_in_child(const std::filesystem::path& file, const LoaderOptions& options) {
  const Result<ProcessEnd> end = run_process({.program = options.probe_program,
                                              .arguments = {"probe-plugin", file.string()},
                                              .limit = options.probe_limit});
  if (!end) return refusal("cannot be probed: " + end.error().message);
  if (end->in_time) return judge(end->status, end->told);
  return refusal(
      fmt::format("did not finish loading within {} ms: it stays out; install a build "
                  "that loads",
                  options.probe_limit.count()));
}

int probe_plugin(const std::filesystem::path& path, const ear_host& host) {
  const rlimit no_core{.rlim_cur = 0, .rlim_max = 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  ::alarm(kOrphanSeconds);
  const Result<void> loaded = load_here(path, host);
  if (!loaded) fmt::print("{}\n", loaded.error().message);
  return loaded ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace earshot::core

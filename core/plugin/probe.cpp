#include "probe.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <earshot/core/base/descriptor.hpp>
#include <earshot/core/base/text.hpp>

#include "inspect.hpp"
#include "library.hpp"

namespace earshot::core {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMostOutput = 4096;

/// Ends a probe whose host is gone; well after the host itself would have ended it.
constexpr unsigned kOrphanSeconds = 60;

/// What loading needs to find libraries, and what tunes sanitizers; nothing that may be a secret.
constexpr std::array kPassedOn = {"PATH",         "LD_LIBRARY_PATH", "ASAN_OPTIONS",
                                  "LSAN_OPTIONS", "TSAN_OPTIONS",    "UBSAN_OPTIONS"};

/// How the child begins: its output in our pipe, no other descriptor, no signal blocked or ignored.
class SpawnPlan {
 public:
  explicit SpawnPlan(int output) {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    ::posix_spawn_file_actions_addopen(&actions_, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    ::posix_spawnattr_init(&attributes_);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setsigdefault(&attributes_, &all);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;
  ~SpawnPlan() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }

  [[nodiscard]] Result<pid_t> start(const std::string& program, std::vector<std::string> arguments,
                                    std::vector<std::string> environment) const {
    pid_t pid = 0;
    const int error = ::posix_spawn(&pid, program.c_str(), &actions_, &attributes_,
                                    pointers(arguments).data(), pointers(environment).data());
    if (error == 0) return pid;
    return refusal(fmt::format("cannot be probed: starting {}: {}", program, std::strerror(error)));
  }

 private:
  static std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> list;
    list.reserve(texts.size() + 1);
    for (std::string& text : texts) list.push_back(text.data());
    list.push_back(nullptr);
    return list;
  }

  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

std::vector<std::string> trimmed_environment() {
  std::vector<std::string> environment;
  for (const char* name : kPassedOn) {
    if (const char* value = std::getenv(name))
      environment.push_back(fmt::format("{}={}", name, value));
  }
  return environment;
}

/// Takes what a pipe can hold and keeps the end of it. False once nobody writes any more.
bool drain(int pipe, std::string& output) {
  std::array<char, std::size_t{64} << 10> chunk{};
  const ssize_t got = ::read(pipe, chunk.data(), chunk.size());
  if (got <= 0) return got < 0 && (errno == EAGAIN || errno == EINTR);
  output.append(chunk.data(), static_cast<std::size_t>(got));
  if (output.size() > kMostOutput) output.erase(0, output.size() - kMostOutput);
  return true;
}

/// True if the child ended in time. Real time: it is another process that is waited for. `child` is
/// its pidfd, or -1 where there is none; then it has ended once nobody writes into the pipe.
bool wait_for_end(int child, int pipe, std::chrono::milliseconds limit, std::string& output) {
  const Clock::time_point deadline = Clock::now() + limit;
  bool writes = true;
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) return false;
    std::array<pollfd, 2> waits{{{child, POLLIN, 0}, {writes ? pipe : -1, POLLIN, 0}}};
    if (::poll(waits.data(), waits.size(), static_cast<int>(left)) < 0 && errno != EINTR)
      return false;
    writes = writes && drain(pipe, output);
    if (waits.front().revents != 0 || (child < 0 && !writes)) return true;
  }
}

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

int collect(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return status;
}

}  // namespace

Result<void> probe_in_child(const std::filesystem::path& file, const LoaderOptions& options) {
  std::array<int, 2> ends{-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) {
    return refusal(fmt::format("cannot be probed: {}", std::strerror(errno)));
  }
  const Descriptor reading(ends[0]);
  Descriptor writing(ends[1]);
  const std::string program = options.probe_program.string();
  EAR_TRY(const pid_t child,
          SpawnPlan(writing.get())
              .start(program, {program, "probe-plugin", file.string()}, trimmed_environment()));
  writing.reset();
  const Descriptor handle(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
  std::string output;
  const bool ended = wait_for_end(handle.get(), reading.get(), options.probe_limit, output);
  if (!ended) ::kill(child, SIGKILL);
  const int status = collect(child);
  if (ended) return judge(status, output);
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

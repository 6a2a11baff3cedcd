#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <earshot/core/base/descriptor.hpp>
#include <earshot/core/base/process.hpp>
#include <earshot/core/base/text.hpp>

namespace earshot::core {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMostTold = 4096;

constexpr std::array kPassedOn = {"PATH",         "LD_LIBRARY_PATH", "TMPDIR",       "ASAN_OPTIONS",
                                  "LSAN_OPTIONS", "TSAN_OPTIONS",    "UBSAN_OPTIONS"};

Error not_started(std::string_view what, int error) {
  return {.code = Code::internal,
          .message = fmt::format("starting {}: {}", what, std::generic_category().message(error))};
}

std::vector<std::string> environment_of(const ProcessPlan& plan) {
  std::vector<std::string> environment = plan.environment;
  for (const char* name : kPassedOn) {
    if (const char* value = std::getenv(name))
      environment.push_back(fmt::format("{}={}", name, value));
  }
  return environment;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (std::string& text : texts) list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

/// What posix_spawn(3) is to do beside starting the program.
class Spawning {
 public:
  Spawning(const ProcessPlan& plan, int pipe) {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    for (const int printed : {STDOUT_FILENO, STDERR_FILENO}) {
      if (plan.prints_to < 0)
        ::posix_spawn_file_actions_addopen(&actions_, printed, "/dev/null", O_WRONLY, 0);
      else
        ::posix_spawn_file_actions_adddup2(&actions_, plan.prints_to, printed);
    }
    ::posix_spawn_file_actions_adddup2(&actions_, pipe, plan.tells_at);
    ::posix_spawn_file_actions_addclosefrom_np(&actions_,
                                               std::max(plan.tells_at, STDERR_FILENO) + 1);
    sigset_t none;
    sigset_t all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_init(&attributes_);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setsigdefault(&attributes_, &all);
    ::posix_spawnattr_setpgroup(&attributes_, 0);
    ::posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  }
  Spawning(const Spawning&) = delete;
  Spawning& operator=(const Spawning&) = delete;
  ~Spawning() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }

  [[nodiscard]] Result<pid_t> start(const ProcessPlan& plan) const {
    std::vector<std::string> words{plan.program.string()};
    words.insert(words.end(), plan.arguments.begin(), plan.arguments.end());
    std::vector<std::string> environment = environment_of(plan);
    pid_t process = 0;
    const int error = ::posix_spawn(&process, plan.program.c_str(), &actions_, &attributes_,
                                    pointers(words).data(), pointers(environment).data());
    if (error == 0) return process;
    return not_started(words.front(), error);
  }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

/// Takes what a pipe can hold and keeps the end of it. False once nobody writes any more.
bool drain(int pipe, std::string& told) {
  std::array<char, std::size_t{64} << 10> chunk{};
  const ssize_t got = ::read(pipe, chunk.data(), chunk.size());
  if (got <= 0) return got < 0 && (errno == EAGAIN || errno == EINTR);
  told.append(chunk.data(), static_cast<std::size_t>(got));
  if (told.size() > kMostTold) told.erase(0, told.size() - kMostTold);
  return true;
}

/// In milliseconds until the deadline, which moves on while somebody debugs the process; then 0.
int time_left(pid_t process, std::chrono::milliseconds limit, Clock::time_point& deadline) {
  while (deadline <= Clock::now() && is_debugged(process)) deadline += limit;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
  return static_cast<int>(std::max<std::int64_t>(left.count(), 0));
}

/// True if the process ended in time. `handle` is its pidfd, or -1 where there is none; then it has
/// ended once nobody writes into the pipe.
bool wait_for_end(pid_t process, int handle, int pipe, std::chrono::milliseconds limit,
                  std::string& told) {
  Clock::time_point deadline = Clock::now() + limit;
  bool writes = true;
  for (;;) {
    const int left = time_left(process, limit, deadline);
    if (left == 0) return false;
    std::array<pollfd, 2> waits{{{handle, POLLIN, 0}, {writes ? pipe : -1, POLLIN, 0}}};
    if (::poll(waits.data(), waits.size(), left) < 0 && errno != EINTR) return false;
    writes = writes && drain(pipe, told);
    if (waits.front().revents != 0 || (handle < 0 && !writes)) return true;
  }
}

}  // namespace

Result<ProcessEnd> run_process(const ProcessPlan& plan) {
  std::array<int, 2> ends{-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0)
    return not_started(plan.program.string() + ", making a pipe", errno);
  const Descriptor reading(ends[0]);
  Descriptor writing(ends[1]);
  EAR_TRY(const pid_t process, Spawning(plan, writing.get()).start(plan));
  writing.reset();
  const Descriptor handle(static_cast<int>(::syscall(SYS_pidfd_open, process, 0)));
  ProcessEnd end;
  end.in_time = wait_for_end(process, handle.get(), reading.get(), plan.limit, end.told);
  if (handle.open() || !end.in_time) ::kill(-process, SIGKILL);  // what it left behind, too
  while (::waitpid(process, &end.status, 0) < 0 && errno == EINTR) {
  }
  return end;
}

bool is_debugged(pid_t process) {
  std::ifstream status(fmt::format("/proc/{}/status", process));
  for (std::string line; std::getline(status, line);) {
    const std::string_view name = "TracerPid:";
    if (line.starts_with(name)) return trim(line.substr(name.size())) != "0";
  }
  return false;
}

}  // namespace earshot::core

#include "conformance/child.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <fstream>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <earshot/core/base/descriptor.hpp>
#include <earshot/core/base/text.hpp>
#include <earshot/core/plugin/call.hpp>

namespace earshot::conformance {

namespace {

using Clock = std::chrono::steady_clock;
using core::Descriptor;
using std::chrono::seconds;

/// Where the child tells its verdict: behind standard input, output and error.
constexpr int kVerdictDescriptor = 3;
constexpr std::size_t kMostSeen = 4096;
constexpr std::size_t kMostErrors = std::size_t{64} << 10;

constexpr seconds kLongestCall{kSanitized ? 60 : 20};
constexpr seconds kLongestDebugging = std::chrono::hours(24);
constexpr seconds kLongestCase{kSanitized ? 360 : 120};
constexpr rlim_t kMostMemory = rlim_t{4} << 30;

/// What loading needs to find libraries and folders, and what tunes sanitizers.
constexpr std::array kPassedOn = {"PATH",         "LD_LIBRARY_PATH", "TMPDIR",       "ASAN_OPTIONS",
                                  "LSAN_OPTIONS", "TSAN_OPTIONS",    "UBSAN_OPTIONS"};

/// What a thread keeps for later counts as in use, which allocated.hpp must not see.
constexpr const char* kEveryFreeCounts = "GLIBC_TUNABLES=glibc.malloc.tcache_count=0";

std::vector<std::string> trimmed_environment() {
  std::vector<std::string> environment;
  for (const char* name : kPassedOn) {
    if (const char* value = std::getenv(name))
      environment.push_back(fmt::format("{}={}", name, value));
  }
  environment.emplace_back(kEveryFreeCounts);
  return environment;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> list;
  for (std::string& text : texts) list.push_back(text.data());
  list.push_back(nullptr);
  return list;
}

/// A group of its own, its verdict in our pipe, what it prints in a file without a name.
core::Result<pid_t> start(const ChildPlan& plan, int verdict, int printed) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  sigset_t none;
  sigset_t all;
  ::sigemptyset(&none);
  ::sigfillset(&all);
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&actions, printed, STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, printed, STDERR_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, verdict, kVerdictDescriptor);
  ::posix_spawn_file_actions_addclosefrom_np(&actions, kVerdictDescriptor + 1);
  ::posix_spawnattr_init(&attributes);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setsigdefault(&attributes, &all);
  ::posix_spawnattr_setpgroup(&attributes, 0);
  ::posix_spawnattr_setflags(
      &attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
  std::vector<std::string> words{plan.program.string()};
  words.insert(words.end(), plan.arguments.begin(), plan.arguments.end());
  std::vector<std::string> environment = trimmed_environment();
  pid_t pid = 0;
  const int error = ::posix_spawn(&pid, plan.program.c_str(), &actions, &attributes,
                                  pointers(words).data(), pointers(environment).data());
  ::posix_spawn_file_actions_destroy(&actions);
  ::posix_spawnattr_destroy(&attributes);
  if (error == 0) return pid;
  return core::Error{
      .code = core::Code::internal,
      .message = fmt::format("starting {}: {}", words.front(), std::strerror(error))};
}

/// Takes what there is in the pipe; false once nobody writes any more.
bool drain(int pipe, std::string& text) {
  std::array<char, 4096> chunk{};
  const ssize_t got = ::read(pipe, chunk.data(), chunk.size());
  if (got <= 0) return got < 0 && (errno == EAGAIN || errno == EINTR);
  const std::size_t room = kMostSeen - std::min(kMostSeen, text.size());
  text.append(chunk.data(), std::min(room, static_cast<std::size_t>(got)));
  return true;
}

/// True while somebody looks at the process with a debugger, who may take all the time there is.
bool is_debugged(pid_t process) {
  std::ifstream status(fmt::format("/proc/{}/status", process));
  for (std::string line; std::getline(status, line);) {
    const std::string_view name = "TracerPid:";
    if (line.starts_with(name)) return core::trim(line.substr(name.size())) != "0";
  }
  return false;
}

/// True if the child ended in time. Real time: it is another process that is waited for.
bool wait_for_end(pid_t process, int child, int pipe, std::string& text) {
  Clock::time_point deadline = Clock::now() + kLongestCase;
  bool writes = true;
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) {
      if (!is_debugged(process)) return false;
      deadline += kLongestCase;
      continue;
    }
    std::array<pollfd, 2> waits{{{child, POLLIN, 0}, {writes ? pipe : -1, POLLIN, 0}}};
    if (::poll(waits.data(), waits.size(), static_cast<int>(left)) < 0 && errno != EINTR)
      return false;
    if (writes && waits.back().revents != 0) writes = drain(pipe, text);
    if (waits.front().revents != 0) {
      while (writes && drain(pipe, text) && errno != EAGAIN) {
      }
      return true;
    }
  }
}

std::string read_all(int file) {
  std::string text(kMostErrors, '\0');
  const ssize_t got = ::pread(file, text.data(), text.size(), 0);
  text.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  return text;
}

/// The line of a sanitizer or a library that says what happened, else the last one.
std::string telling_line(const std::string& printed) {
  std::string_view last;
  for (const std::string_view line : core::split(printed, '\n')) {
    if (line.find("ERROR: ") != std::string_view::npos ||
        line.find("runtime error: ") != std::string_view::npos)
      return core::shorten(core::clean_utf8(core::trim(line)), 300);
    if (!core::trim(line).empty()) last = core::trim(line);
  }
  return core::shorten(core::clean_utf8(last), 300);
}

/// Of a forbidden call made while all signals were blocked, as a thread is started, no handler
/// hears.
Verdict crashed(int status, const std::string& printed) {
  if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
    return failed("it starts a thread or a process, or makes another call that was forbidden");
  const std::string line = telling_line(printed);
  const std::string how =
      WIFSIGNALED(status)
          ? fmt::format("the process ended by SIG{}", ::sigabbrev_np(WTERMSIG(status)))
          : fmt::format("the process ended itself with code {}", WEXITSTATUS(status));
  return {Outcome::crash, line.empty() ? how : fmt::format("{}: {}", how, line)};
}

Verdict read_verdict(const std::string& text, int status, const std::string& printed) {
  const std::size_t end = std::min(text.find('\n'), text.size());
  const std::string_view head = std::string_view(text).substr(0, end);
  const std::size_t blank = std::min(head.find(' '), head.size());
  const std::optional<Outcome> outcome = outcome_of(head.substr(0, blank));
  const std::optional<Untried> untried = untried_of(core::trim(head.substr(blank)));
  if (!outcome || !untried) return crashed(status, printed);
  Verdict verdict(*outcome,
                  core::clean_utf8(std::string_view(text).substr(std::min(end + 1, text.size()))));
  verdict.untried = *untried;
  return verdict;
}

void limit(__rlimit_resource_t what, rlim_t most) {
  const rlimit bound{.rlim_cur = most, .rlim_max = most};
  ::setrlimit(what, &bound);
}

}  // namespace

std::chrono::seconds longest_call() noexcept {
  return is_debugged(::getpid()) ? kLongestDebugging : kLongestCall;
}

Verdict run_in_child(const ChildPlan& plan) {
  std::array<int, 2> ends{-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0)
    return failed("no pipe for the child: {}", std::strerror(errno));
  const Descriptor reading(ends[0]);
  Descriptor writing(ends[1]);
  const Descriptor printed(::memfd_create("earshot-conform", MFD_CLOEXEC));
  EAR_TRY(const pid_t child, start(plan, writing.get(), printed.get()));
  writing.reset();
  const Descriptor handle(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
  std::string text;
  const bool ended = wait_for_end(child, handle.get(), reading.get(), text);
  ::kill(-child, SIGKILL);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (ended) return read_verdict(text, status, read_all(printed.get()));
  return {Outcome::hang, fmt::format("the case did not end within {} s", kLongestCase.count())};
}

void end_case(const Verdict& verdict) {
  const std::string text = core::shorten(fmt::format("{} {}\n{}", to_string(verdict.outcome),
                                                     to_string(verdict.untried), verdict.seen),
                                         kMostSeen - 8);
  const ssize_t written = ::write(kVerdictDescriptor, text.data(), text.size());
  ::_exit(written == static_cast<ssize_t>(text.size()) ? EXIT_SUCCESS : EXIT_FAILURE);
}

void be_child(const Case& one, const SubjectOptions& options) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_CPU, static_cast<rlim_t>(kLongestCase.count()));
  if (!kSanitized) limit(RLIMIT_AS, kMostMemory);
  core::Result<Subject> subject = Subject::open(options);
  if (!subject) end_case(subject.error());
  if (one.group() != "load" && one.group() != "alone") {  // which look at the loading, too
    core::PluginLoader loader(core::host_table(), core::LoaderOptions{});
    const auto loaded = loader.load(subject->file());
    if (!loaded) end_case(skipped("the host does not take the file: {}", loaded.error().message));
  }
  try {
    end_case(one.run(*subject));
  } catch (const std::exception& bug) {
    end_case(failed("the kit itself failed: {}", bug.what()));
  }
}

}  // namespace earshot::conformance

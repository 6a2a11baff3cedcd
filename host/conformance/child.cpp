#include "conformance/child.hpp"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <string>

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <earshot/core/base/descriptor.hpp>
#include <earshot/core/base/process.hpp>
#include <earshot/core/base/text.hpp>
#include <earshot/core/plugin/call.hpp>

namespace earshot::conformance {

namespace {

using std::chrono::seconds;

/// Where the child tells its verdict: behind standard input, output and error.
constexpr int kVerdictDescriptor = 3;
constexpr std::size_t kMostSeen = 4096;
constexpr std::size_t kMostErrors = std::size_t{64} << 10;

constexpr seconds kLongestCall{kSanitized ? 60 : 20};
constexpr seconds kLongestDebugging = std::chrono::hours(24);
constexpr seconds kLongestCase{kSanitized ? 360 : 120};
constexpr rlim_t kMostMemory = rlim_t{4} << 30;

/// What a thread keeps for later counts as in use, which allocated.hpp must not see.
constexpr const char* kEveryFreeCounts = "GLIBC_TUNABLES=glibc.malloc.tcache_count=0";

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
  return core::is_debugged(::getpid()) ? kLongestDebugging : kLongestCall;
}

Verdict run_in_child(const ChildPlan& plan) {
  const core::Descriptor printed(::memfd_create("earshot-conform", MFD_CLOEXEC));
  EAR_TRY(const core::ProcessEnd end, core::run_process({.program = plan.program,
                                                         .arguments = plan.arguments,
                                                         .environment = {kEveryFreeCounts},
                                                         .tells_at = kVerdictDescriptor,
                                                         .prints_to = printed.get(),
                                                         .limit = kLongestCase}));
  if (end.in_time) return read_verdict(end.told, end.status, read_all(printed.get()));
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

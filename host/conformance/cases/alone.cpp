/// The world outside: only through the host.

#include <thread>

#include <malloc.h>
#include <sys/syscall.h>

#include "conformance/case.hpp"
#include "conformance/rig.hpp"
#include "conformance/watched_calls.hpp"

namespace earshot::conformance {

namespace {

/// Authenticates and fetches, as far as there are cassettes, on a thread that may not make the
/// calls. What the host does for it on this thread needs none of them.
Verdict lives_without(const Subject& subject, std::initializer_list<SystemCall> calls) {
  ::mallopt(M_ARENA_MAX, 1);  // more of them read a file when they shrink
  EAR_TRY(const auto rig, Rig::open(subject));
  Verdict verdict = passed();
  const auto steps = [&verdict, calls](Visit& visit) {
    verdict = forbid(calls);
    if (verdict.outcome != Outcome::pass || visit.open() != EAR_OK) return;
    static_cast<void>(visit.authenticate());
    static_cast<void>(visit.fetch());
    visit.close();
  };
  Recording both = subject.good("authenticate");
  for (core::CassetteEntry& entry : subject.good("first_run")) both.push_back(std::move(entry));
  PlayedProduct product(std::move(both), subject.corpus());
  static_cast<void>(rig->visit(
      product, {}, [&steps](Visit& visit) { std::thread([&] { steps(visit); }).join(); }));
  return verdict;
}

Verdict opens_no_socket(const Subject& subject) {
  return lives_without(
      subject, {{SYS_socket, "socket"}, {SYS_socketpair, "socketpair"}, {SYS_connect, "connect"}});
}

Verdict opens_no_file(const Subject& subject) {
  return lives_without(subject, {{SYS_openat, "open"},
#ifdef SYS_open
                                 {SYS_open, "open"},
                                 {SYS_creat, "creat"},
                                 {SYS_unlink, "unlink"},
#endif
                                 {SYS_unlinkat, "unlink"},
                                 {SYS_memfd_create, "memfd_create"}});
}

Verdict starts_no_thread(const Subject& subject) {
  return lives_without(subject, {{SYS_clone, "clone"},
#ifdef SYS_fork
                                 {SYS_fork, "fork"},
                                 {SYS_vfork, "vfork"},
#endif
                                 {SYS_clone3, "clone3"},
                                 {SYS_execve, "execve"}});
}

Verdict handles_no_signal(const Subject& subject) {
  return lives_without(subject, {{SYS_rt_sigaction, "sigaction"}, {SYS_setitimer, "setitimer"}});
}

Verdict does_not_sleep(const Subject& subject) {
  return lives_without(subject, {{SYS_clock_nanosleep, "clock_nanosleep"},
                                 {SYS_nanosleep, "nanosleep"},
#ifdef SYS_poll
                                 {SYS_poll, "poll"},
                                 {SYS_select, "select"},
#endif
                                 {SYS_ppoll, "poll"},
                                 {SYS_pselect6, "select"}});
}

constexpr Needs kFirstRun{.provides = "feedback", .cassettes = "first_run"};

constexpr Case kCases[] = {
    {.id = "alone.opens_no_socket",
     .promise = "A plugin opens no socket: `http` is how it asks.",
     .clause = "ALONE-1",
     .needs = kFirstRun,
     .run = opens_no_socket},
    {.id = "alone.opens_no_file",
     .promise = "A plugin opens no file: cursors and reports are how it remembers.",
     .clause = "ALONE-1",
     .needs = kFirstRun,
     .run = opens_no_file},
    {.id = "alone.starts_no_thread",
     .promise = "A plugin starts no thread and no process: `http_all` is how it does several "
                "things at once.",
     .clause = "ALONE-1",
     .needs = kFirstRun,
     .run = starts_no_thread},
    {.id = "alone.handles_no_signal",
     .promise = "A plugin handles no signal and sets no timer.",
     .clause = "ALONE-1",
     .needs = kFirstRun,
     .run = handles_no_signal},
    {.id = "alone.does_not_sleep",
     .promise = "A plugin waits through the host's `sleep` alone.",
     .clause = "ALONE-1",
     .needs = kFirstRun,
     .run = does_not_sleep},
};

}  // namespace

std::span<const Case> alone_cases() noexcept {
  return kCases;
}

}  // namespace earshot::conformance

/// The world outside: only through the host.

#include <span>
#include <utility>

#include <malloc.h>
#include <sys/syscall.h>

#include "conformance/case.hpp"
#include "conformance/library.hpp"
#include "conformance/rig.hpp"
#include "conformance/watched_calls.hpp"

namespace earshot::conformance {

namespace {

using Which = SystemCall::Which;

constexpr SystemCall kSockets[] = {
    {SYS_socket, "socket"}, {SYS_socketpair, "socketpair"}, {SYS_connect, "connect"}};

constexpr SystemCall kFiles[] = {
    {SYS_openat, "open"},
    {SYS_openat2, "open"},
    {SYS_unlinkat, "unlink"},
    {SYS_mkdirat, "mkdir"},
    {SYS_mknodat, "mknod"},
    {SYS_renameat, "rename"},
    {SYS_renameat2, "rename"},
    {SYS_linkat, "link"},
    {SYS_symlinkat, "symlink"},
    {SYS_readlinkat, "readlink"},
    {SYS_faccessat, "access"},
    {SYS_faccessat2, "access"},
    {SYS_fchmodat, "chmod"},
    {SYS_fchownat, "chown"},
    {SYS_utimensat, "utimensat"},
    {SYS_truncate, "truncate"},
    {SYS_chdir, "chdir"},
    {SYS_memfd_create, "memfd_create"},
    {SYS_pipe2, "pipe"},
    {SYS_eventfd2, "eventfd"},
    {SYS_epoll_create1, "epoll_create"},
    {SYS_inotify_init1, "inotify_init"},
    {SYS_io_uring_setup, "io_uring_setup"},
#ifdef SYS_open
    {SYS_open, "open"},
    {SYS_creat, "creat"},
    {SYS_unlink, "unlink"},
    {SYS_mkdir, "mkdir"},
    {SYS_rmdir, "rmdir"},
    {SYS_mknod, "mknod"},
    {SYS_rename, "rename"},
    {SYS_link, "link"},
    {SYS_symlink, "symlink"},
    {SYS_readlink, "readlink"},
    {SYS_access, "access"},
    {SYS_chmod, "chmod"},
    {SYS_chown, "chown"},
    {SYS_pipe, "pipe"},
    {SYS_eventfd, "eventfd"},
    {SYS_epoll_create, "epoll_create"},
    {SYS_inotify_init, "inotify_init"},
#endif
};

constexpr SystemCall kThreads[] = {
    {SYS_clone, "clone"},     {SYS_clone3, "clone3"}, {SYS_execve, "execve"},
    {SYS_execveat, "execve"}, {SYS_ptrace, "ptrace"},
#ifdef SYS_fork
    {SYS_fork, "fork"},       {SYS_vfork, "vfork"},
#endif
};

constexpr SystemCall kSignals[] = {
    {SYS_rt_sigaction, "sigaction", Which::that_change},
    {SYS_rt_sigprocmask, "sigprocmask", Which::that_change},
    {SYS_rt_sigsuspend, "sigsuspend"},
    {SYS_rt_sigtimedwait, "sigwait"},
    {SYS_rt_sigqueueinfo, "sigqueue"},
    {SYS_rt_tgsigqueueinfo, "sigqueue"},
    {SYS_sigaltstack, "sigaltstack"},
    {SYS_kill, "kill"},
    {SYS_tkill, "kill"},
    {SYS_tgkill, "kill"},
    {SYS_pidfd_send_signal, "pidfd_send_signal"},
    {SYS_signalfd4, "signalfd"},
    {SYS_setitimer, "setitimer"},
    {SYS_timer_create, "timer_create"},
    {SYS_timerfd_create, "timerfd_create"},
#ifdef SYS_alarm
    {SYS_alarm, "alarm"},
    {SYS_signalfd, "signalfd"},
#endif
};

constexpr SystemCall kSleeps[] = {
    {SYS_clock_nanosleep, "clock_nanosleep"},
    {SYS_nanosleep, "nanosleep"},
    {SYS_futex, "a wait for a lock with a time-out", Which::that_time_out},
    {SYS_ppoll, "poll"},
    {SYS_pselect6, "select"},
    {SYS_epoll_pwait, "epoll_wait"},
    {SYS_rt_sigtimedwait, "sigtimedwait"},
#ifdef SYS_poll
    {SYS_poll, "poll"},
    {SYS_select, "select"},
    {SYS_epoll_wait, "epoll_wait"},
    {SYS_pause, "pause"},
#endif
};

void load(const Subject& subject) {
  const core::Result<Library> library = load_library(subject.file().path);
  if (library) static_cast<void>(plugin_table(*library, rig_host()));
}

/// Loads it, takes its table, authenticates and fetches, as far as there are cassettes, on threads
/// that may not make the calls. What the host does for it on them needs none of the calls.
Verdict lives_without(const Subject& subject, std::span<const SystemCall> calls) {
  ::mallopt(M_ARENA_MAX, 1);  // more of them read a file when they shrink
  EAR_KEPT(watched(calls, [&subject] { load(subject); }));
  EAR_TRY(const auto rig, Rig::open(subject));
  Recording both = subject.good("authenticate");
  for (core::CassetteEntry& entry : subject.good("first_run")) both.push_back(std::move(entry));
  PlayedProduct product(std::move(both), subject.corpus());
  Verdict verdict = passed();
  static_cast<void>(rig->visit(product, {}, [&verdict, calls](Visit& visit) {
    verdict = watched(calls, [&visit] {
      if (visit.open() != EAR_OK) return;
      static_cast<void>(visit.authenticate());
      static_cast<void>(visit.fetch());
      visit.close();
    });
  }));
  return verdict;
}

Verdict opens_no_socket(const Subject& subject) {
  return lives_without(subject, kSockets);
}

/// Loading a library opens it: what the library itself does then is not seen.
Verdict opens_no_file(const Subject& subject) {
  EAR_TRY(const Library library, load_library(subject.file().path));
  static_cast<void>(library);
  return lives_without(subject, kFiles);
}

Verdict starts_no_thread(const Subject& subject) {
  return lives_without(subject, kThreads);
}

Verdict handles_no_signal(const Subject& subject) {
  return lives_without(subject, kSignals);
}

Verdict does_not_sleep(const Subject& subject) {
  return lives_without(subject, kSleeps);
}

constexpr Needs kFirstRun{.provides = "feedback", .cassettes = "first_run"};

constexpr Case kCases[] = {
    {.id = "alone.opens_no_socket",
     .promise = "A plugin opens no socket: `http` is how it asks.",
     .clause = "ALONE-1",
     .needs = kFirstRun,
     .run = opens_no_socket},
    {.id = "alone.opens_no_file",
     .promise =
         "A plugin opens, makes and moves no file, folder or pipe: cursors and reports are how it "
         "remembers.",
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
     .promise = "A plugin sends, blocks and handles no signal, and sets no timer.",
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

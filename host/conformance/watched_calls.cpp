#include "conformance/watched_calls.hpp"

#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstring>
#include <vector>

#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "conformance/child.hpp"

namespace earshot::conformance {

namespace {

constexpr std::size_t kMostCalls = 16;

/// A signal's handler is given nothing else to find the names by. Written before the filter stands.
SystemCall forbidden[kMostCalls];

void on_call(int /*signal*/, ::siginfo_t* info, void* /*context*/) {
  const char* name = "a system call";
  for (const SystemCall& one : forbidden) {
    if (one.second != nullptr && one.first == info->si_syscall) name = one.second;
  }
  end_case(failed("it calls `{}`", name));
}

std::vector<::sock_filter> filter_of(std::initializer_list<SystemCall> calls) {
  std::vector<::sock_filter> filter{
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct ::seccomp_data, nr))};
  for (const SystemCall& one : calls) {
    filter.push_back(
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<std::uint32_t>(one.first), 0, 1));
    filter.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP));
  }
  filter.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  return filter;
}

}  // namespace

Verdict forbid(std::initializer_list<SystemCall> calls) {
  std::size_t count = 0;
  for (const SystemCall& one : calls) {
    if (count < kMostCalls) forbidden[count++] = one;
  }
  struct ::sigaction action {};
  action.sa_sigaction = on_call;
  action.sa_flags = SA_SIGINFO;
  ::sigaction(SIGSYS, &action, nullptr);
  std::vector<::sock_filter> filter = filter_of(calls);
  const ::sock_fprog program{.len = static_cast<unsigned short>(filter.size()),
                             .filter = filter.data()};
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  if (::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0) return passed();
  return skipped("this system filters no calls: {}", std::strerror(errno));
}

}  // namespace earshot::conformance

#include "conformance/watched_calls.hpp"

#include <cerrno>
#include <csignal>
#include <cstddef>
#include <cstring>
#include <future>
#include <memory>
#include <string_view>
#include <thread>
#include <vector>

#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "conformance/child.hpp"

namespace earshot::conformance {

namespace {

constexpr std::size_t kMostCalls = 64;

/// A signal's handler is given nothing else to find the names by. Written before the filter stands.
SystemCall forbidden[kMostCalls];

void on_call(int /*signal*/, ::siginfo_t* info, void* /*context*/) {
  const char* name = "a system call";
  for (const SystemCall& one : forbidden) {
    if (one.name[0] != '\0' && one.number == info->si_syscall) name = one.name;
  }
  end_case(failed("it calls `{}`", name));
}

using Filter = std::vector<::sock_filter>;

::sock_filter load(std::size_t at) {
  return BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(at));
}

::sock_filter if_equal(std::uint32_t value, std::uint8_t then, std::uint8_t otherwise) {
  return BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, then, otherwise);
}

::sock_filter answer(std::uint32_t what) {
  return BPF_STMT(BPF_RET | BPF_K, what);
}

/// Traps where that argument, of 64 bits, is not zero; else allows.
void add_check_of_argument(Filter& filter, std::size_t index) {
  const std::size_t low = offsetof(struct ::seccomp_data, args) + index * sizeof(std::uint64_t);
  filter.insert(filter.end(),
                {load(low), if_equal(0, 0, 2), load(low + sizeof(std::uint32_t)), if_equal(0, 1, 0),
                 answer(SECCOMP_RET_TRAP), answer(SECCOMP_RET_ALLOW)});
}

/// What follows once it is that call.
Filter judgement_of(SystemCall::Which which) {
  Filter filter;
  switch (which) {
    case SystemCall::Which::all: filter.push_back(answer(SECCOMP_RET_TRAP)); break;
    case SystemCall::Which::that_change: add_check_of_argument(filter, 1); break;
    case SystemCall::Which::that_time_out:
      constexpr std::uint8_t kToAllow = 5;
      filter = {load(offsetof(struct ::seccomp_data, args) + sizeof(std::uint64_t)),
                BPF_STMT(BPF_ALU | BPF_AND | BPF_K, static_cast<std::uint32_t>(FUTEX_CMD_MASK)),
                if_equal(FUTEX_WAIT, 1, 0), if_equal(FUTEX_WAIT_BITSET, 0, kToAllow)};
      add_check_of_argument(filter, 3);
      break;
  }
  return filter;
}

/// A sanitizer finds out through a pipe whether memory is there.
bool is_a_sanitizers(const SystemCall& one) {
  return kSanitized && std::string_view(one.name) == "pipe";
}

Filter filter_of(std::span<const SystemCall> calls) {
  Filter filter{load(offsetof(struct ::seccomp_data, nr))};
  for (const SystemCall& one : calls) {
    if (is_a_sanitizers(one)) continue;
    const Filter judgement = judgement_of(one.which);
    filter.push_back(if_equal(static_cast<std::uint32_t>(one.number), 0,
                              static_cast<std::uint8_t>(judgement.size())));
    filter.insert(filter.end(), judgement.begin(), judgement.end());
  }
  filter.push_back(answer(SECCOMP_RET_ALLOW));
  return filter;
}

/// From now on such a call of this thread, or of one that it starts, ends the case.
Verdict forbid(std::span<const SystemCall> calls) {
  std::size_t count = 0;
  for (const SystemCall& one : calls) {
    if (count < kMostCalls) forbidden[count++] = one;
  }
  struct ::sigaction action {};
  action.sa_sigaction = on_call;
  action.sa_flags = SA_SIGINFO;
  ::sigaction(SIGSYS, &action, nullptr);
  Filter filter = filter_of(calls);
  const ::sock_fprog program{.len = static_cast<unsigned short>(filter.size()),
                             .filter = filter.data()};
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  if (::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0) return passed();
  return skipped("this system filters no calls: {}", std::strerror(errno));
}

}  // namespace

Verdict watched(std::span<const SystemCall> calls, const std::function<void()>& work) {
  const auto told = std::make_shared<std::promise<Verdict>>();
  std::future<Verdict> done = told->get_future();
  std::thread([calls, &work, told] {
    const Verdict verdict = forbid(calls);
    if (verdict.outcome == Outcome::pass) work();
    told->set_value(verdict);
    std::promise<void>().get_future().wait();  // a thread that ends blocks signals
  }).detach();
  return done.get();
}

}  // namespace earshot::conformance

#include "conformance/loans.hpp"

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstring>
#include <utility>

#include <sys/mman.h>
#include <unistd.h>

#include "conformance/child.hpp"

namespace earshot::conformance {

namespace {

/// A signal's handler is given nothing else to find its loans by.
std::atomic<const Loans*> watched{nullptr};

std::size_t page_size() {
  return static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

void on_fault(int signal, ::siginfo_t* info, void* /*context*/) {
  const Loans* loans = watched.load();
  if (loans != nullptr) {
    const auto blamed = loans->blame(reinterpret_cast<std::uintptr_t>(info->si_addr));
    if (blamed) end_case(failed("it touches {}", *blamed));
  }
  ::signal(signal, SIG_DFL);  // the instruction is tried again, and ends the process
}

}  // namespace

Loans::Loans(Guards guards) : guards_(guards) {
  struct ::sigaction action {};
  action.sa_sigaction = on_fault;
  action.sa_flags = SA_SIGINFO;
  watched = this;
  ::sigaction(SIGSEGV, &action, nullptr);
}

Loans::~Loans() {
  ::signal(SIGSEGV, SIG_DFL);
  watched = nullptr;
  for (const Loan& loan : loans_)
    ::munmap(reinterpret_cast<void*>(loan.begin), (loan.pages + 1) * page_size());
}

void* Loans::lend(const void* data, std::size_t size, std::size_t align, Kind kind,
                  std::string what, std::uint64_t owner) {
  const std::size_t page = page_size();
  const std::size_t pages = std::max<std::size_t>(1, (size + page - 1) / page);
  void* mapped = ::mmap(nullptr, (pages + 1) * page, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) return nullptr;
  const auto begin = reinterpret_cast<std::uintptr_t>(mapped);
  const std::uintptr_t end = begin + pages * page;
  if (guards_.ends) ::mprotect(reinterpret_cast<void*>(end), page, PROT_NONE);
  auto* memory = reinterpret_cast<void*>((end - size) / align * align);
  if (data != nullptr && size != 0) std::memcpy(memory, data, size);
  const core::MutexLock lock(mutex_);
  loans_.push_back({begin, pages, kind, std::move(what), owner});
  return memory;
}

void Loans::call_in(std::uint64_t owner) {
  const core::MutexLock lock(mutex_);
  for (Loan& loan : loans_) {
    if (loan.owner == owner) end(loan);
  }
}

void Loans::call_in_all() {
  const core::MutexLock lock(mutex_);
  for (Loan& loan : loans_) end(loan);
}

void Loans::end(Loan& loan) {
  const bool guarded = loan.kind == Kind::answer ? guards_.answers : guards_.arguments;
  if (loan.over || !guarded) return;
  loan.over = true;
  ::mprotect(reinterpret_cast<void*>(loan.begin), loan.pages * page_size(), PROT_NONE);
}

std::optional<std::string> Loans::blame(std::uintptr_t address) const {
  const std::size_t page = page_size();
  for (const Loan& loan : loans_) {
    const std::uintptr_t end = loan.begin + loan.pages * page;
    if (address >= end && address < end + page && guards_.ends)
      return "beyond the end of " + loan.what;
    if (address >= loan.begin && address < end && loan.over) return loan.what + ", after its time";
  }
  return std::nullopt;
}

}  // namespace earshot::conformance

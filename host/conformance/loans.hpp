#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <earshot/core/base/mutex.hpp>

namespace earshot::conformance {

/// Memory that is lent to the plugin and tells when it is touched beyond its end or out of its
/// time: such a touch ends the case as a failure which names the loan. One at a time in a process.
/// [thread-safe]
class Loans {
 public:
  /// What a loan is of. Each is guarded only if asked for.
  enum class Kind { answer, argument };
  struct Guards {
    bool ends = false;       ///< What lies behind a loan may not be touched.
    bool answers = false;    ///< What a host function lent may not be touched after its time,
    bool arguments = false;  ///< what was passed to the plugin not after its return.
  };

  explicit Loans(Guards guards);
  ~Loans();
  Loans(const Loans&) = delete;
  Loans& operator=(const Loans&) = delete;

  /// A copy of `size` bytes whose last one is the last of a page (within `align`). `what` names it:
  /// "what `text` lent". `owner`: with whom it is called in. NULL where the system gives no more.
  [[nodiscard]] void* lend(const void* data, std::size_t size, std::size_t align, Kind kind,
                           std::string what, std::uint64_t owner);
  void call_in(std::uint64_t owner);
  void call_in_all();
  /// What is wrong with touching that address, where that is a loan's fault. Takes no lock.
  [[nodiscard]] std::optional<std::string> blame(std::uintptr_t address) const
      EAR_ANALYSIS(no_thread_safety_analysis);

 private:
  struct Loan {
    std::uintptr_t begin = 0;  ///< Of its first page.
    std::size_t pages = 0;     ///< Without the one behind it.
    Kind kind = Kind::answer;
    std::string what;
    std::uint64_t owner = 0;
    bool over = false;
  };

  void end(Loan& loan) EAR_REQUIRES(mutex_);

  Guards guards_;
  core::Mutex mutex_;
  std::vector<Loan> loans_ EAR_GUARDED_BY(mutex_);
};

}  // namespace earshot::conformance

#pragma once

/// Misbehaviour on demand: which requests fail, how, and how often.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <earshot/core/base/result.hpp>
#include <earshot/core/json/document.hpp>

namespace earshot::sandbox {

enum class FaultKind : std::uint8_t {
  rate_limit,           ///< 429 with Retry-After, in the product's words
  error500,             ///< 500 in the product's words
  error503,             ///< 503 with Retry-After, in the product's words
  reset,                ///< the connection is reset before any answer
  slow,                 ///< the right answer, late
  truncate,             ///< half of the declared body, then the connection closes
  invalid_json,         ///< a complete answer whose body breaks off
  duplicate_page,       ///< the page before, once more
  mutate_while_paging,  ///< items change just before the right answer
};
[[nodiscard]] std::string_view to_string(FaultKind kind) noexcept;

struct Fault {
  FaultKind kind = FaultKind::error500;
  std::string on = "*";     ///< Path of the request; '*' stands for any run of characters.
  std::uint64_t times = 1;  ///< How often it strikes.
  std::uint64_t after = 0;  ///< How many matching requests are let through first.
  std::chrono::seconds retry_after{1};
  std::chrono::milliseconds delay{1000};
  bool executed = false;     ///< The product executes the request before it fails.
  std::uint64_t passed = 0;  ///< Matching requests let through so far.
  std::uint64_t struck = 0;
};

/// Reads {"fault":"rate_limit","on":"/api/*","times":2,"after":1,"retry_after":3,"delay_ms":500,
/// "executed":true}. The error names the member and what it takes.
[[nodiscard]] core::Result<Fault> parse_fault(core::JsonValue object);
/// Reads the same written as "rate_limit,on=/api/*,times=2".
[[nodiscard]] core::Result<Fault> parse_fault(std::string_view spec);

/// The faults that are still to come, in the order they were added. [one thread at a time]
class FaultPlan {
 public:
  void add(Fault fault) { faults_.push_back(std::move(fault)); }
  void clear() { faults_.clear(); }
  /// The fault for the next request of this path, or null; counts it as struck. A duplicate_page
  /// waits until there is a page before (`repeatable`).
  [[nodiscard]] const Fault* next(std::string_view path, bool repeatable);
  [[nodiscard]] const std::vector<Fault>& all() const noexcept { return faults_; }

 private:
  std::vector<Fault> faults_;
};

}  // namespace earshot::sandbox

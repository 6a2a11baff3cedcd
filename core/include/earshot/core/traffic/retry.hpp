#pragma once

#include <cstdint>
#include <optional>

#include <earshot/core/base/random.hpp>
#include <earshot/core/base/time.hpp>
#include <earshot/core/http/message.hpp>

namespace earshot::core {

/// When and how often to try again.
struct RetryPolicy {
  int max_retries = 3;
  Micros base = std::chrono::seconds(1);
  Micros cap = std::chrono::seconds(60);  ///< Of back-off; what the product asks for has none.
  /// All retries of a client together: at most `budget_floor` and this share of its requests, so
  /// that a product that is down is not asked four times for everything.
  std::uint64_t budget_floor = 10;
  double budget_share = 0.2;

  /// Exponential back-off with full jitter: uniform in [0, min(cap, base * 2^attempt)); attempt
  /// counts from 0.
  [[nodiscard]] Micros backoff(int attempt, Random& random) const;
  /// Whether the budget allows one more.
  [[nodiscard]] bool affords(std::uint64_t retries, std::uint64_t requests) const noexcept;
};

/// The Retry-After header in both forms, seconds or HTTP date; a date in the past is zero; nonsense
/// is nothing. At most kLongestHold.
[[nodiscard]] std::optional<Micros> retry_after(const HttpHeaders& headers, Time now);

}  // namespace earshot::core

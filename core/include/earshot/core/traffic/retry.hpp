#pragma once

#include <optional>

#include <earshot/core/base/random.hpp>
#include <earshot/core/base/time.hpp>
#include <earshot/core/http/message.hpp>

namespace earshot::core {

/// When and how often to try again.
struct RetryPolicy {
  int max_retries = 3;
  Micros base = std::chrono::seconds(1);
  Micros cap =
      std::chrono::seconds(60);  ///< Of the product's own Retry-After no cap: see RetryAfter.

  /// Exponential back-off with full jitter: uniform in [0, min(cap, base * 2^attempt)); attempt
  /// counts from 0.
  [[nodiscard]] Micros backoff(int attempt, Random& random) const;
};

/// The Retry-After header in both forms, seconds or HTTP date; a date in the past is zero; nonsense
/// is nothing.
[[nodiscard]] std::optional<Micros> retry_after(const HttpHeaders& headers, Time now);

}  // namespace earshot::core

#pragma once

#include <chrono>
#include <cstdint>

#include <earshot/core/base/time.hpp>

namespace earshot::sandbox {

/// A count per calendar minute or day (UTC): it starts anew with each. [one thread at a time]
class PeriodLimit {
 public:
  PeriodLimit(std::uint64_t total, std::chrono::seconds period) : total_(total), period_(period) {}

  /// How the limit stands after one more request.
  struct Standing {
    bool allowed = true;
    std::uint64_t total = 0;
    std::uint64_t remaining = 0;
    std::chrono::seconds resets{0};  ///< Until the period is over; at least 1.
  };
  [[nodiscard]] Standing take(core::Time now) {
    const std::int64_t period = now.time_since_epoch() / period_;
    if (period != counted_) used_ = 0;
    counted_ = period;
    const bool allowed = used_ < total_;
    if (allowed) ++used_;
    const auto left = period_ * (period + 1) - now.time_since_epoch();
    return {allowed, total_, total_ - used_, std::chrono::ceil<std::chrono::seconds>(left)};
  }

 private:
  std::uint64_t total_;
  std::chrono::seconds period_;
  std::uint64_t used_ = 0;
  std::int64_t counted_ = -1;  ///< Number of the period since 1970 that `used_` counts.
};

}  // namespace earshot::sandbox

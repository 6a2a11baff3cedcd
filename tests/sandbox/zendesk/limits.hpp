#pragma once

#include <chrono>
#include <cstdint>

#include <earshot/core/base/time.hpp>

namespace earshot::sandbox {

/// A count per calendar minute, as Zendesk keeps its limits: it starts anew with each minute.
class MinuteLimit {
 public:
  explicit MinuteLimit(std::uint64_t total) : total_(total) {}

  /// How the limit stands after one more request.
  struct Standing {
    bool allowed = true;
    std::uint64_t total = 0;
    std::uint64_t remaining = 0;
    std::chrono::seconds resets{0};  ///< Until the minute is over; at least 1.
  };
  [[nodiscard]] Standing take(core::Time now) {
    const auto minute = std::chrono::floor<std::chrono::minutes>(now);
    if (minute.time_since_epoch() != minute_) used_ = 0;
    minute_ = minute.time_since_epoch();
    const bool allowed = used_ < total_;
    if (allowed) ++used_;
    const auto left = minute + std::chrono::minutes(1) - now;
    return {allowed, total_, total_ - used_, std::chrono::ceil<std::chrono::seconds>(left)};
  }

 private:
  std::uint64_t total_;
  std::uint64_t used_ = 0;
  std::chrono::minutes minute_{-1};
};

}  // namespace earshot::sandbox

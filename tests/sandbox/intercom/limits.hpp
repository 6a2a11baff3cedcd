#pragma once

#include <chrono>
#include <cstdint>

#include <earshot/core/base/time.hpp>

namespace earshot::sandbox {

/// A count per ten seconds of the calendar, as Intercom keeps its limits: a sixth of what it
/// publishes for a minute, anew with each ten seconds.
class TenSecondLimit {
 public:
  explicit TenSecondLimit(std::uint64_t per_minute) : total_(per_minute / 6) {}

  /// How the limit stands after one more request.
  struct Standing {
    bool allowed = true;
    std::uint64_t total = 0;
    std::uint64_t remaining = 0;
    std::int64_t resets = 0;  ///< Unix seconds.
  };
  [[nodiscard]] Standing take(core::Time now) {
    using Window = std::chrono::duration<std::int64_t, std::ratio<10>>;
    const Window window = std::chrono::floor<Window>(now.time_since_epoch());
    if (window != window_) used_ = 0;
    window_ = window;
    const bool allowed = used_ < total_;
    if (allowed) ++used_;
    return {allowed, total_, total_ - used_, (window.count() + 1) * 10};
  }
  [[nodiscard]] std::uint64_t total() const noexcept { return total_; }

 private:
  std::uint64_t total_;
  std::uint64_t used_ = 0;
  std::chrono::duration<std::int64_t, std::ratio<10>> window_{-1};
};

}  // namespace earshot::sandbox

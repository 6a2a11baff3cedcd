#pragma once

#include <mutex>
#include <utility>

#include <earshot/core/base/clock.hpp>

namespace earshot::sandbox {

/// Another clock, some time ahead of it or behind. [thread-safe]
class ShiftedClock final : public core::Clock {
 public:
  ShiftedClock(const core::Clock& base, core::Micros shift) : base_(base), shift_(shift) {}

  [[nodiscard]] core::Time now() const override {
    const std::lock_guard<std::mutex> lock(mutex_);
    return base_.now() + shift_;
  }
  [[nodiscard]] core::Tick tick() const override { return base_.tick(); }
  [[nodiscard]] bool runs() const noexcept override { return base_.runs(); }
  /// A shift wakes nobody: nothing in the sandbox waits on this clock.
  void on_advance(core::Callback<void()> /*wake*/) override {}

  void shift(core::Micros by) {
    const std::lock_guard<std::mutex> lock(mutex_);
    shift_ += by;
  }

 private:
  const core::Clock& base_;
  mutable std::mutex mutex_;
  core::Micros shift_;
};

}  // namespace earshot::sandbox

#pragma once

#include <condition_variable>
#include <mutex>
#include <utility>

#include <earshot/core/base/callback.hpp>
#include <earshot/core/runtime/loop.hpp>

namespace earshot::core {

/// How a plugin's stack waits while its loop works for it: the seam between thread, fiber and child
/// process.
class Suspension {
 public:
  using Resume = Callback<void()>;

  virtual ~Suspension() = default;
  /// Runs `start` on the call's loop and returns once `resume`, which `start` was given, has been
  /// called there. Called on the plugin's stack.
  virtual void wait(Callback<void(Resume)> start) = 0;
};

/// The call has an OS thread of its own, which blocks.
class ThreadSuspension final : public Suspension {
 public:
  explicit ThreadSuspension(Loop& loop) noexcept : loop_(loop) {}

  void wait(Callback<void(Resume)> start) override {
    loop_.post([this, start = std::move(start)]() mutable { start([this] { wake(); }); });
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return ready_; });
    ready_ = false;
  }

 private:
  void wake() {
    const std::lock_guard lock(mutex_);
    ready_ = true;
    changed_.notify_one();
  }

  Loop& loop_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool ready_ = false;
};

}  // namespace earshot::core

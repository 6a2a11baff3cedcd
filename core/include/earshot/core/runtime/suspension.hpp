#pragma once

#include <condition_variable>
#include <memory>
#include <utility>

#include <earshot/core/base/callback.hpp>
#include <earshot/core/base/mutex.hpp>
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
  explicit ThreadSuspension(Loop& loop) : loop_(loop), signal_(std::make_shared<Signal>()) {}

  void wait(Callback<void(Resume)> start) override {
    loop_.post([signal = signal_, start = std::move(start)]() mutable {
      start([signal = std::move(signal)] { signal->give(); });
    });
    signal_->take();
  }

 private:
  /// Outlives the suspension while its giver is still inside: who is woken under a lock would only
  /// wait for the lock.
  class Signal {
   public:
    void give() {
      {
        const MutexLock lock(mutex_);
        given_ = true;
      }
      changed_.notify_one();
    }
    void take() {
      MutexLock lock(mutex_);
      while (!given_) lock.wait(changed_);
      given_ = false;
    }

   private:
    Mutex mutex_;
    std::condition_variable changed_;
    bool given_ EAR_GUARDED_BY(mutex_) = false;
  };

  Loop& loop_;
  std::shared_ptr<Signal> signal_;
};

}  // namespace earshot::core

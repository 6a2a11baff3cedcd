#pragma once

#include <vector>

#include <earshot/core/base/callback.hpp>
#include <earshot/core/base/mutex.hpp>
#include <earshot/core/base/time.hpp>

namespace earshot::core {

/// Where all time comes from. Everything that waits, limits, expires or stamps asks a Clock that it
/// was given, so that a test spans an hour in microseconds. [thread-safe]
class Clock {
 public:
  virtual ~Clock() = default;
  /// Calendar time; may step.
  [[nodiscard]] virtual Time now() const = 0;
  /// Monotonic time; never steps.
  [[nodiscard]] virtual Tick tick() const = 0;
  /// True if ticks pass by themselves. If false, loops wait for `on_advance` instead of sleeping.
  [[nodiscard]] virtual bool runs() const noexcept = 0;
  /// Calls `wake`, which must not ask the clock, after every advance of a clock that does not run.
  /// Registered for the clock's life.
  virtual void on_advance(Callback<void()> wake) = 0;
};

/// The machine's clock.
class SystemClock final : public Clock {
 public:
  [[nodiscard]] Time now() const override;
  [[nodiscard]] Tick tick() const override;
  [[nodiscard]] bool runs() const noexcept override { return true; }
  void on_advance(Callback<void()> /*wake*/) override {}
};

/// A clock that moves when told to.
/// [thread-safe]
class VirtualClock final : public Clock {
 public:
  explicit VirtualClock(Time start) : now_(start) {}
  [[nodiscard]] Time now() const override;
  [[nodiscard]] Tick tick() const override;
  [[nodiscard]] bool runs() const noexcept override { return false; }
  void on_advance(Callback<void()> wake) override;

  /// Moves both times forward and wakes the loops.
  void advance(Micros by);
  /// Steps the calendar alone, as an operator or NTP does; may go back.
  void step_calendar(Micros by);

 private:
  mutable Mutex mutex_;
  Time now_ EAR_GUARDED_BY(mutex_);
  Tick tick_ EAR_GUARDED_BY(mutex_){};
  std::vector<Callback<void()>> wakes_ EAR_GUARDED_BY(mutex_);
};

}  // namespace earshot::core

#include "earshot/core/base/clock.hpp"

namespace earshot::core {

Time SystemClock::now() const {
  return std::chrono::floor<Micros>(std::chrono::system_clock::now());
}

Tick SystemClock::tick() const {
  return {std::chrono::floor<Micros>(std::chrono::steady_clock::now().time_since_epoch())};
}

Time VirtualClock::now() const {
  const MutexLock lock(mutex_);
  return now_;
}

Tick VirtualClock::tick() const {
  const MutexLock lock(mutex_);
  return tick_;
}

void VirtualClock::on_advance(Callback<void()> wake) {
  const MutexLock lock(mutex_);
  wakes_.push_back(std::move(wake));
}

void VirtualClock::advance(Micros by) {
  const MutexLock lock(mutex_);
  now_ += by;
  tick_ = tick_ + by;
  for (Callback<void()>& wake : wakes_) wake();
}

void VirtualClock::step_calendar(Micros by) {
  const MutexLock lock(mutex_);
  now_ += by;
}

}  // namespace earshot::core

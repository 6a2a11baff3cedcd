#include "tickets.hpp"

#include <utility>

namespace earshot::core {

void Tickets::stop() {
  const MutexLock lock(mutex_);
  stopping_ = true;
  for (const auto& [number, stop] : running_) {
    if (stop) stop();
  }
}

bool Tickets::stopping() const {
  const MutexLock lock(mutex_);
  return stopping_;
}

void Tickets::wait_until_none() {
  MutexLock lock(mutex_);
  while (!running_.empty()) lock.wait(changed_);
}

std::uint64_t Tickets::enter() {
  const MutexLock lock(mutex_);
  running_.emplace(++last_, nullptr);
  return last_;
}

void Tickets::stoppable(std::uint64_t number, std::function<void()> stop) {
  const MutexLock lock(mutex_);
  if (stopping_) stop();
  running_[number] = std::move(stop);
}

void Tickets::leave(std::uint64_t number) {
  const MutexLock lock(mutex_);
  running_.erase(number);
  changed_.notify_all();
}

}  // namespace earshot::core

#include "tickets.hpp"

#include <utility>

namespace earshot::core {

void Tickets::stop() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  for (const auto& [number, stop] : running_) {
    if (stop) stop();
  }
}

bool Tickets::stopping() const {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

void Tickets::wait_until_none() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return running_.empty(); });
}

std::uint64_t Tickets::enter() {
  const std::lock_guard lock(mutex_);
  running_.emplace(++last_, nullptr);
  return last_;
}

void Tickets::stoppable(std::uint64_t number, std::function<void()> stop) {
  const std::lock_guard lock(mutex_);
  if (stopping_) stop();
  running_[number] = std::move(stop);
}

void Tickets::leave(std::uint64_t number) {
  const std::lock_guard lock(mutex_);
  running_.erase(number);
  changed_.notify_all();
}

}  // namespace earshot::core

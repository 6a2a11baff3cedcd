#include "connection_share.hpp"

#include <algorithm>

namespace earshot::core {

void ConnectionShare::leave(Member& member) {
  std::erase(members_, &member);
  start_waiting();
}

std::size_t ConnectionShare::open() const noexcept {
  std::size_t open = 0;
  for (const Member* member : members_) open += member->open_count;
  return open;
}

bool ConnectionShare::has_room() const noexcept {
  return open() < most_ || std::any_of(members_.begin(), members_.end(),
                                       [](const Member* member) { return member->idle_count > 0; });
}

void ConnectionShare::make_room() {
  if (open() < most_) return;
  Member* oldest = nullptr;
  for (Member* member : members_) {
    if (member->idle_count == 0) continue;
    if (oldest == nullptr || member->oldest_idle() < oldest->oldest_idle()) oldest = member;
  }
  if (oldest != nullptr) oldest->close_oldest_idle();
}

void ConnectionShare::start_waiting() {
  for (std::size_t i = 0; i < members_.size(); ++i) {
    turn_ = (turn_ + 1) % members_.size();
    if (members_[turn_]->start_waiting()) return;
  }
}

}  // namespace earshot::core

#pragma once

#include <cstddef>
#include <vector>

#include <earshot/core/base/time.hpp>

namespace earshot::core {

/// A bound on the connections of several pools of one loop together. [one thread at a time]
class ConnectionShare {
 public:
  /// A pool that takes part. It outlives its membership.
  class Member {
   public:
    virtual ~Member() = default;
    /// Since when its oldest idle connection has been so; requires that there is one.
    [[nodiscard]] virtual Tick oldest_idle() const = 0;
    virtual void close_oldest_idle() = 0;
    /// Lets the first that waits and can go on do so; false where there is none.
    virtual bool start_waiting() = 0;

    std::size_t open_count = 0;  ///< Connections, idle or lent.
    std::size_t idle_count = 0;
  };

  explicit ConnectionShare(std::size_t most) : most_(most) {}

  void enter(Member& member) { members_.push_back(&member); }
  void leave(Member& member);

  /// True if one more may be opened, if need be in the place of an idle one.
  [[nodiscard]] bool has_room() const noexcept;
  /// Closes the connection that has been idle longest where there is no room without that.
  void make_room();
  /// One connection has come free: one of those that wait goes on, the pools taking turns.
  void start_waiting();

 private:
  [[nodiscard]] std::size_t open() const noexcept;

  std::size_t most_;
  std::vector<Member*> members_;
  std::size_t turn_ = 0;
};

}  // namespace earshot::core

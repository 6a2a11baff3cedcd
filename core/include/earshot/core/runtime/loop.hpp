#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <earshot/core/base/callback.hpp>
#include <earshot/core/base/clock.hpp>

namespace boost::asio {
class io_context;
}

namespace earshot::core {

/// A timer's name within its loop; 0 is none.
using TimerId = std::uint64_t;

/// One thread that runs what is posted to it, one thing after another, and owns the sockets,
/// limiters and calls of the accounts that belong to it. Nothing that runs on it blocks.
///
/// `post` is [thread-safe]; everything else is for the loop's own thread (see `is_current`).
class Loop {
 public:
  /// Starts the thread, named `name` (at most 15 characters, as top and gdb show it).
  Loop(Clock& clock, std::string name);
  /// Stops and joins; what is still posted or waiting is destroyed without being run.
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  /// Runs `task` on the loop's thread, after everything posted before. [any thread]
  void post(Callback<void()> task);

  /// Runs `task` once the clock has passed `delay`; ties in the order they were set.
  TimerId after(Micros delay, Callback<void()> task);
  /// The task will not run. Unknown and past ids are ignored.
  void cancel(TimerId timer);

  [[nodiscard]] bool is_current() const noexcept;
  [[nodiscard]] Clock& clock() const noexcept;
  /// For sockets; only the core's http and runtime folders know what it is.
  [[nodiscard]] boost::asio::io_context& io() noexcept;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace earshot::core

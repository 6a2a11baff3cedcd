#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include <earshot/core/base/callback.hpp>

namespace earshot::core {

/// Threads that run plugin calls, or CPU work that would hold a loop. Threads are made when needed,
/// up to `most`; further tasks queue in order. `stack` bytes of stack each. [thread-safe]
class ThreadPool {
 public:
  ThreadPool(std::string name, std::size_t most, std::size_t stack);
  /// Waits for running tasks; queued ones are destroyed unrun.
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  void run(Callback<void()> task);
  /// Tasks that wait until a running one ends.
  [[nodiscard]] std::size_t queued() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace earshot::core

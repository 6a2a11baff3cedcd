#pragma once

#include <csignal>
#include <functional>
#include <thread>

namespace earshot::host {

/// Turns SIGINT and SIGTERM into a call on a thread of its own. Make it before any other thread, so
/// that all of them leave the signals to it.
class InterruptWatcher {
 public:
  /// `interrupted` is called once for every signal, with the count so far.
  explicit InterruptWatcher(std::function<void(int count)> interrupted);
  ~InterruptWatcher();
  InterruptWatcher(const InterruptWatcher&) = delete;
  InterruptWatcher& operator=(const InterruptWatcher&) = delete;

 private:
  sigset_t before_{};
  std::thread thread_;
};

}  // namespace earshot::host

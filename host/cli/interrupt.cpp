#include "interrupt.hpp"

#include <utility>

#include <pthread.h>

namespace earshot::host {

namespace {

/// What the destructor sends to end the thread; nobody else uses it.
constexpr int kEnd = SIGUSR2;

}  // namespace

InterruptWatcher::InterruptWatcher(std::function<void(int count)> interrupted) {
  sigset_t watched;
  sigemptyset(&watched);
  for (const int signal : {SIGINT, SIGTERM, kEnd}) sigaddset(&watched, signal);
  pthread_sigmask(SIG_BLOCK, &watched, &before_);
  thread_ = std::thread([watched, interrupted = std::move(interrupted)] {
    int count = 0;
    int signal = 0;
    while (sigwait(&watched, &signal) == 0 && signal != kEnd) interrupted(++count);
  });
}

InterruptWatcher::~InterruptWatcher() {
  pthread_kill(thread_.native_handle(), kEnd);
  thread_.join();
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

}  // namespace earshot::host

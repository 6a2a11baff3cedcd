#pragma once

/// Locks that clang's thread-safety analysis can follow, as it cannot follow libstdc++'s: what a
/// mutex guards says so, and `scripts/tidy` refuses code that touches it without the lock.

#include <condition_variable>
#include <mutex>

#if defined(__clang__)
#define EAR_ANALYSIS(...) __attribute__((__VA_ARGS__))
#else
#define EAR_ANALYSIS(...)
#endif
/// Behind a member: it is touched with the mutex held alone.
#define EAR_GUARDED_BY(mutex) EAR_ANALYSIS(guarded_by(mutex))
/// Behind a function: it is called with the mutex held.
#define EAR_REQUIRES(mutex) EAR_ANALYSIS(requires_capability(mutex))

namespace earshot::core {

class EAR_ANALYSIS(capability("mutex")) Mutex {
 private:
  friend class MutexLock;
  std::mutex mutex_;
};

/// Holds a mutex while it lives.
class EAR_ANALYSIS(scoped_lockable) MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) EAR_ANALYSIS(acquire_capability(mutex)) : lock_(mutex.mutex_) {}
  ~MutexLock() EAR_ANALYSIS(release_capability()) = default;
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

  void unlock() EAR_ANALYSIS(release_capability()) { lock_.unlock(); }
  void lock() EAR_ANALYSIS(acquire_capability()) { lock_.lock(); }

  /// Gives the mutex away until the condition is notified, or for no reason: look again.
  void wait(std::condition_variable& condition) { condition.wait(lock_); }
  template <typename Duration>
  std::cv_status wait_for(std::condition_variable& condition, Duration longest) {
    return condition.wait_for(lock_, longest);
  }

 private:
  std::unique_lock<std::mutex> lock_;
};

}  // namespace earshot::core

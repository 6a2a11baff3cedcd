#include "earshot/core/runtime/thread_pool.hpp"

#include <algorithm>
#include <climits>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <utility>
#include <vector>

#include <pthread.h>

#include <earshot/core/base/mutex.hpp>

#if defined(__has_feature)
#define EARSHOT_HAS_FEATURE(name) __has_feature(name)
#else
#define EARSHOT_HAS_FEATURE(name) 0
#endif

namespace earshot::core {
namespace {

constexpr std::size_t kLongestThreadName = 15;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || \
    EARSHOT_HAS_FEATURE(address_sanitizer) || EARSHOT_HAS_FEATURE(thread_sanitizer)
constexpr std::size_t kLeastStack = 1 << 20;  // sanitizers make frames several times as large
#else
constexpr std::size_t kLeastStack = 64 * 1024;
#endif

}  // namespace

class ThreadPool::Impl {
 public:
  Impl(std::string name, std::size_t most, std::size_t stack)
      : name_(std::move(name)), most_(std::max<std::size_t>(most, 1)) {
    name_.resize(std::min(name_.size(), kLongestThreadName));
    const auto smallest = std::max(kLeastStack, static_cast<std::size_t>(PTHREAD_STACK_MIN));
    pthread_attr_init(&attributes_);
    pthread_attr_setstacksize(&attributes_, std::max(stack, smallest));
  }

  ~Impl() {
    stop();
    wake_.notify_all();
    for (const pthread_t thread : threads_) pthread_join(thread, nullptr);
    pthread_attr_destroy(&attributes_);
  }

  void run(Callback<void()> task) {
    {
      const MutexLock lock(mutex_);
      if (stopping_) return;
      queue_.push_back(std::move(task));
      if (queue_.size() > idle_ && threads_.size() < most_) grow();
    }
    wake_.notify_one();
  }

  [[nodiscard]] std::size_t queued() const {
    const MutexLock lock(mutex_);
    return queue_.size() - std::min(queue_.size(), idle_);
  }

 private:
  /// What is destroyed unrun is so without the lock, as it may call back in here, and before the
  /// wait for running tasks, as these may wait for it.
  void stop() {
    std::deque<Callback<void()>> unrun;
    const MutexLock lock(mutex_);
    stopping_ = true;
    unrun.swap(queue_);
  }

  /// Without a further thread the tasks wait for those that there are; without any, nothing would
  /// ever run.
  void grow() EAR_REQUIRES(mutex_) {
    pthread_t thread{};
    const auto start = [](void* pool) -> void* {
      static_cast<Impl*>(pool)->work();
      return nullptr;
    };
    if (pthread_create(&thread, &attributes_, start, this) == 0) {
      threads_.push_back(thread);
      ++idle_;
    } else if (threads_.empty()) {
      std::fprintf(stderr, "earshot: the system gives no thread for %s\n", name_.c_str());
      std::abort();
    }
  }

  void work() {
    pthread_setname_np(pthread_self(), name_.c_str());
    while (Callback<void()> task = next()) {
      task();
      task = {};
      const MutexLock lock(mutex_);
      ++idle_;
    }
  }

  /// The next task, or none when the pool stops.
  Callback<void()> next() {
    MutexLock lock(mutex_);
    while (!stopping_ && queue_.empty()) lock.wait(wake_);
    --idle_;
    if (stopping_) return {};
    Callback<void()> task = std::move(queue_.front());
    queue_.pop_front();
    return task;
  }

  std::string name_;
  const std::size_t most_;
  pthread_attr_t attributes_{};
  mutable Mutex mutex_;
  std::condition_variable wake_;
  std::deque<Callback<void()>> queue_ EAR_GUARDED_BY(mutex_);
  std::vector<pthread_t> threads_ EAR_GUARDED_BY(mutex_);
  /// Threads that take the next tasks, those just being made too.
  std::size_t idle_ EAR_GUARDED_BY(mutex_) = 0;
  bool stopping_ EAR_GUARDED_BY(mutex_) = false;
};

ThreadPool::ThreadPool(std::string name, std::size_t most, std::size_t stack)
    : impl_(std::make_unique<Impl>(std::move(name), most, stack)) {}
ThreadPool::~ThreadPool() = default;

void ThreadPool::run(Callback<void()> task) {
  impl_->run(std::move(task));
}
std::size_t ThreadPool::queued() const {
  return impl_->queued();
}

}  // namespace earshot::core

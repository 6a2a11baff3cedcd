#include "earshot/core/runtime/loop.hpp"

#include <algorithm>
#include <cassert>
#include <limits>
#include <map>
#include <thread>
#include <unordered_map>
#include <utility>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <pthread.h>

#include <earshot/core/base/mutex.hpp>

namespace earshot::core {
namespace {

constexpr std::size_t kLongestThreadName = 15;
constexpr Tick kNever{Micros::max()};

/// What a clock's wake reaches: the loop while it lives, nothing afterwards.
class Bell {
 public:
  explicit Bell(Callback<void()> ring) : ring_(std::move(ring)) {}
  void ring() {
    const MutexLock lock(mutex_);
    if (ring_) ring_();
  }
  void silence() {
    const MutexLock lock(mutex_);
    ring_ = {};
  }

 private:
  Mutex mutex_;
  Callback<void()> ring_ EAR_GUARDED_BY(mutex_);
};

}  // namespace

class Loop::Impl {
 public:
  Impl(Clock& clock, std::string name) : clock_(clock) {
    clock_.on_advance([bell = std::weak_ptr<Bell>(bell_)] {
      if (const auto alive = bell.lock()) alive->ring();
    });
    name.resize(std::min(name.size(), kLongestThreadName));
    thread_ = std::thread([this, name = std::move(name)] {
      pthread_setname_np(pthread_self(), name.c_str());
      io_.run();
    });
  }

  ~Impl() {
    bell_->silence();
    io_.stop();
    thread_.join();
  }

  void post(Callback<void()> task) {
    boost::asio::post(io_, [run = std::move(task)]() mutable { run(); });
  }

  TimerId after(Micros delay, Callback<void()> task) {
    const TimerId id = next_id_++;
    const Tick due = clock_.tick() + delay;
    due_.emplace(id, due);
    timers_.emplace(std::pair(due, id), std::move(task));
    arm();
    return id;
  }

  void cancel(TimerId timer) {
    const auto found = due_.find(timer);
    if (found == due_.end()) return;
    const auto at = timers_.find({found->second, timer});
    const Callback<void()> unrun = std::move(at->second);  // dies last: it may call back in here
    due_.erase(found);
    timers_.erase(at);
  }

  [[nodiscard]] bool is_current() const noexcept {
    return work_.get_executor().running_in_this_thread();
  }

  Clock& clock_;
  boost::asio::io_context io_;  // with a hint of one thread it would reorder posts

 private:
  /// Sees to it that `fire` runs when the first timer is due.
  void arm() {
    if (timers_.empty() || timers_.begin()->first.first >= armed_for_) return;
    armed_for_ = timers_.begin()->first.first;
    const Micros wait = armed_for_ - clock_.tick();
    if (wait <= Micros::zero()) return post([this] { fire(); });
    if (!clock_.runs()) return;
    sleep_.expires_after(wait);
    sleep_.async_wait([this](boost::system::error_code error) {
      if (!error) fire();
    });
  }

  /// Runs what is due. What these tasks add waits for the next turn, so that posted tasks get
  /// theirs.
  void fire() {
    const Tick now = clock_.tick();
    const TimerId added_from = next_id_;
    while (!timers_.empty()) {
      const auto [due, id] = timers_.begin()->first;
      if (due > now || id >= added_from) break;
      Callback<void()> task = std::move(timers_.begin()->second);
      timers_.erase(timers_.begin());
      due_.erase(id);
      task();
    }
    armed_for_ = kNever;
    arm();
  }

  const std::shared_ptr<Bell> bell_ = std::make_shared<Bell>([this] { post([this] { fire(); }); });
  const boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
      io_.get_executor()};
  boost::asio::steady_timer sleep_{io_};
  std::map<std::pair<Tick, TimerId>, Callback<void()>> timers_;
  std::unordered_map<TimerId, Tick> due_;
  TimerId next_id_ = 1;
  Tick armed_for_ = kNever;
  std::thread thread_;
};

Loop::Loop(Clock& clock, std::string name)
    : impl_(std::make_unique<Impl>(clock, std::move(name))) {}
Loop::~Loop() = default;

void Loop::post(Callback<void()> task) {
  impl_->post(std::move(task));
}

TimerId Loop::after(Micros delay, Callback<void()> task) {
  assert(is_current());
  return impl_->after(delay, std::move(task));
}

void Loop::cancel(TimerId timer) {
  assert(is_current());
  impl_->cancel(timer);
}

bool Loop::is_current() const noexcept {
  return impl_->is_current();
}
Clock& Loop::clock() const noexcept {
  return impl_->clock_;
}
boost::asio::io_context& Loop::io() noexcept {
  return impl_->io_;
}

}  // namespace earshot::core

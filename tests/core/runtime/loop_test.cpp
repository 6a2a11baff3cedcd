#include <array>
#include <atomic>
#include <future>
#include <memory>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <pthread.h>

#include <earshot/core/runtime/loop.hpp>

namespace earshot::core {
namespace {

using std::chrono::hours, std::chrono::milliseconds, std::chrono::seconds;
using testing::ElementsAre;

/// Runs `task` on the loop and waits until it, and everything posted before, is done.
void on(Loop& loop, Callback<void()> task) {
  std::promise<void> done;
  loop.post([&] {
    task();
    done.set_value();
  });
  done.get_future().wait();
}
void settle(Loop& loop) {
  on(loop, [] {});
}

/// Counts how many of its copies' owners are gone.
struct Tracer {
  explicit Tracer(std::atomic<int>& gone) : gone_(&gone) {}
  Tracer(Tracer&& other) noexcept : gone_(std::exchange(other.gone_, nullptr)) {}
  Tracer(const Tracer&) = delete;
  ~Tracer() {
    if (gone_ != nullptr) ++*gone_;
  }
  std::atomic<int>* gone_;
};

class VirtualLoop : public testing::Test {
 protected:
  /// What has run, in order; written on the loop alone.
  std::vector<int> ran_;
  VirtualClock clock_{Time{}};
  Loop loop_{clock_, "virtual"};

  Callback<void()> note(int what) {
    return [this, what] { ran_.push_back(what); };
  }
  void advance(Micros by) {
    clock_.advance(by);
    settle(loop_);
  }
};

TEST_F(VirtualLoop, RunsPostedTasksInOrder) {
  for (int i = 0; i < 100; ++i) loop_.post(note(i));
  settle(loop_);
  ASSERT_EQ(ran_.size(), 100u);
  EXPECT_TRUE(std::is_sorted(ran_.begin(), ran_.end()));
}

TEST_F(VirtualLoop, KnowsItsOwnThread) {
  bool inside = false;
  on(loop_, [&] { inside = loop_.is_current(); });
  EXPECT_TRUE(inside);
  EXPECT_FALSE(loop_.is_current());
}

TEST_F(VirtualLoop, NamesItsThread) {
  Loop loop(clock_, "a-name-that-is-far-too-long");
  std::array<char, 32> name{};
  on(loop, [&] { pthread_getname_np(pthread_self(), name.data(), name.size()); });
  EXPECT_STREQ(name.data(), "a-name-that-is-");
}

TEST_F(VirtualLoop, FiresTimersInOrderOfTimeThenOfSetting) {
  on(loop_, [&] {
    loop_.after(seconds(3), note(3));
    loop_.after(seconds(1), note(1));
    loop_.after(seconds(2), note(20));
    loop_.after(seconds(2), note(21));
  });
  advance(milliseconds(999));
  EXPECT_THAT(ran_, ElementsAre());
  advance(milliseconds(1));
  EXPECT_THAT(ran_, ElementsAre(1));
  advance(hours(1));
  EXPECT_THAT(ran_, ElementsAre(1, 20, 21, 3));
}

TEST_F(VirtualLoop, FiresWhatIsDueAtOnceWithoutAnAdvance) {
  on(loop_, [&] {
    loop_.after(Micros(0), note(1));
    loop_.after(-seconds(5), note(0));
    ran_.push_back(-1);
  });
  settle(loop_);
  EXPECT_THAT(ran_, ElementsAre(-1, 0, 1));
}

TEST_F(VirtualLoop, LetsPostedTasksPassATimerThatRenewsItself) {
  std::atomic<bool> stop = false;
  Callback<void()> renew;
  renew = [&] {
    if (!stop) loop_.after(Micros(0), [&] { renew(); });
  };
  on(loop_, [&] { renew(); });
  settle(loop_);
  stop = true;
  settle(loop_);
}

TEST_F(VirtualLoop, FiresTimersSetByTimers) {
  on(loop_, [&] {
    loop_.after(seconds(1), [&] {
      ran_.push_back(1);
      loop_.after(seconds(1), note(2));
    });
  });
  advance(seconds(1));
  EXPECT_THAT(ran_, ElementsAre(1));
  advance(seconds(1));
  EXPECT_THAT(ran_, ElementsAre(1, 2));
}

TEST_F(VirtualLoop, DoesNotFireWhatIsCancelled) {
  std::atomic<int> gone = 0;
  on(loop_, [&] {
    const TimerId first =
        loop_.after(seconds(1), [t = Tracer(gone), n = note(1)]() mutable { n(); });
    loop_.after(seconds(1), note(2));
    EXPECT_NE(first, 0u);
    loop_.cancel(first);
    loop_.cancel(first);
    loop_.cancel(0);
    loop_.cancel(12345);
  });
  EXPECT_EQ(gone, 1);
  advance(seconds(2));
  EXPECT_THAT(ran_, ElementsAre(2));
}

TEST_F(VirtualLoop, LetsATimerCancelAnotherThatIsDueWithIt) {
  on(loop_, [&] {
    auto second = std::make_shared<TimerId>(0);
    loop_.after(seconds(1), [this, second] { loop_.cancel(*second); });
    *second = loop_.after(seconds(1), note(2));
    loop_.after(seconds(1), note(3));
  });
  advance(seconds(1));
  EXPECT_THAT(ran_, ElementsAre(3));
}

TEST_F(VirtualLoop, IgnoresStepsOfTheCalendar) {
  on(loop_, [&] { loop_.after(seconds(1), note(1)); });
  clock_.step_calendar(hours(24));
  settle(loop_);
  EXPECT_THAT(ran_, ElementsAre());
}

TEST(Loop, DestroysWhatHasNotRun) {
  VirtualClock clock(Time{});
  std::atomic<int> gone = 0;
  std::atomic<int> ran = 0;
  {
    Loop loop(clock, "short");
    on(loop, [&] { loop.after(seconds(1), [t = Tracer(gone), &ran] { ++ran; }); });
  }
  EXPECT_EQ(gone, 1);
  EXPECT_EQ(ran, 0);
}

TEST(Loop, DestroysWhatIsPostedWhileItStops) {
  VirtualClock clock(Time{});
  std::atomic<int> gone = 0;
  for (int i = 0; i < 50; ++i) {
    Loop loop(clock, "short");
    for (int j = 0; j < 10; ++j) loop.post([t = Tracer(gone)] {});
  }
  EXPECT_EQ(gone, 500);
}

TEST(Loop, OutlivedByItsClockIsNotWoken) {
  VirtualClock clock(Time{});
  std::atomic<int> ran = 0;
  {
    Loop loop(clock, "gone");
    on(loop, [&] { loop.after(seconds(1), [&] { ++ran; }); });
  }
  clock.advance(seconds(2));
  EXPECT_EQ(ran, 0);
}

TEST(Loop, MayGoWhileItsClockIsAdvanced) {
  VirtualClock clock(Time{});
  std::atomic<bool> stop = false;
  std::thread ticker([&] {
    while (!stop) clock.advance(Micros(1));
  });
  for (int i = 0; i < 20; ++i) {
    Loop loop(clock, "brief");
    on(loop, [&] { loop.after(Micros(1), [] {}); });
  }
  stop = true;
  ticker.join();
}

TEST(Loop, TakesPostsFromManyThreads) {
  VirtualClock clock(Time{});
  Loop loop(clock, "busy");
  int count = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 1000; ++j) loop.post([&] { ++count; });
    });
  }
  for (std::thread& thread : threads) thread.join();
  settle(loop);
  EXPECT_EQ(count, 4000);
}

TEST(Loop, FiresTimersOfARunningClock) {
  SystemClock clock;
  Loop loop(clock, "real");
  std::promise<std::vector<int>> done;
  std::vector<int> ran;
  const Tick start = clock.tick();
  on(loop, [&] {
    loop.after(milliseconds(20), [&] { done.set_value(ran); });
    const TimerId cancelled = loop.after(milliseconds(5), [&] { ran.push_back(-1); });
    loop.after(milliseconds(10), [&] { ran.push_back(2); });
    loop.after(milliseconds(1), [&] { ran.push_back(1); });
    loop.cancel(cancelled);
  });
  EXPECT_THAT(done.get_future().get(), ElementsAre(1, 2));
  EXPECT_GE(clock.tick() - start, milliseconds(20));
}

}  // namespace
}  // namespace earshot::core

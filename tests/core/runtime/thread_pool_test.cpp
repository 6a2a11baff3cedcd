#include <array>
#include <atomic>
#include <future>
#include <latch>
#include <mutex>
#include <set>
#include <thread>

#include <gmock/gmock.h>
#include <pthread.h>

#include <earshot/core/runtime/thread_pool.hpp>

namespace earshot::core {
namespace {

constexpr std::size_t kStack = 256 * 1024;

TEST(ThreadPool, RunsTasksAtTheSameTimeUpToItsMost) {
  ThreadPool pool("pool", 4, kStack);
  std::latch together(5);
  for (int i = 0; i < 4; ++i) pool.run([&] { together.arrive_and_wait(); });
  together.arrive_and_wait();
  EXPECT_EQ(pool.queued(), 0u);
}

TEST(ThreadPool, QueuesBeyondItsMostInOrder) {
  std::vector<int> ran;
  ThreadPool pool("pool", 1, kStack);
  std::promise<void> started;
  std::promise<void> release;
  std::promise<void> done;
  pool.run([&] {
    started.set_value();
    release.get_future().wait();
  });
  started.get_future().wait();
  for (int i = 0; i < 5; ++i) pool.run([&, i] { ran.push_back(i); });
  pool.run([&] { done.set_value(); });
  EXPECT_EQ(pool.queued(), 6u);
  release.set_value();
  done.get_future().wait();
  EXPECT_THAT(ran, testing::ElementsAre(0, 1, 2, 3, 4));
}

TEST(ThreadPool, CountsNobodyAsQueuedWhoHasAThread) {
  ThreadPool pool("pool", 2, kStack);
  std::latch release(1);
  for (int i = 0; i < 2; ++i) {
    pool.run([&] { release.wait(); });
    EXPECT_EQ(pool.queued(), 0u) << "its thread may still be starting";
  }
  pool.run([] {});
  EXPECT_EQ(pool.queued(), 1u);
  release.count_down();
}

TEST(ThreadPool, UsesAThreadAgain) {
  ThreadPool pool("pool", 2, kStack);
  std::mutex mutex;
  std::set<std::thread::id> threads;
  for (int i = 0; i < 50; ++i) {
    std::promise<void> done;
    pool.run([&] {
      {
        const std::lock_guard lock(mutex);
        threads.insert(std::this_thread::get_id());
      }
      done.set_value();
    });
    done.get_future().wait();
  }
  EXPECT_LE(threads.size(), 2u);
}

TEST(ThreadPool, GivesItsThreadsTheirStackAndName) {
  constexpr std::size_t kLarge = 16 * 1024 * 1024;  // more than any thread has by default
  ThreadPool pool("a-name-that-is-far-too-long", 1, kLarge);
  std::promise<std::pair<std::string, std::size_t>> about;
  pool.run([&] {
    std::array<char, 32> name{};
    pthread_getname_np(pthread_self(), name.data(), name.size());
    pthread_attr_t attributes;
    std::size_t stack = 0;
    pthread_getattr_np(pthread_self(), &attributes);
    pthread_attr_getstacksize(&attributes, &stack);
    pthread_attr_destroy(&attributes);
    about.set_value({name.data(), stack});
  });
  const auto [name, stack] = about.get_future().get();
  EXPECT_EQ(name, "a-name-that-is-");
  EXPECT_GE(stack, kLarge);
}

TEST(ThreadPool, TakesTasksFromItsOwnTasks) {
  std::promise<void> done;
  ThreadPool pool("pool", 1, kStack);
  pool.run([&] { pool.run([&] { done.set_value(); }); });
  done.get_future().wait();
  EXPECT_EQ(pool.queued(), 0u);
}

TEST(ThreadPool, WaitsForWhatRunsAndDestroysWhatDoesNot) {
  bool finished = false;
  const auto held = std::make_shared<int>(0);
  std::promise<void> started;
  std::promise<void> queued;
  {
    ThreadPool pool("pool", 1, kStack);
    pool.run([&] {
      started.set_value();
      queued.get_future().wait();
      // The pool destroys the queue before it waits for this task.
      while (held.use_count() > 1) std::this_thread::yield();
      pool.run([held] { ++*held; });
      finished = true;
    });
    pool.run([held] { ++*held; });
    queued.set_value();
    started.get_future().wait();
  }
  EXPECT_TRUE(finished);
  EXPECT_EQ(*held, 0);
  EXPECT_EQ(held.use_count(), 1);
}

}  // namespace
}  // namespace earshot::core

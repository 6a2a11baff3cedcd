#include <gmock/gmock.h>

#include <earshot/core/base/clock.hpp>

namespace earshot::core {
namespace {

using std::chrono::hours, std::chrono::seconds;

TEST(SystemClock, RunsAndDoesNotStepBack) {
  SystemClock clock;
  const Tick first = clock.tick();
  EXPECT_TRUE(clock.runs());
  EXPECT_LE(first, clock.tick());
  EXPECT_GT(clock.now(), *parse_time("2020-01-01"));
}

TEST(VirtualClock, MovesOnlyWhenTold) {
  VirtualClock clock(*parse_time("2026-03-02"));
  EXPECT_FALSE(clock.runs());
  EXPECT_EQ(clock.tick(), clock.tick());
  const Tick before = clock.tick();
  clock.advance(seconds(90));
  EXPECT_EQ(rfc3339(clock.now()), "2026-03-02T00:01:30Z");
  EXPECT_EQ(clock.tick() - before, seconds(90));
}

TEST(VirtualClock, StepsTheCalendarAlone) {
  VirtualClock clock(*parse_time("2026-03-02T12:00:00Z"));
  const Tick before = clock.tick();
  clock.step_calendar(-hours(1));
  EXPECT_EQ(rfc3339(clock.now()), "2026-03-02T11:00:00Z");
  EXPECT_EQ(clock.tick(), before);
}

TEST(VirtualClock, WakesEveryoneAfterAnAdvance) {
  VirtualClock clock(Time{});
  int woken = 0;
  clock.on_advance([&] { ++woken; });
  clock.on_advance([&] { woken += 10; });
  clock.advance(seconds(1));
  clock.step_calendar(seconds(1));
  EXPECT_EQ(woken, 11);
}

}  // namespace
}  // namespace earshot::core

#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include <earshot/core/traffic/limiter.hpp>

namespace earshot::core {
namespace {

using namespace std::chrono_literals;

const LimitDraw kDraw{.path = "/surveys", .key = {}};
const Time kNoon{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2} + 12h};
constexpr auto kUntilMidnight = 12h;

Tick at(Micros time) {
  return {time};
}

/// A quota of ten a day, whose headers tell what is left and when it is whole again.
class DayQuota : public testing::Test {
 protected:
  static std::vector<LimitRule> rules() {
    return {{.bucket = "day",
             .match = {},
             .requests = 10,
             .per = 24h,
             .fixed_window = true,
             .headers = {.limit = {}, .remaining = "x-left", .used = {}, .reset = "x-reset"}}};
  }
  void book(int count, Tick now) {
    for (int i = 0; i < count; ++i) EXPECT_EQ(limiter_.book(kDraw, now), 0s) << i;
  }
  void told(int left, std::chrono::seconds reset, Tick now) {
    limiter_.learn(kDraw,
                   {{"x-left", std::to_string(left)}, {"x-reset", std::to_string(reset.count())}},
                   now, kNoon);
  }

  RateLimiter limiter_{rules()};
};

TEST_F(DayQuota, IsWholeAgainAtTheProductsReset) {
  book(1, at(1s));
  told(9, kUntilMidnight, at(1s));
  book(9, at(2s));
  EXPECT_EQ(limiter_.delay(kDraw, at(2s)), kUntilMidnight) << "a second more than the product says";
  EXPECT_EQ(limiter_.delay(kDraw, at(2s + kUntilMidnight)), 0s);
  book(10, at(2s + kUntilMidnight));
  EXPECT_EQ(limiter_.delay(kDraw, at(2s + kUntilMidnight)), 24h);
}

TEST_F(DayQuota, CountsFromTheFirstRequestUntilTold) {
  book(10, at(5s));
  EXPECT_EQ(limiter_.delay(kDraw, at(1h)), 23h + 5s);
  EXPECT_EQ(limiter_.delay(kDraw, at(24h + 5s)), 0s);
}

TEST_F(DayQuota, TakesWhatOthersSpentFromTheHeaders) {
  book(1, at(0s));
  told(2, kUntilMidnight, at(0s));
  EXPECT_EQ(limiter_.view(at(0s)).front().left, 2U);
  book(2, at(1s));
  EXPECT_GT(limiter_.delay(kDraw, at(1s)), 11h);
}

TEST_F(DayQuota, NeverBelievesThatMoreIsLeftThanItSpent) {
  book(6, at(0s));
  told(9, kUntilMidnight, at(0s));  // the answer to the first of six
  EXPECT_EQ(limiter_.view(at(0s)).front().left, 4U);
}

TEST_F(DayQuota, NoticesThatTheProductsDayBeganAnew) {
  book(8, at(0s));
  told(2, 1h, at(0s));
  book(1, at(50min));
  told(9, 24h, at(50min));  // its clock is ten minutes ahead
  EXPECT_EQ(limiter_.view(at(50min)).front().left, 9U);
  book(9, at(51min));
  EXPECT_EQ(limiter_.delay(kDraw, at(51min)), 24h - 1min);
}

TEST_F(DayQuota, GivesBackWhatWasNotSent) {
  book(10, at(0s));
  limiter_.give_back(kDraw, at(0s));
  EXPECT_EQ(limiter_.delay(kDraw, at(1s)), 0s);
}

TEST_F(DayQuota, SurvivesARestart) {
  book(7, at(100s));
  told(3, kUntilMidnight, at(100s));
  RateLimiter after(rules());
  after.restore(limiter_.save(at(100s), kNoon), at(3s), kNoon + 1h);
  EXPECT_EQ(after.view(at(3s)).front().left, 3U);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(after.book(kDraw, at(3s)), 0s);
  EXPECT_EQ(after.delay(kDraw, at(3s)), kUntilMidnight - 1h + 1s);
}

TEST_F(DayQuota, IsWholeAfterARestartOnTheNextDay) {
  book(10, at(100s));
  told(0, kUntilMidnight, at(100s));
  RateLimiter after(rules());
  after.restore(limiter_.save(at(100s), kNoon), at(3s), kNoon + kUntilMidnight + 2s);
  EXPECT_EQ(after.delay(kDraw, at(3s)), 0s);
  EXPECT_EQ(after.view(at(3s)).front().left, 10U);
}

}  // namespace
}  // namespace earshot::core

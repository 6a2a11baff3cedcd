#include <algorithm>
#include <chrono>

#include <gtest/gtest.h>

#include <earshot/core/traffic/hold.hpp>
#include <earshot/core/traffic/retry.hpp>

namespace earshot::core {
namespace {

using namespace std::chrono_literals;

const Time kNoon{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2} + 12h};

TEST(RetryPolicy, BacksOffWithFullJitterUpToTheCap) {
  const RetryPolicy policy{.max_retries = 3, .base = 1s, .cap = 5s};
  Random random(7);
  const Micros spans[] = {1s, 2s, 4s, 5s, 5s};
  for (int attempt = 0; attempt < 5; ++attempt) {
    Micros least = 1h;
    Micros most{0};
    for (int i = 0; i < 2000; ++i) {
      const Micros wait = policy.backoff(attempt, random);
      least = std::min(least, wait);
      most = std::max(most, wait);
    }
    EXPECT_GE(least, 0s);
    EXPECT_LT(least, spans[attempt] / 20);
    EXPECT_LT(most, spans[attempt]);
    EXPECT_GT(most, spans[attempt] * 9 / 10);
  }
  EXPECT_LT(policy.backoff(1'000'000, random), 5s);
}

TEST(RetryPolicy, AffordsAShareOfAllRequests) {
  const RetryPolicy policy;
  EXPECT_TRUE(policy.affords(9, 0));
  EXPECT_FALSE(policy.affords(10, 0));
  EXPECT_TRUE(policy.affords(29, 100));
  EXPECT_FALSE(policy.affords(30, 100));
}

std::optional<Micros> read(const char* value) {
  return retry_after({{"Retry-After", value}}, kNoon);
}

TEST(RetryAfter, ReadsSecondsAndDates) {
  EXPECT_EQ(read("17"), 17s);
  EXPECT_EQ(read(" 0 "), 0s);
  EXPECT_EQ(read("Mon, 02 Mar 2026 12:01:30 GMT"), 90s);
}

TEST(RetryAfter, TakesAPastDateAsNow) {
  EXPECT_EQ(read("Sun, 06 Nov 1994 08:49:37 GMT"), 0s);
}

TEST(RetryAfter, BoundsAbsurdValues) {
  EXPECT_EQ(read("86400"), kLongestHold);
  EXPECT_EQ(read("86401"), kLongestHold);
  EXPECT_EQ(read("99999999999"), kLongestHold);
  EXPECT_EQ(read("99999999999999999999999999"), kLongestHold);
  EXPECT_EQ(read("Tue, 18 Nov 2036 12:00:00 GMT"), kLongestHold);
}

TEST(RetryAfter, IgnoresNonsense) {
  EXPECT_EQ(read("soon"), std::nullopt);
  EXPECT_EQ(read("-5"), std::nullopt);
  EXPECT_EQ(read(""), std::nullopt);
  EXPECT_EQ(retry_after({}, kNoon), std::nullopt);
}

}  // namespace
}  // namespace earshot::core

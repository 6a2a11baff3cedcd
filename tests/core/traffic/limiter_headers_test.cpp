#include <chrono>
#include <string>

#include <gtest/gtest.h>

#include <earshot/core/traffic/limiter.hpp>

namespace earshot::core {
namespace {

using namespace std::chrono_literals;

constexpr Micros kNoSlack{0};
const Time kNoon{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2} + 12h};
const LimitDraw kDraw{.path = "/tickets", .key = {}};

Tick at(Micros time) {
  return {time};
}

RateLimiter limiter_with(LimitHeaders headers) {
  return RateLimiter(
      {{.bucket = "b", .match = {}, .requests = 100, .per = 60s, .headers = std::move(headers)}},
      kNoSlack);
}

std::uint64_t left(const RateLimiter& limiter, Tick now) {
  return limiter.view(now).front().left;
}

TEST(RateLimiterHeaders, TakesASmallerRemainingAtOnceUntilTheReset) {
  auto limiter =
      limiter_with({.limit = {}, .remaining = "x-remaining", .used = {}, .reset = "x-reset"});
  limiter.book(kDraw, at(10s));
  limiter.learn(kDraw, {{"X-Remaining", "40"}, {"X-Reset", "20"}}, at(10s), kNoon);
  EXPECT_EQ(left(limiter, at(10s)), 40U);
  EXPECT_EQ(left(limiter, at(31s)), 99U);
}

TEST(RateLimiterHeaders, IgnoresALargerRemaining) {
  auto limiter = limiter_with({.limit = {}, .remaining = "x-remaining", .used = {}, .reset = {}});
  for (int i = 0; i < 5; ++i) limiter.book(kDraw, at(0s));
  limiter.learn(kDraw, {{"x-remaining", "99"}}, at(0s), kNoon);
  EXPECT_EQ(left(limiter, at(0s)), 95U);
}

TEST(RateLimiterHeaders, RaisesAndLowersTheBudgetAsPublished) {
  auto limiter = limiter_with({.limit = "x-limit", .remaining = {}, .used = {}, .reset = {}});
  limiter.learn(kDraw, {{"x-limit", "700"}}, at(0s), kNoon);
  EXPECT_EQ(limiter.view(at(0s)).front().limit, 700U);
  limiter.learn(kDraw, {{"x-limit", "50, 50;w=60"}}, at(0s), kNoon);
  EXPECT_EQ(left(limiter, at(0s)), 50U);
  limiter.learn(kDraw, {{"x-limit", "unlimited"}}, at(0s), kNoon);
  EXPECT_EQ(left(limiter, at(0s)), 50U);
}

TEST(RateLimiterHeaders, LeaveTheOperatorsFiguresAlone) {
  const LimitRule own{
      .bucket = "b",
      .match = {},
      .requests = 100,
      .per = 60s,
      .headers = {.limit = "x-limit", .remaining = "x-left", .used = {}, .reset = {}},
      .by_operator = true};
  RateLimiter limiter({own}, kNoSlack);
  limiter.learn(kDraw, {{"x-limit", "700"}, {"x-left", "690"}}, at(0s), kNoon);
  EXPECT_EQ(limiter.view(at(0s)).front().limit, 100U);
  EXPECT_EQ(left(limiter, at(0s)), 100U);
  limiter.learn(kDraw, {{"x-limit", "50"}, {"x-left", "49"}}, at(0s), kNoon);
  EXPECT_EQ(limiter.view(at(0s)).front().limit, 100U);
  EXPECT_EQ(left(limiter, at(0s)), 49U) << "what the product says is left counts at once";
}

TEST(RateLimiterHeaders, CountUsedAgainstThePublishedLimit) {
  const LimitRule own{
      .bucket = "b",
      .match = {},
      .requests = 100,
      .per = 60s,
      .headers = {.limit = "x-limit", .remaining = {}, .used = "x-used", .reset = {}},
      .by_operator = true};
  RateLimiter limiter({own}, kNoSlack);
  limiter.learn(kDraw, {{"x-limit", "700"}, {"x-used", "90"}}, at(0s), kNoon);
  EXPECT_EQ(left(limiter, at(0s)), 100U);
  limiter.learn(kDraw, {{"x-limit", "700"}, {"x-used", "690"}}, at(0s), kNoon);
  EXPECT_EQ(left(limiter, at(0s)), 10U);
}

/// 500 a minute, 1000 at once, of a product that counts in windows of ten seconds.
RateLimiter limiter_of_windows() {
  return RateLimiter({{.bucket = "app",
                       .match = {},
                       .requests = 500,
                       .per = 60s,
                       .burst = 1000,
                       .headers = {.limit = "x-limit",
                                   .remaining = "x-remaining",
                                   .reset = "x-reset",
                                   .reset_is = LimitHeaders::ResetUnit::epoch,
                                   .per = 10s}}},
                     kNoSlack);
}

/// What such a product says at noon of a window that ends six seconds later.
HttpHeaders told(int limit, int remaining) {
  return {{"x-limit", std::to_string(limit)},
          {"x-remaining", std::to_string(remaining)},
          {"x-reset", "1772452806"}};
}

TEST(RateLimiterHeaders, KeepToTheRuleUntilTheProductTellsItsWindows) {
  auto limiter = limiter_of_windows();
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(limiter.book(kDraw, at(0s)), 0s);
  EXPECT_EQ(limiter.delay(kDraw, at(0s)), 120ms);
}

TEST(RateLimiterHeaders, WiderWindowsOfTheProductGoBeforeTheRule) {
  auto limiter = limiter_of_windows();
  for (int i = 0; i < 1000; ++i) limiter.book(kDraw, at(0s));
  limiter.learn(kDraw, told(1666, 666), at(0s), kNoon);
  EXPECT_EQ(limiter.view(at(0s)).front().limit, 1666U);
  EXPECT_EQ(left(limiter, at(0s)), 666U);
  for (int i = 0; i < 666; ++i) ASSERT_EQ(limiter.book(kDraw, at(0s)), 0s);
  EXPECT_EQ(limiter.delay(kDraw, at(0s)), 6s);
  EXPECT_EQ(left(limiter, at(10s)), 1666U);
}

TEST(RateLimiterHeaders, NarrowerWindowsOfTheProductGoBeforeTheRule) {
  auto limiter = limiter_of_windows();
  limiter.book(kDraw, at(0s));
  limiter.learn(kDraw, told(83, 0), at(0s), kNoon);
  EXPECT_EQ(limiter.delay(kDraw, at(0s)), 6s);
  for (int i = 0; i < 83; ++i) ASSERT_EQ(limiter.book(kDraw, at(6s)), 0s);
  EXPECT_EQ(limiter.delay(kDraw, at(6s)), 10s);
}

TEST(RateLimiterHeaders, WindowsOfTheProductSurviveARestart) {
  auto limiter = limiter_of_windows();
  limiter.learn(kDraw, told(83, 40), at(0s), kNoon);
  auto restarted = limiter_of_windows();
  restarted.restore(limiter.save(at(0s), kNoon), at(0s), kNoon);
  EXPECT_EQ(restarted.view(at(0s)).front().limit, 83U);
  EXPECT_EQ(left(restarted, at(0s)), 40U);
}

TEST(RateLimiterHeaders, HoldsUntilTheResetWhenNothingRemains) {
  auto limiter =
      limiter_with({.limit = {}, .remaining = "x-remaining", .used = {}, .reset = "x-reset"});
  limiter.learn(kDraw, {{"x-remaining", "0"}, {"x-reset", "41"}}, at(0s), kNoon);
  EXPECT_EQ(limiter.delay(kDraw, at(0s)), 41s);
  EXPECT_EQ(limiter.delay(kDraw, at(41s)), 0s);
}

TEST(RateLimiterHeaders, ReadsOneHeaderOfManyFields) {
  auto limiter = limiter_with({.limit = "total",
                               .remaining = "remaining",
                               .used = {},
                               .reset = "resets",
                               .reset_is = LimitHeaders::ResetUnit::seconds,
                               .field_of = "zendesk-ratelimit-incremental-exports"});
  limiter.learn(kDraw,
                {{"Zendesk-RateLimit-Incremental-Exports", "total=10; remaining=9; resets=41"}},
                at(0s), kNoon);
  EXPECT_EQ(limiter.view(at(0s)).front().limit, 10U);
  EXPECT_EQ(left(limiter, at(0s)), 9U);
  EXPECT_EQ(left(limiter, at(42s)), 10U);
}

TEST(RateLimiterHeaders, UnderstandsUsedInsteadOfRemaining) {
  auto limiter = limiter_with({.limit = {}, .remaining = {}, .used = "x-used", .reset = {}});
  limiter.learn(kDraw, {{"x-used", "97"}}, at(0s), kNoon);
  EXPECT_EQ(left(limiter, at(0s)), 3U);
  limiter.learn(kDraw, {{"x-used", "9999999"}}, at(0s), kNoon);
  EXPECT_EQ(left(limiter, at(0s)), 0U);
}

struct ResetCase {
  LimitHeaders::ResetUnit unit;
  std::string text;
  Micros wait;
};

class RateLimiterReset : public testing::TestWithParam<ResetCase> {};

TEST_P(RateLimiterReset, IsReadInItsUnit) {
  auto limiter = limiter_with({.limit = {},
                               .remaining = "left",
                               .used = {},
                               .reset = "reset",
                               .reset_is = GetParam().unit});
  limiter.learn(kDraw, {{"left", "0"}, {"reset", GetParam().text}}, at(0s), kNoon);
  EXPECT_EQ(limiter.delay(kDraw, at(0s)), GetParam().wait);
}

// kNoon is 1772452800.
INSTANTIATE_TEST_SUITE_P(
    Units, RateLimiterReset,
    testing::Values(ResetCase{LimitHeaders::ResetUnit::seconds, "7", 7s},
                    ResetCase{LimitHeaders::ResetUnit::seconds, "6.2", 7s},
                    ResetCase{LimitHeaders::ResetUnit::seconds, "999999999", 24h},
                    ResetCase{LimitHeaders::ResetUnit::seconds, "soon", 60s},
                    ResetCase{LimitHeaders::ResetUnit::epoch, "1772452830", 30s},
                    ResetCase{LimitHeaders::ResetUnit::milliseconds, "1500", 1500ms},
                    ResetCase{LimitHeaders::ResetUnit::milliseconds, "1772452830000", 30s},
                    ResetCase{LimitHeaders::ResetUnit::date, "Mon, 02 Mar 2026 12:00:45 GMT", 45s},
                    ResetCase{LimitHeaders::ResetUnit::date, "2026-03-02T12:00:45Z", 45s}));

TEST(RateLimiterHeaders, LowersBurstBucketsToo) {
  RateLimiter limiter({{.bucket = "b",
                        .match = {},
                        .requests = 2,
                        .per = 1s,
                        .burst = 40,
                        .headers = {.limit = {}, .remaining = "left", .used = {}, .reset = {}}}},
                      kNoSlack);
  limiter.learn(kDraw, {{"left", "1"}}, at(0s), kNoon);
  EXPECT_EQ(limiter.book(kDraw, at(0s)), 0s);
  EXPECT_EQ(limiter.book(kDraw, at(0s)), 500ms);
}

}  // namespace
}  // namespace earshot::core

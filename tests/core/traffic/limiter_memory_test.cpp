#include <chrono>

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

std::vector<LimitRule> ten_a_minute() {
  return {{.bucket = "account",
           .match = {},
           .requests = 10,
           .per = 60s,
           .headers = {.limit = "x-limit", .remaining = {}, .used = {}, .reset = {}}}};
}

TEST(RateLimiterMemory, RemembersWhatWasSpentAcrossARestart) {
  RateLimiter before(ten_a_minute(), kNoSlack);
  for (int i = 0; i < 10; ++i) before.book(kDraw, at(1000s));
  RateLimiter after(ten_a_minute(), kNoSlack);
  after.restore(before.save(at(1010s), kNoon), at(3s), kNoon + 10s);
  EXPECT_EQ(after.delay(kDraw, at(3s)), 40s);
  EXPECT_EQ(after.delay(kDraw, at(43s)), 0s);
}

TEST(RateLimiterMemory, RemembersPausesAndLearntLimits) {
  RateLimiter before(ten_a_minute(), kNoSlack);
  before.learn(kDraw, {{"x-limit", "25"}}, at(0s), kNoon);
  before.pause(kDraw, at(50s), false);
  RateLimiter after(ten_a_minute(), kNoSlack);
  after.restore(before.save(at(0s), kNoon), at(0s), kNoon + 20s);
  EXPECT_EQ(after.delay(kDraw, at(0s)), 30s);
  EXPECT_EQ(after.view(at(30s)).front().limit, 25U);
}

TEST(RateLimiterMemory, ForgetsALearntLimitWhereTheOperatorSetOne) {
  RateLimiter before(ten_a_minute(), kNoSlack);
  before.learn(kDraw, {{"x-limit", "25"}}, at(0s), kNoon);
  std::vector<LimitRule> own = ten_a_minute();
  own.front().by_operator = true;
  RateLimiter after(own, kNoSlack);
  after.restore(before.save(at(0s), kNoon), at(0s), kNoon);
  EXPECT_EQ(after.view(at(0s)).front().limit, 10U);
}

TEST(RateLimiterMemory, KeepsAnIntegrationsOwnBudgetsApart) {
  const LimitDraw acme{.integration = "acme", .path = "/tickets", .key = {}};
  RateLimiter before(ten_a_minute(), kNoSlack);
  before.add("acme", {{.bucket = "own", .match = {}, .requests = 4, .per = 60s}});
  before.book(acme, at(0s));
  const std::string shared = before.save(at(0s), kNoon);
  const std::string own = before.save(at(0s), kNoon, "acme");
  RateLimiter after(ten_a_minute(), kNoSlack);
  after.restore(shared, at(0s), kNoon);
  after.add("acme", {{.bucket = "own", .match = {}, .requests = 4, .per = 60s}});
  EXPECT_EQ(after.view(at(0s), "acme").back().left, 4U);
  after.restore(own, at(0s), kNoon, "acme");
  EXPECT_EQ(after.view(at(0s), "acme").front().left, 9U);
  EXPECT_EQ(after.view(at(0s), "acme").back().left, 3U);
}

TEST(RateLimiterMemory, RemembersBurstBuckets) {
  const std::vector<LimitRule> rules{
      {.bucket = "b", .match = {}, .requests = 1, .per = 10s, .burst = 4}};
  RateLimiter before(rules, kNoSlack);
  for (int i = 0; i < 4; ++i) before.book(kDraw, at(0s));
  RateLimiter after(rules, kNoSlack);
  after.restore(before.save(at(0s), kNoon), at(0s), kNoon + 20s);
  EXPECT_EQ(after.view(at(0s)).front().left, 2U);
}

TEST(RateLimiterMemory, ForgetsWhatIsTooOldToCountAndBookingsNeverSent) {
  RateLimiter before(ten_a_minute(), kNoSlack);
  for (int i = 0; i < 30; ++i) before.book(kDraw, at(0s));
  RateLimiter after(ten_a_minute(), kNoSlack);
  after.restore(before.save(at(0s), kNoon), at(0s), kNoon + 61s);
  EXPECT_EQ(after.view(at(0s)).front().left, 10U);
}

TEST(RateLimiterMemory, StaysSmallHoweverLargeTheBudget) {
  const std::vector<LimitRule> rules{{.bucket = "b", .match = {}, .requests = 100'000, .per = 60s}};
  RateLimiter before(rules, kNoSlack);
  for (int i = 0; i < 60'000; ++i) before.book(kDraw, at(i * 1ms));
  const std::string saved = before.save(at(60s), kNoon);
  EXPECT_LT(saved.size(), 4096U);
  RateLimiter after(rules, kNoSlack);
  after.restore(saved, at(0s), kNoon);
  EXPECT_GE(after.view(at(0s)).front().left, 40'000U);
  EXPECT_LE(after.view(at(0s)).front().left, 40'001U);
}

TEST(RateLimiterMemory, IgnoresNonsense) {
  for (const char* text :
       {"", "nonsense", "[]", "{\"budgets\":3}",
        R"({"budgets":[{"bucket":"gone","sent":[[1,2]]},{"bucket":"account",)"
        R"("limit":-4,"hold":9223372036854775807,"sent":[[],["x"],[1,-1]]}]})"}) {
    RateLimiter limiter(ten_a_minute(), kNoSlack);
    limiter.restore(text, at(0s), kNoon);
    EXPECT_EQ(limiter.view(at(25h)).front().left, 10U) << text;
  }
}

}  // namespace
}  // namespace earshot::core

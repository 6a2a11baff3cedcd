#include <algorithm>
#include <chrono>
#include <vector>

#include <gtest/gtest.h>

#include <earshot/core/base/random.hpp>
#include <earshot/core/traffic/limiter.hpp>

namespace earshot::core {
namespace {

using namespace std::chrono_literals;

constexpr Micros kNoSlack{0};

LimitRule per_minute(std::uint32_t requests, std::string match = {}) {
  return {.bucket = match.empty() ? "account" : match,
          .match = std::move(match),
          .requests = requests,
          .per = 60s};
}

LimitDraw draw(std::string_view path = "/tickets") {
  return {.path = path, .key = {}};
}

Tick at(Micros time) {
  return {time};
}

/// The most sent in any window of that length, and whether anything could have gone out earlier
/// without exceeding `allowed`.
std::size_t most_in_any_window(std::vector<Tick> sent, Micros per) {
  std::sort(sent.begin(), sent.end());
  std::size_t most = 0;
  for (std::size_t first = 0, last = 0; last < sent.size(); ++last) {
    while (sent[last] - sent[first] >= per) ++first;
    most = std::max(most, last - first + 1);
  }
  return most;
}

TEST(RateLimiter, LetsTheWholeBudgetGoAtOnceThenWaitsForTheWindow) {
  RateLimiter limiter({per_minute(10)}, kNoSlack);
  for (int i = 0; i < 10; ++i) EXPECT_EQ(limiter.book(draw(), at(1s)), 0s);
  EXPECT_EQ(limiter.delay(draw(), at(2s)), 59s);
  EXPECT_EQ(limiter.book(draw(), at(2s)), 59s);
  EXPECT_EQ(limiter.book(draw(), at(61s)), 0s);
}

TEST(RateLimiter, StretchesWindowsByItsSlack) {
  RateLimiter limiter({per_minute(1)}, 250ms);
  EXPECT_EQ(limiter.book(draw(), at(0s)), 0s);
  EXPECT_EQ(limiter.delay(draw(), at(0s)), 60s + 250ms);
}

class SlidingWindowProperty : public testing::TestWithParam<std::uint64_t> {};

TEST_P(SlidingWindowProperty, NeverExceedsAnyWindowAndWastesNothing) {
  constexpr std::uint32_t kLimit = 7;
  constexpr Micros kPer = 1s;
  Random random(GetParam());
  RateLimiter limiter({{.bucket = "b", .match = {}, .requests = kLimit, .per = kPer}}, kNoSlack);
  std::vector<Tick> sent;
  Tick now{};
  for (int i = 0; i < 500; ++i) {
    now = now + Micros(static_cast<std::int64_t>(random.below(250'000)));
    const Tick booked = now + limiter.book(draw(), now);
    if (booked > now) {
      const auto earlier = std::max(now, sent.empty() ? now : sent.back());
      std::vector<Tick> sooner = sent;
      sooner.push_back(std::max(earlier, booked + Micros(-1)));
      const bool could_be_sooner = sooner.back() < booked;
      EXPECT_TRUE(!could_be_sooner || most_in_any_window(sooner, kPer) > kLimit);
    }
    sent.push_back(booked);
  }
  EXPECT_EQ(most_in_any_window(sent, kPer), kLimit);
}

TEST_P(SlidingWindowProperty, HoldsForEveryBucketWhereTheyOverlap) {
  Random random(GetParam());
  RateLimiter limiter({{.bucket = "all", .match = {}, .requests = 9, .per = 1s},
                       {.bucket = "narrow", .match = "/export*", .requests = 2, .per = 3s}},
                      kNoSlack);
  std::vector<Tick> all;
  std::vector<Tick> narrow;
  Tick now{};
  for (int i = 0; i < 400; ++i) {
    now = now + Micros(static_cast<std::int64_t>(random.below(200'000)));
    const bool exports = random.below(4) == 0 && limiter.delay(draw("/export"), now) < 20s;
    const Tick booked = now + limiter.book(draw(exports ? "/export" : "/tickets"), now);
    all.push_back(booked);
    if (exports) narrow.push_back(booked);
  }
  EXPECT_LE(most_in_any_window(all, 1s), 9U);
  EXPECT_LE(most_in_any_window(narrow, 3s), 2U);
}

INSTANTIATE_TEST_SUITE_P(Seeds, SlidingWindowProperty, testing::Range<std::uint64_t>(1, 21));

TEST(RateLimiter, DoesNotHoldOthersUpBehindANarrowBucket) {
  RateLimiter limiter({per_minute(100), per_minute(1, "/export*")}, kNoSlack);
  EXPECT_EQ(limiter.book(draw("/export"), at(0s)), 0s);
  EXPECT_EQ(limiter.book(draw("/export"), at(0s)), 60s);
  EXPECT_EQ(limiter.book(draw("/tickets"), at(0s)), 0s);
}

TEST(RateLimiter, KeepsTheLongestWaitOfAllMatchingBuckets) {
  RateLimiter limiter({per_minute(2), per_minute(1, "/export*")}, kNoSlack);
  EXPECT_EQ(limiter.book(draw("/tickets"), at(0s)), 0s);
  EXPECT_EQ(limiter.book(draw("/export"), at(10s)), 0s);
  EXPECT_EQ(limiter.delay(draw("/tickets"), at(20s)), 40s);
  EXPECT_EQ(limiter.delay(draw("/export"), at(20s)), 50s);
}

TEST(RateLimiter, CountsCostAsSoManyRequests) {
  RateLimiter limiter({per_minute(10)}, kNoSlack);
  EXPECT_EQ(limiter.book({.path = "/a", .key = {}, .cost = 8}, at(0s)), 0s);
  EXPECT_EQ(limiter.delay({.path = "/a", .key = {}, .cost = 2}, at(0s)), 0s);
  EXPECT_EQ(limiter.delay({.path = "/a", .key = {}, .cost = 3}, at(0s)), 60s);
  EXPECT_EQ(limiter.delay({.path = "/a", .key = {}, .cost = 1000}, at(0s)), 60s);
}

TEST(RateLimiter, GivesPlacesBack) {
  RateLimiter limiter({per_minute(1)}, kNoSlack);
  EXPECT_EQ(limiter.book(draw(), at(0s)), 0s);
  EXPECT_EQ(limiter.book(draw(), at(0s)), 60s);
  EXPECT_EQ(limiter.delay(draw(), at(0s)), 120s);
  limiter.give_back(draw(), at(60s));
  EXPECT_EQ(limiter.delay(draw(), at(0s)), 60s);
}

TEST(RateLimiter, RefillsBurstBucketsEvenly) {
  RateLimiter limiter({{.bucket = "b", .match = {}, .requests = 2, .per = 1s, .burst = 40}},
                      kNoSlack);
  for (int i = 0; i < 40; ++i) EXPECT_EQ(limiter.book(draw(), at(0s)), 0s);
  EXPECT_EQ(limiter.book(draw(), at(0s)), 500ms);
  EXPECT_EQ(limiter.book(draw(), at(0s)), 1s);
  EXPECT_EQ(limiter.delay(draw(), at(100s)), 0s);
  EXPECT_EQ(limiter.view(at(100s)).front().left, 40U);
}

TEST(RateLimiter, KeepsBurstBucketsCorrectWhenAnotherBucketPutsABookingOff) {
  RateLimiter limiter({{.bucket = "b", .match = {}, .requests = 1, .per = 1s, .burst = 1},
                       {.bucket = "slow", .match = "/slow", .requests = 1, .per = 10s}},
                      kNoSlack);
  EXPECT_EQ(limiter.book(draw("/slow"), at(0s)), 0s);
  EXPECT_EQ(limiter.book(draw("/slow"), at(0s)), 10s);
  EXPECT_EQ(limiter.book(draw("/a"), at(2s)), 0s);
  EXPECT_EQ(limiter.book(draw("/a"), at(9500ms)), 1500ms) << "the one booked for 10 s goes first";
  EXPECT_EQ(limiter.book(draw("/a"), at(9500ms)), 2500ms);
}

TEST(RateLimiter, GivesBurstPlacesBack) {
  RateLimiter limiter({{.bucket = "b", .match = {}, .requests = 1, .per = 1s, .burst = 1},
                       {.bucket = "slow", .match = "/slow", .requests = 1, .per = 10s}},
                      kNoSlack);
  EXPECT_EQ(limiter.book(draw("/slow"), at(0s)), 0s);
  EXPECT_EQ(limiter.book(draw("/slow"), at(0s)), 10s);
  limiter.give_back(draw("/slow"), at(10s));
  EXPECT_EQ(limiter.book(draw("/a"), at(9500ms)), 0s);
  EXPECT_EQ(limiter.book(draw("/a"), at(9500ms)), 1s);
  limiter.give_back(draw("/a"), at(10500ms));
  EXPECT_EQ(limiter.delay(draw("/a"), at(9500ms)), 1s);
}

TEST(RateLimiter, PausesTheMostSpecificBucketAlone) {
  RateLimiter limiter({per_minute(100), per_minute(50, "/export*")}, kNoSlack);
  limiter.pause(draw("/export"), at(30s), false);
  limiter.pause(draw("/export"), at(20s), false);
  EXPECT_EQ(limiter.delay(draw("/export"), at(0s)), 30s);
  EXPECT_EQ(limiter.held(draw("/export"), at(10s)), 20s);
  EXPECT_EQ(limiter.delay(draw("/tickets"), at(0s)), 0s);
  EXPECT_EQ(limiter.held(draw("/tickets"), at(0s)), 0s);
}

TEST(RateLimiter, PausesTheWholeAccountWhereToldOrWhereNothingIsDeclared) {
  RateLimiter limiter({per_minute(100), per_minute(50, "/export*")}, kNoSlack);
  limiter.pause(draw("/export"), at(30s), true);
  EXPECT_EQ(limiter.delay(draw("/tickets"), at(0s)), 30s);
  EXPECT_EQ(limiter.view(at(0s)).front().left, 0U);
  RateLimiter none({});
  none.pause(draw(), at(5s), false);
  EXPECT_EQ(none.book(draw(), at(0s)), 5s);
  EXPECT_EQ(none.book(draw(), at(5s)), 0s);
}

TEST(RateLimiter, KeepsABudgetForEachKeyAndForgetsIdleOnes) {
  LimitRule rule = per_minute(1);
  rule.per_key = true;
  RateLimiter limiter({rule}, kNoSlack);
  EXPECT_EQ(limiter.book({.path = "/a", .key = "1"}, at(0s)), 0s);
  EXPECT_EQ(limiter.book({.path = "/a", .key = "2"}, at(0s)), 0s);
  EXPECT_EQ(limiter.delay({.path = "/a", .key = "1"}, at(0s)), 60s);
  for (int i = 0; i < 10'000; ++i) {
    limiter.book({.path = "/a", .key = std::to_string(i)}, at(61s * (i + 1)));
  }
  EXPECT_LE(limiter.remembered(), 64U);
}

TEST(RateLimiter, BooksALargeBudgetWithoutLookingAtAllOfIt) {
  RateLimiter limiter({per_minute(50'000)}, kNoSlack);
  Tick last{};
  for (int i = 0; i < 150'000; ++i) last = at(limiter.book(draw(), at(0s)));
  EXPECT_EQ(last, at(2 * 60s));
}

TEST(RateLimiter, CountsHugeBudgetsInLittleMemory) {
  constexpr std::uint32_t kHuge = 1'000'000'000;
  LimitRule rule = per_minute(kHuge);
  rule.headers.remaining = "X-Left";
  RateLimiter limiter({rule}, kNoSlack);
  EXPECT_EQ(limiter.book({.path = "/a", .key = {}, .cost = kHuge - 1}, at(0s)), 0s);
  EXPECT_EQ(limiter.delay({.path = "/a", .key = {}, .cost = 2}, at(1s)), 59s);
  limiter.give_back({.path = "/a", .key = {}, .cost = kHuge - 1}, at(0s));
  limiter.learn(draw(), {{"X-Left", "1"}}, at(2s), Time{});
  EXPECT_EQ(limiter.view(at(2s)).front().left, 1U);
  EXPECT_EQ(limiter.book(draw(), at(3s)), 0s);
  EXPECT_EQ(limiter.delay(draw(), at(3s)), 59s);
}

TEST(RateLimiter, TellsWhatIsLeftAndWhenItIsWhole) {
  RateLimiter limiter({per_minute(10), per_minute(3, "/export*")}, kNoSlack);
  limiter.book(draw("/export"), at(5s));
  const auto views = limiter.view(at(10s));
  ASSERT_EQ(views.size(), 2U);
  EXPECT_EQ(views[0].left, 9U);
  EXPECT_EQ(views[1].limit, 3U);
  EXPECT_EQ(views[1].left, 2U);
  EXPECT_EQ(views[1].whole_in, 55s);
  EXPECT_EQ(limiter.most_specific("/export/1")->requests, 3U);
  EXPECT_EQ(limiter.most_specific("/tickets")->requests, 10U);
}

/// Two integrations of one account: 10 a minute for the account, 3 for each of them.
class RateLimiterScopes : public testing::Test {
 protected:
  RateLimiterScopes() {
    for (const char* name : {"one", "two"}) {
      limiter_.add(name, {{.bucket = "own",
                           .match = "/export*",
                           .requests = 3,
                           .per = 60s,
                           .scope = LimitRule::Scope::integration}});
    }
  }
  static LimitDraw draw_of(std::string_view integration, std::string_view path = "/export") {
    return {.integration = integration, .path = path};
  }
  Micros book(std::string_view integration, std::string_view path = "/export") {
    return limiter_.book(draw_of(integration, path), Tick{});
  }
  RateLimiter limiter_{{{.bucket = "account", .match = {}, .requests = 10, .per = 60s}}, Micros(0)};
};

TEST_F(RateLimiterScopes, KeepOneIntegrationsBudgetFromTheOther) {
  for (int i = 0; i < 3; ++i) EXPECT_EQ(book("one"), 0s);
  EXPECT_EQ(book("two"), 0s);
  EXPECT_EQ(limiter_.delay(draw_of("one"), Tick{}), 60s);
  EXPECT_EQ(limiter_.delay(draw_of("two"), Tick{}), 0s);
  EXPECT_EQ(limiter_.view(Tick{}, "one").back().left, 0U);
  EXPECT_EQ(limiter_.view(Tick{}, "two").back().left, 2U);
}

TEST_F(RateLimiterScopes, ShareTheAccountsBudget) {
  for (int i = 0; i < 10; ++i) EXPECT_EQ(book(i % 2 == 0 ? "one" : "two", "/tickets"), 0s);
  EXPECT_EQ(limiter_.delay(draw_of("one", "/tickets"), Tick{}), 60s);
  EXPECT_EQ(limiter_.delay(draw_of("two", "/export"), Tick{}), 60s);
}

TEST_F(RateLimiterScopes, PauseTheirOwnIntegrationAlone) {
  limiter_.pause(draw_of("one"), Tick{20s}, false);
  EXPECT_EQ(limiter_.held(draw_of("one"), Tick{}), 20s);
  EXPECT_EQ(limiter_.held(draw_of("two"), Tick{}), 0s);
  limiter_.pause(draw_of("one"), Tick{30s}, true);
  EXPECT_EQ(limiter_.held(draw_of("two"), Tick{}), 30s);
}

TEST_F(RateLimiterScopes, AreDeclaredOnce) {
  EXPECT_FALSE(limiter_.add("one", {{.bucket = "own", .match = {}, .requests = 99, .per = 60s}}));
  EXPECT_EQ(limiter_.view(Tick{}, "one").size(), 2U);
  EXPECT_EQ(limiter_.most_specific("/export", "one")->requests, 3U);
  EXPECT_EQ(limiter_.most_specific("/export")->requests, 10U);
}

}  // namespace
}  // namespace earshot::core

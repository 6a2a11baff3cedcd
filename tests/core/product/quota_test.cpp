#include <algorithm>
#include <atomic>

#include "product_fixture.hpp"

namespace earshot::core {
namespace {

using namespace std::chrono_literals;

class ProductQuota : public ProductTest {
 protected:
  ProductQuota() {
    manifest.limits = {{.bucket = "account", .match = {}, .requests = 100, .per = 60s},
                       {.bucket = "exports", .match = "/export*", .requests = 2, .per = 30s}};
  }
};

TEST_F(ProductQuota, WaitsForTheLimiterBeforeSending) {
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(get("/export"));
  const auto third = get("/export?cursor=3");
  ASSERT_TRUE(third);
  EXPECT_EQ(third->waited, 30s);
  EXPECT_GE(transport.sent[2].at - transport.sent[0].at, 30s);
  EXPECT_EQ(client().counts().throttled, 0U);
}

TEST_F(ProductQuota, TellsWhichLimitMakesItWait) {
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(get("/export"));
  int told = 0;
  on_loop([&] { client().on_wait([&told] { ++told; }); });
  const auto waiting = start({.path = "/export"});
  const auto behind = start({.path = "/export"});
  const std::optional<TrafficWait> wait = client().waiting();
  ASSERT_TRUE(wait);
  EXPECT_EQ(wait->reason, TrafficWait::Reason::quota);
  EXPECT_EQ(wait->why, "exports: 2 per 30 s");
  EXPECT_EQ(wait->until - clock.tick(), 30s);
  EXPECT_EQ(told, 2);
  advance(30s, 1s);
  EXPECT_TRUE(*waiting);
  EXPECT_TRUE(*behind);
  EXPECT_FALSE(client().waiting());
}

TEST_F(ProductQuota, ForgetsAWaitThatWasCancelled) {
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(get("/export"));
  const auto waiting = start({.path = "/export"});
  EXPECT_TRUE(client().waiting());
  cancel_all();
  EXPECT_FALSE(client().waiting());
}

TEST_F(ProductQuota, TellsThatTheProductRefused) {
  answers({reply(429, "{}", {{"Retry-After", "20"}}), reply(200)});
  const auto refused = start({.path = "/tickets"});
  const std::optional<TrafficWait> wait = client().waiting();
  ASSERT_TRUE(wait);
  EXPECT_EQ(wait->reason, TrafficWait::Reason::refused);
  EXPECT_EQ(wait->until - clock.tick(), 20s);
  advance(20s, 1s);
  EXPECT_TRUE(*refused);
}

TEST_F(ProductQuota, DoesNotHoldOthersUp) {
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(get("/export"));
  const auto waiting = start({.path = "/export"});
  const auto other = start({.path = "/tickets"});
  EXPECT_FALSE(*waiting);
  EXPECT_TRUE(*other);
}

TEST_F(ProductQuota, YieldsBeforeAWaitThatIsTooLongAndBooksNothing) {
  account.longest_wait = 10s;
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(get("/export"));
  const auto third = get("/export");
  ASSERT_FALSE(third);
  EXPECT_EQ(third.error().code, Code::yielded);
  EXPECT_EQ(third.error().retry_after, 30s);
  EXPECT_EQ(client().counts().quota_at, kNoon + 30s);
  EXPECT_EQ(transport.sent.size(), 2U);
  advance(30s, 1s);
  EXPECT_TRUE(get("/export"));
  EXPECT_TRUE(get("/export"));
}

TEST_F(ProductQuota, YieldsToOthersThatQueueRatherThanWaitLong) {
  account.crowded = [] { return true; };
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(get("/export"));
  const auto third = get("/export");
  ASSERT_FALSE(third);
  EXPECT_EQ(third.error().code, Code::yielded);
  EXPECT_EQ(third.error().retry_after, 30s);
  advance(26s, 1s);
  const auto soon = get("/export");
  ASSERT_TRUE(soon) << "so short a wait is not worth yielding";
  EXPECT_EQ(soon->waited, 4s);
}

TEST_F(ProductQuota, YieldsToOthersThatBeginToQueueWhileItWaits) {
  auto crowded = std::make_shared<std::atomic<bool>>(false);
  account.crowded = [crowded] { return crowded->load(); };
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(get("/export"));
  const auto waiting = start({.path = "/export"});
  advance(7s, 1s);
  EXPECT_FALSE(*waiting);
  *crowded = true;
  advance(4s, 1s);
  ASSERT_TRUE(*waiting);
  ASSERT_FALSE(**waiting);
  EXPECT_EQ((**waiting).error().code, Code::yielded);
  EXPECT_EQ((**waiting).error().retry_after, 20s);
  EXPECT_EQ(client().counts().waited, 10s);
  *crowded = false;
  const auto next = get("/export");
  ASSERT_TRUE(next);
  EXPECT_EQ(next->waited, 19s) << "the place of who yielded is free again";
}

TEST_F(ProductQuota, YieldsToOthersWhereTheProductAsksForALongWait) {
  account.crowded = [] { return true; };
  answers({reply(429, "{}", {{"Retry-After", "6"}})});
  const auto answer = get();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::yielded);
}

TEST_F(ProductQuota, BelievesNoWaitBeyondADay) {
  answers({reply(429, "{}", {{"Retry-After", "315360000"}})});
  const auto answer = get();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::yielded);
  EXPECT_EQ(answer.error().retry_after, 24h);
  EXPECT_NE(answer.error().message.find("until 2026-03-03T12:00:00Z"), std::string::npos)
      << answer.error().message;
  EXPECT_EQ(client().counts().quota_at, kNoon + 24h);
}

TEST_F(ProductQuota, GivesThePlaceBackWhenCancelledWhileWaiting) {
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(get("/export"));
  for (int i = 0; i < 5; ++i) {
    const auto waiting = start({.path = "/export"});
    EXPECT_FALSE(*waiting);
    cancel_all();
  }
  const auto next = get("/export");
  ASSERT_TRUE(next);
  EXPECT_EQ(next->waited, 30s);
}

TEST_F(ProductQuota, SendsNothingIntoAPauseThatBeganWhileItWaited) {
  for (int i = 0; i < 2; ++i) ASSERT_TRUE(get("/export"));
  const auto waiting = start({.path = "/export"});
  on_loop([this] { limiter->pause({.path = "/export", .key = {}}, clock.tick() + 40s, false); });
  advance(39s, 500ms);
  EXPECT_FALSE(*waiting);
  EXPECT_EQ(transport.sent.size(), 2U);
  advance(2s, 500ms);
  EXPECT_TRUE(*waiting);
}

TEST_F(ProductQuota, PausesOthersWhenOneIsRefused) {
  answers({reply(429, "{}", {{"Retry-After", "20"}}), reply(200), reply(200)});
  transport.latency = 10ms;
  const auto first = start({.path = "/export"});
  const auto second = start({.path = "/export"});
  advance(19s, 500ms);
  EXPECT_EQ(transport.sent.size(), 2U) << "one refused, one that was under way";
  const auto third = start({.path = "/export"});
  EXPECT_FALSE(*third);
  EXPECT_FALSE(*first);
  advance(60s, 500ms);
  EXPECT_TRUE(*first);
  EXPECT_TRUE(*second);
}

TEST_F(ProductQuota, LearnsFromTheProductsHeaders) {
  manifest.limits[0].headers = {.remaining = "x-rate-limit-remaining", .reset = "x-reset"};
  answers({reply(200, "{}", {{"X-Rate-Limit-Remaining", "0"}, {"X-Reset", "15"}}), reply(200)});
  ASSERT_TRUE(get());
  const auto second = get();
  ASSERT_TRUE(second);
  EXPECT_EQ(second->waited, 15s);
}

TEST_F(ProductQuota, KnowsTheStatusThatABucketDeclares) {
  manifest.limits[1].status = 420;
  answers({reply(420, "{}", {{"Retry-After", "5"}}), reply(200)});
  const auto answer = get("/export");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->outcome, ErrorRule::Class::ok);
  EXPECT_EQ(answer->waited, 5s);
}

TEST_F(ProductQuota, PausesTheWholeAccountWhereTheRuleSaysSo) {
  manifest.errors = {
      {.status = 429, .outcome = ErrorRule::Class::rate_limited, .whole_account = true}};
  answers({reply(429, "{}", {{"Retry-After", "20"}}), reply(200), reply(200)});
  const auto refused = start({.path = "/export"});
  const auto other = start({.path = "/tickets"});
  advance(19s, 500ms);
  EXPECT_EQ(transport.sent.size(), 1U);
  advance(2s, 500ms);
  EXPECT_TRUE(*refused);
  EXPECT_TRUE(*other);
}

TEST_F(ProductQuota, YieldsWhereARuleTellsOfAUsedUpQuota) {
  manifest.errors = {
      {.status = 403, .body_contains = "daily quota", .outcome = ErrorRule::Class::quota}};
  answers({reply(403, R"({"message":"daily quota reached"})", {{"Retry-After", "7200"}})});
  const auto answer = get();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::yielded);
  EXPECT_EQ(client().counts().quota_at, kNoon + 2h);
  EXPECT_NE(answer.error().message.find("daily quota reached"), std::string::npos);
}

}  // namespace
}  // namespace earshot::core

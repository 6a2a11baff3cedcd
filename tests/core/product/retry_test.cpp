#include "product_fixture.hpp"

namespace earshot::core {
namespace {

using namespace std::chrono_literals;
using Safety = ProductRequest::Safety;

class ProductRetry : public ProductTest {};

TEST_F(ProductRetry, TriesAgainAndSucceeds) {
  answers({reply(500), broken(SentState::maybe), reply(200)});
  const auto answer = get();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->outcome, ErrorRule::Class::ok);
  EXPECT_EQ(answer->attempts, 3U);
  EXPECT_EQ(client().counts().retries, 2U);
  EXPECT_EQ(client().counts().requests, 3U);
}

TEST_F(ProductRetry, StopsAtTheMostRetries) {
  account.retry.max_retries = 2;
  transport.handler = [](const HttpRequest&) { return reply(502); };
  const auto answer = get();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->outcome, ErrorRule::Class::retry);
  EXPECT_EQ(answer->error.code, Code::upstream);
  EXPECT_EQ(answer->error.message, "GET /tickets was answered 502 (tried 3 times)");
  EXPECT_EQ(transport.sent.size(), 3U);
}

TEST_F(ProductRetry, ReportsAnUnreachableProductAsAnError) {
  transport.handler = [](const HttpRequest&) {
    return broken(SentState::not_sent, "connection refused");
  };
  const auto answer = get();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::network);
  EXPECT_EQ(answer.error().message, "connection refused (tried 4 times)");
}

TEST_F(ProductRetry, LimitsRetriesToAShareOfAllRequests) {
  account.retry.budget_floor = 2;
  account.retry.budget_share = 0;
  transport.handler = [](const HttpRequest&) { return reply(500); };
  static_cast<void>(get());
  static_cast<void>(get());
  EXPECT_EQ(client().counts().retries, 2U);
  EXPECT_EQ(transport.sent.size(), 4U);
}

struct RepeatCase {
  const char* method;
  Safety safety;
  const char* key;
  bool answered;  ///< 500, or no answer.
  SentState sent;
  std::size_t attempts;
};

class ProductRepeat : public ProductTest, public testing::WithParamInterface<RepeatCase> {};

TEST_P(ProductRepeat, RepeatsOnlyWhatIsSafe) {
  const RepeatCase& repeat = GetParam();
  manifest.idempotency_header = "Idempotency-Key";
  account.retry.max_retries = 1;
  transport.handler = [&](const HttpRequest&) {
    return repeat.answered ? reply(500) : broken(repeat.sent);
  };
  static_cast<void>(run({.method = repeat.method,
                         .path = "/a",
                         .safety = repeat.safety,
                         .idempotency_key = repeat.key}));
  EXPECT_EQ(transport.sent.size(), repeat.attempts);
}

INSTANTIATE_TEST_SUITE_P(
    Table, ProductRepeat,
    testing::Values(RepeatCase{"GET", Safety::by_method, "", false, SentState::maybe, 2},
                    RepeatCase{"PUT", Safety::by_method, "", true, SentState::maybe, 2},
                    RepeatCase{"DELETE", Safety::by_method, "", false, SentState::maybe, 2},
                    RepeatCase{"POST", Safety::by_method, "", false, SentState::maybe, 1},
                    RepeatCase{"POST", Safety::by_method, "", true, SentState::maybe, 1},
                    RepeatCase{"POST", Safety::by_method, "", false, SentState::not_sent, 2},
                    RepeatCase{"POST", Safety::by_method, "k", false, SentState::maybe, 2},
                    RepeatCase{"POST", Safety::read, "", true, SentState::maybe, 2},
                    RepeatCase{"PATCH", Safety::idempotent, "", false, SentState::maybe, 2},
                    RepeatCase{"GET", Safety::unsafe, "", false, SentState::maybe, 1}));

struct AfterCase {
  int status;
  const char* header;
  Micros least;
  Micros most;
};

class ProductRetryAfter : public ProductTest, public testing::WithParamInterface<AfterCase> {};

TEST_P(ProductRetryAfter, IsObeyed) {
  answers({reply(GetParam().status, "{}", {{"Retry-After", GetParam().header}}), reply(200)});
  const auto answer = get();
  ASSERT_TRUE(answer);
  ASSERT_EQ(transport.sent.size(), 2U);
  const Micros waited = transport.sent[1].at - transport.sent[0].at;
  EXPECT_GE(waited, GetParam().least);
  EXPECT_LE(waited, GetParam().most);
}

INSTANTIATE_TEST_SUITE_P(
    Table, ProductRetryAfter,
    testing::Values(AfterCase{429, "7", 7s, 7050ms}, AfterCase{503, "7", 7s, 7050ms},
                    AfterCase{500, "7", 7s, 7200ms},
                    AfterCase{429, "Mon, 02 Mar 2026 12:00:30 GMT", 30s, 30050ms},
                    AfterCase{429, "Sun, 06 Nov 1994 08:49:37 GMT", 100ms, 150ms},
                    AfterCase{429, "0", 100ms, 150ms}, AfterCase{429, "soon", 100ms, 150ms},
                    AfterCase{500, "soon", 0ms, 150ms}));

TEST_F(ProductRetry, CountsRefusalsForRateAsWaitsAndNotAsRetries) {
  answers({reply(429, "{}", {{"Retry-After", "2"}}), reply(429, "{}", {{"Retry-After", "3"}}),
           reply(200)});
  const auto answer = run({.method = "POST", .path = "/a"});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->outcome, ErrorRule::Class::ok);
  EXPECT_EQ(answer->waited, 5s);
  EXPECT_EQ(client().counts().retries, 0U);
  EXPECT_EQ(client().counts().throttled, 2U);
}

TEST_F(ProductRetry, GivesUpOnAProductThatKeepsRefusing) {
  transport.handler = [](const HttpRequest&) { return reply(429, "{}", {{"Retry-After", "1"}}); };
  const auto answer = get();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->outcome, ErrorRule::Class::rate_limited);
  EXPECT_EQ(answer->error.code, Code::rate_limited);
  EXPECT_EQ(answer->error.retry_after, 1000ms);
  EXPECT_EQ(transport.sent.size(), 11U);
}

TEST_F(ProductRetry, YieldsWhereTheProductAsksForMoreThanALongWait) {
  answers({reply(429, "{}", {{"Retry-After", "3600"}})});
  const auto answer = get();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::yielded);
  EXPECT_EQ(answer.error().message,
            "the product refuses further requests for another 1 h, until 2026-03-02T13:00:00Z");
  EXPECT_EQ(client().counts().quota_at, kNoon + 1h);
  const auto next = get();
  ASSERT_FALSE(next);
  EXPECT_EQ(next.error().code, Code::yielded);
  EXPECT_EQ(transport.sent.size(), 1U) << "the pause holds for the next request too";
}

TEST_F(ProductRetry, StopsWhenTheOperationIsDestroyed) {
  transport.latency = 10s;
  const auto waiting = start({.path = "/a"});
  EXPECT_EQ(transport.sent.size(), 1U);
  cancel_all();
  advance(20s, 1s);
  EXPECT_FALSE(*waiting);
  transport.latency = 0s;
  transport.handler = [](const HttpRequest&) { return reply(500); };
  const auto retrying = start({.path = "/b"});
  cancel_all();
  const std::size_t sent = transport.sent.size();
  advance(20s, 1s);
  EXPECT_FALSE(*retrying);
  EXPECT_EQ(transport.sent.size(), sent);
}

}  // namespace
}  // namespace earshot::core

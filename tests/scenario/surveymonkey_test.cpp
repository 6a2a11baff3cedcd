/// What is SurveyMonkey's own: quotas of the day, surveys that fail, a webhook for each event.

#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <earshot/core/base/time.hpp>

#include "scenario.hpp"

namespace earshot::scenario {
namespace {

using testing::HasSubstr;

constexpr int kFailed = 1;
constexpr int kYielded = 4;

class SurveyMonkeyAccount : public Scenario {
 protected:
  SurveyMonkeyAccount() : Scenario(surveymonkey()) {}

  [[nodiscard]] core::HttpHeaders token() const {
    const auto way = core::JsonDocument::parse(access().credentials);
    EXPECT_TRUE(way);
    return {{"Authorization",
             "bearer " + std::string(way.value()->root().member("access_token").text())}};
  }
  /// The product's time after it moved on by so much.
  core::Time pass(std::chrono::seconds time) {
    const auto clock =
        control().post("/_sandbox/clock", fmt::format(R"({{"advance_seconds":{}}})", time.count()));
    return core::parse_time(clock->root().member("now").text()).value_or(core::Time{});
  }
  /// Another program of the account asks so often.
  void use_up(int requests) {
    constexpr int kPerMinute = 100;
    for (int sent = 0; sent < requests; ++sent) {
      if (sent % kPerMinute == 0) pass(std::chrono::minutes(1));
      static_cast<void>(control().get("/v3/users/me", token()));
    }
    pass(std::chrono::minutes(1));
  }
  /// Answers of that status since the last forget_requests().
  std::size_t answers(int status) {
    std::size_t count = 0;
    const auto document = control().get("/_sandbox/requests");
    for (const core::JsonValue entry : document->root().member("log")) {
      count += entry.member("status").integer() == status ? 1 : 0;
    }
    return count;
  }
  Finished register_webhooks() {
    return run({"webhooks", "register", "acme", "--json", "--url",
                "https://hooks.example.com/webhooks/surveymonkey"});
  }
  std::size_t webhooks_at_product() {
    return control().get("/v3/webhooks", token())->root().member("data").size();
  }
};

TEST_F(SurveyMonkeyAccount, UsesTheDayToItsLastRequestAndGoesOnExactlyAfterTheReset) {
  constexpr std::chrono::seconds kBeforeMidnight{20};
  const core::Time midnight = *core::parse_time("2026-03-03T00:00:00Z");
  serve_at(midnight - std::chrono::minutes(30), 600, true);
  write_config({.limits = "{}", .http = "{retry_delay: 10ms, max_wait: 1ms}"});
  use_up(493);
  const core::Time now = pass(std::chrono::seconds(1));
  pass(std::chrono::floor<std::chrono::seconds>(midnight - kBeforeMidnight - now));
  forget_requests();

  const auto first = sync({}, kYielded);
  EXPECT_EQ(text(*first, "outcome"), "yielded");
  EXPECT_FALSE(text(*first, "until").empty());
  EXPECT_EQ(number(*first, "requests"), 6)
      << "beside the one that asks whose credentials these are";
  EXPECT_EQ(targets().size(), 7U) << "all that were left";
  const std::int64_t got = number(*first, "fetched");
  EXPECT_GT(got, 0);
  EXPECT_EQ(static_cast<std::int64_t>(ids_of(exported()).size()), got);

  write_config({.limits = "{}"});  // the next run may wait, and does until the day is over
  const auto second = sync();
  EXPECT_EQ(text(*second, "outcome"), "completed") << text(*second, "error");
  EXPECT_EQ(number(*second, "fetched"), number(*truth(), "count") - got);
  EXPECT_EQ(number(*first, "throttled") + number(*second, "throttled"), 0);
  EXPECT_EQ(answers(429), 0U);
  expect_oracle();
}

TEST_F(SurveyMonkeyAccount, ReadsOnWhereSurveysAreGoneOrNotShared) {
  serve(100);
  std::string config = access().config;
  config.insert(1, R"("surveys": ["318700000", "318799999", "NPS", "No such title"], )");
  write_config({.config = config});
  const auto done = sync({}, kFailed);
  EXPECT_EQ(text(*done, "outcome"), "completed");
  const std::string stored = exported();
  EXPECT_EQ(static_cast<std::int64_t>(ids_of(stored).size()), number(*done, "created"));
  EXPECT_THAT(stored, HasSubstr(R"("survey_id":"510204151")"));
  EXPECT_THAT(stored, HasSubstr(R"("max":10)"));
  const std::string runs = run({"runs", "--json"}).out;
  for (const char* stream : {"318700000", "318799999", "No such title"}) {
    EXPECT_THAT(runs, HasSubstr(stream));
  }
}

TEST_F(SurveyMonkeyAccount, ReadsTheOthersFirstAfterAnInterruptedRun) {
  serve(300);
  write_config({.page_size = 10});
  control().post("/_sandbox/faults",
                 R"({"fault":"error500","on":"/v3/surveys/510205262/*","times":1000})");
  sync({}, kFailed);
  control().remove("/_sandbox/faults");
  forget_requests();
  sync();
  const std::vector<std::string> asked = targets();
  ASSERT_GT(asked.size(), 1U);
  EXPECT_THAT(asked[1], HasSubstr("/510205262/")) << "where the last run ended";
  expect_oracle();
}

TEST_F(SurveyMonkeyAccount, WebhooksAreRegisteredOnce) {
  serve(20);
  write_config();
  const Finished first = register_webhooks();
  EXPECT_EQ(first.exit_code, 0) << first.err;
  const Finished second = register_webhooks();
  EXPECT_EQ(second.out, first.out) << second.err;
  EXPECT_EQ(webhooks_at_product(), 2U);
}

TEST_F(SurveyMonkeyAccount, WebhooksOfALostAnswerAreFoundAgain) {
  serve(20);
  write_config();
  control().post("/_sandbox/faults",
                 R"({"fault":"reset","on":"/v3/webhooks","after":1,"executed":true})");
  static_cast<void>(register_webhooks());
  EXPECT_EQ(webhooks_at_product(), 1U);
  const Finished again = register_webhooks();
  EXPECT_EQ(again.exit_code, 0) << again.out << again.err;
  EXPECT_EQ(webhooks_at_product(), 2U);
}

}  // namespace
}  // namespace earshot::scenario

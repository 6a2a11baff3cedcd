#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "scenario.hpp"

namespace earshot::scenario {
namespace {

/// A product that misbehaves while a sync fetches 100 items in pages of 10.
class Faults : public Scenario {
 protected:
  void SetUp() override {
    serve(100);
    write_config({.page_size = 10});
  }

  void order(const std::string& members) {
    control().post("/_sandbox/faults",
                   fmt::format(R"({{"on":"/api/v2/incremental/*","after":3,{}}})", members));
  }

  void expect_overcome() {
    const auto done = sync();
    EXPECT_EQ(text(*done, "outcome"), "completed") << text(*done, "error");
    expect_oracle();
  }

  /// A fault that outlasts all retries: what was checkpointed is kept, and the next sync goes on.
  void expect_failure_then_resume() {
    const auto failed = sync({}, 1);
    EXPECT_EQ(text(*failed, "outcome"), "failed");
    EXPECT_FALSE(text(*failed, "error").empty());
    EXPECT_EQ(ids_of(exported()).size(), 30U);
    control().remove("/_sandbox/faults");
    const auto resumed = sync();
    EXPECT_EQ(number(*resumed, "fetched"), 70);
    expect_oracle();
  }
};

TEST_F(Faults, OvercomesRateLimit) {
  order(R"("fault":"rate_limit","retry_after":1)");
  const auto last = sync();
  EXPECT_EQ(text(*last, "outcome"), "completed");
  EXPECT_EQ(number(*last, "throttled"), 1);
  expect_oracle();
}

TEST_F(Faults, OvercomesServerErrors) {
  order(R"("fault":"error500","times":2)");
  expect_overcome();
}

TEST_F(Faults, OvercomesUnavailability) {
  order(R"("fault":"error503","retry_after":1)");
  expect_overcome();
}

TEST_F(Faults, OvercomesResetConnections) {
  order(R"("fault":"reset","times":2)");
  expect_overcome();
}

TEST_F(Faults, OvercomesSlowAnswers) {
  order(R"("fault":"slow","delay_ms":200,"times":2)");
  expect_overcome();
}

TEST_F(Faults, OvercomesTruncatedBodies) {
  order(R"("fault":"truncate","times":2)");
  expect_overcome();
}

TEST_F(Faults, OvercomesRepeatedPages) {
  order(R"("fault":"duplicate_page")");
  const Finished first = run({"sync", "acme", "--quiet"});
  EXPECT_TRUE(first.exit_code == 0 || first.exit_code == 1) << first.err;
  const auto last = sync();
  EXPECT_EQ(text(*last, "outcome"), "completed");
  expect_oracle();
}

TEST_F(Faults, OvercomesChangesWhilePaging) {
  order(R"("fault":"mutate_while_paging","times":3)");
  expect_overcome();
}

TEST_F(Faults, ResumesAfterLastingServerErrors) {
  order(R"("fault":"error500","times":1000)");
  expect_failure_then_resume();
}

TEST_F(Faults, ResumesAfterLastingResets) {
  order(R"("fault":"reset","times":1000)");
  expect_failure_then_resume();
}

TEST_F(Faults, ResumesAfterLastingTruncation) {
  order(R"("fault":"truncate","times":1000)");
  expect_failure_then_resume();
}

TEST_F(Faults, ResumesAfterLastingInvalidJson) {
  order(R"("fault":"invalid_json","times":1000)");
  expect_failure_then_resume();
}

}  // namespace
}  // namespace earshot::scenario

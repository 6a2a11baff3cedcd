#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
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

struct Fault {
  const char* name;
  const char* order;
};
std::string name_of(const testing::TestParamInfo<Fault>& tested) {
  return tested.param.name;
}

class Passing : public Faults, public testing::WithParamInterface<Fault> {};

TEST_P(Passing, IsOvercome) {
  order(GetParam().order);
  expect_overcome();
}

INSTANTIATE_TEST_SUITE_P(
    Fault, Passing,
    testing::Values(Fault{"RateLimit", R"("fault":"rate_limit","retry_after":1)"},
                    Fault{"ServerError", R"("fault":"error500","times":2)"},
                    Fault{"Unavailability", R"("fault":"error503","retry_after":1)"},
                    Fault{"Reset", R"("fault":"reset","times":2)"},
                    Fault{"SlowAnswer", R"("fault":"slow","delay_ms":200,"times":2)"},
                    Fault{"TruncatedBody", R"("fault":"truncate","times":2)"},
                    Fault{"InvalidJson", R"("fault":"invalid_json","times":2)"},
                    Fault{"ChangeWhilePaging", R"("fault":"mutate_while_paging","times":3)"}),
    name_of);

class Lasting : public Faults, public testing::WithParamInterface<Fault> {};

TEST_P(Lasting, FailsAndIsResumedAfter) {
  order(GetParam().order);
  expect_failure_then_resume();
}

INSTANTIATE_TEST_SUITE_P(
    Fault, Lasting,
    testing::Values(Fault{"ServerError", R"("fault":"error500","times":1000)"},
                    Fault{"Reset", R"("fault":"reset","times":1000)"},
                    Fault{"TruncatedBody", R"("fault":"truncate","times":1000)"},
                    Fault{"InvalidJson", R"("fault":"invalid_json","times":1000)"}),
    name_of);

TEST_F(Faults, CountRefusalsForRate) {
  order(R"("fault":"rate_limit","retry_after":1)");
  EXPECT_EQ(number(*sync(), "throttled"), 1);
}

TEST_F(Faults, ThatRepeatAPageLoseAndDoubleNothing) {
  order(R"("fault":"duplicate_page")");
  const Finished first = run({"sync", "acme", "--quiet"});
  EXPECT_TRUE(first.exit_code == 0 || first.exit_code == 1) << first.err;
  const auto last = sync();
  EXPECT_EQ(text(*last, "outcome"), "completed");
  expect_oracle();
}

TEST_F(Faults, ThatBreakJsonAreToldWithSizeAndKind) {
  order(R"("fault":"invalid_json","times":1000)");
  const auto failed = sync({}, 1);
  EXPECT_EQ(text(*failed, "error_code"), "bad_data");
  EXPECT_THAT(text(*failed, "error"),
              testing::ContainsRegex("GET /api/v2/incremental/[^ ]*: the product answered 200 with "
                                     "[0-9]+ bytes that are no JSON but broken JSON"));
}

}  // namespace
}  // namespace earshot::scenario

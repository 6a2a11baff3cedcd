#include <string>
#include <tuple>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenario.hpp"

namespace earshot::scenario {
namespace {

/// A product that misbehaves while a sync fetches 100 items in pages of 10.
class Faults : public Scenario {
 protected:
  explicit Faults(const Product& product) : Scenario(product) {}

  void SetUp() override {
    serve(100);
    write_config({.page_size = 10});
  }

  void order(const std::string& members) {
    control().post("/_sandbox/faults",
                   fmt::format(R"({{"on":"{}","after":3,{}}})", product().item_pages, members));
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
    const auto kept = static_cast<std::int64_t>(ids_of(exported()).size());
    EXPECT_GE(kept, 20) << "of three pages";
    control().remove("/_sandbox/faults");
    const auto resumed = sync();
    EXPECT_EQ(number(*resumed, "fetched"), number(*truth(), "count") - kept);
    expect_oracle();
  }
};

struct Fault {
  const char* name;
  const char* order;
};

class EachFault : public Faults,
                  public testing::WithParamInterface<std::tuple<const Product*, Fault>> {
 protected:
  EachFault() : Faults(*std::get<0>(GetParam())) {}
  void order() { Faults::order(std::get<1>(GetParam()).order); }
};
std::string name_of(const testing::TestParamInfo<EachFault::ParamType>& tested) {
  return std::string(std::get<0>(tested.param)->name) + std::get<1>(tested.param).name;
}

class Passing : public EachFault {};

TEST_P(Passing, IsOvercome) {
  order();
  expect_overcome();
}

INSTANTIATE_TEST_SUITE_P(
    Fault, Passing,
    testing::Combine(
        testing::ValuesIn(products()),
        testing::Values(Fault{"RateLimit", R"("fault":"rate_limit","retry_after":1)"},
                        Fault{"ServerError", R"("fault":"error500","times":2)"},
                        Fault{"Unavailability", R"("fault":"error503","retry_after":1)"},
                        Fault{"Reset", R"("fault":"reset","times":2)"},
                        Fault{"SlowAnswer", R"("fault":"slow","delay_ms":200,"times":2)"},
                        Fault{"TruncatedBody", R"("fault":"truncate","times":2)"},
                        Fault{"InvalidJson", R"("fault":"invalid_json","times":2)"},
                        Fault{"ChangeWhilePaging", R"("fault":"mutate_while_paging","times":3)"})),
    name_of);

class Lasting : public EachFault {};

TEST_P(Lasting, FailsAndIsResumedAfter) {
  order();
  expect_failure_then_resume();
}

INSTANTIATE_TEST_SUITE_P(
    Fault, Lasting,
    testing::Combine(testing::ValuesIn(products()),
                     testing::Values(Fault{"ServerError", R"("fault":"error500","times":1000)"},
                                     Fault{"Reset", R"("fault":"reset","times":1000)"},
                                     Fault{"TruncatedBody", R"("fault":"truncate","times":1000)"},
                                     Fault{"InvalidJson",
                                           R"("fault":"invalid_json","times":1000)"})),
    name_of);

class FaultsOfEach : public Faults, public testing::WithParamInterface<const Product*> {
 protected:
  FaultsOfEach() : Faults(*GetParam()) {}
};

TEST_P(FaultsOfEach, CountRefusalsForRate) {
  order(R"("fault":"rate_limit","retry_after":1)");
  EXPECT_EQ(number(*sync(), "throttled"), 1);
}

TEST_P(FaultsOfEach, ThatRepeatAPageLoseAndDoubleNothing) {
  order(R"("fault":"duplicate_page")");
  const Finished first = run({"sync", "acme", "--quiet"});
  EXPECT_TRUE(first.exit_code == 0 || first.exit_code == 1) << first.err;
  const auto last = sync();
  EXPECT_EQ(text(*last, "outcome"), "completed");
  expect_oracle();
}

TEST_P(FaultsOfEach, ThatBreakJsonAreToldWithSizeAndKind) {
  order(R"("fault":"invalid_json","times":1000)");
  const auto failed = sync({}, 1);
  EXPECT_EQ(text(*failed, "error_code"), "bad_data");
  EXPECT_THAT(text(*failed, "error"),
              testing::ContainsRegex("(GET|POST) /[^ ]*: the product answered 200 with "
                                     "[0-9]+ bytes that are no JSON but broken JSON"));
}

INSTANTIATE_TEST_SUITE_P(Products, FaultsOfEach, testing::ValuesIn(products()), product_name);

}  // namespace
}  // namespace earshot::scenario

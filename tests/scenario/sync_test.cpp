#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenario.hpp"

namespace earshot::scenario {
namespace {

class Sync : public EveryProduct {
 protected:
  std::int64_t items() { return number(*truth(), "count"); }
};

TEST_P(Sync, FirstFetchesEverything) {
  serve(400);
  write_config();
  const auto first = sync();
  EXPECT_EQ(text(*first, "outcome"), "completed");
  EXPECT_EQ(number(*first, "fetched"), items());
  EXPECT_EQ(number(*first, "rejected"), 0);
  EXPECT_EQ(number(*first, "throttled"), 0);
  expect_oracle();
}

TEST_P(Sync, SecondFetchesOnlyTheChange) {
  serve(250);
  write_config({.page_size = 50});
  sync();
  const std::vector<std::string> asked_first = targets();
  EXPECT_TRUE(std::any_of(asked_first.begin(), asked_first.end(), product().begins_anew));
  change(5, 2, 3);
  forget_requests();
  const auto second = sync();
  EXPECT_EQ(number(*second, "created"), 3);
  EXPECT_EQ(number(*second, "updated"), 5);
  EXPECT_EQ(number(*second, "deleted"), product().sees_deletions ? 2 : 0);
  EXPECT_EQ(number(*second, "unchanged"), 0);
  const std::vector<std::string> asked = targets();
  ASSERT_FALSE(asked.empty());
  EXPECT_FALSE(std::any_of(asked.begin(), asked.end(), product().begins_anew));
  expect_oracle();
}

TEST_P(Sync, ThirdFetchesNothing) {
  serve(120);
  write_config({.page_size = 50});
  sync();
  change(2, 1, 1);
  sync();
  forget_requests();
  const auto third = sync();
  EXPECT_EQ(number(*third, "fetched"), 0);
  EXPECT_EQ(number(*third, "requests"), static_cast<std::int64_t>(product().idle_requests));
  EXPECT_EQ(targets().size(), product().idle_requests);
  expect_oracle();
}

INSTANTIATE_TEST_SUITE_P(Products, Sync, testing::ValuesIn(products()), product_name);

class ZendeskSync : public Scenario {};

TEST_F(ZendeskSync, ThatFindsNothingSaysWhereItLooked) {
  serve(20);
  write_config();
  sync();
  forget_requests();
  const Finished incremental = run({"sync", "acme", "--json"});
  EXPECT_EQ(incremental.exit_code, 0);
  EXPECT_THAT(incremental.err, testing::HasSubstr("acme: no items since the last sync; filters: {"));
  EXPECT_EQ(targets().size(), 1U) << "nothing is asked beside";
  const Finished window =
      run({"sync", "acme", "--json", "--from", "2001-01-01", "--to", "2001-01-02"});
  EXPECT_THAT(window.err, testing::HasSubstr("acme: no items from 2001-01-01T00:00:00Z"));
  EXPECT_THAT(window.err, testing::HasSubstr("the credentials open account"));
  const Finished told = run({"sync", "acme"});
  EXPECT_THAT(told.out, testing::HasSubstr("acme: no items since the last sync; filters: {"));
  EXPECT_THAT(told.out, testing::HasSubstr("the credentials open account"));
}

}  // namespace
}  // namespace earshot::scenario

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenario.hpp"

namespace earshot::scenario {
namespace {

using testing::HasSubstr;
using testing::Not;

class Sync : public Scenario {
 protected:
  /// The live cursor as the address of a request writes it.
  std::string cursor() {
    const Finished state = run({"state", "get", "acme"});
    EXPECT_EQ(state.exit_code, 0) << state.err;
    return state.out.substr(0, state.out.find_last_not_of("=\n") + 1);
  }
};

TEST_F(Sync, FirstFetchesEverything) {
  serve(400);
  write_config({.page_size = 100});
  const auto first = sync();
  EXPECT_EQ(text(*first, "outcome"), "completed");
  EXPECT_EQ(number(*first, "fetched"), 400);
  EXPECT_EQ(number(*first, "rejected"), 0);
  EXPECT_EQ(number(*first, "throttled"), 0);
  expect_oracle();
}

TEST_F(Sync, SecondFetchesOnlyTheChange) {
  serve(250);
  write_config({.page_size = 100});
  sync();
  const std::string reached = cursor();
  change(5, 2, 3);
  forget_requests();
  const auto second = sync();
  EXPECT_EQ(number(*second, "fetched"), 10);
  EXPECT_EQ(number(*second, "created"), 3);
  EXPECT_EQ(number(*second, "updated"), 5);
  EXPECT_EQ(number(*second, "deleted"), 2);
  const std::vector<std::string> asked = targets();
  ASSERT_FALSE(asked.empty());
  EXPECT_THAT(asked.front(), HasSubstr("cursor=" + reached));
  for (const std::string& target : asked) EXPECT_THAT(target, Not(HasSubstr("start_time")));
  expect_oracle();
}

TEST_F(Sync, ThirdFetchesNothing) {
  serve(120);
  write_config({.page_size = 50});
  sync();
  change(2, 1, 1);
  sync();
  forget_requests();
  const auto third = sync();
  EXPECT_EQ(number(*third, "fetched"), 0);
  EXPECT_EQ(number(*third, "requests"), 1);
  EXPECT_EQ(targets().size(), 1U);
  expect_oracle();
}

TEST_F(Sync, ThatFindsNothingSaysWhereItLooked) {
  serve(20);
  write_config();
  sync();
  forget_requests();
  const Finished incremental = run({"sync", "acme", "--json"});
  EXPECT_EQ(incremental.exit_code, 0);
  EXPECT_THAT(incremental.err, HasSubstr("acme: no items since the last sync; filters: {"));
  EXPECT_EQ(targets().size(), 1U) << "nothing is asked beside";
  const Finished window =
      run({"sync", "acme", "--json", "--from", "2001-01-01", "--to", "2001-01-02"});
  EXPECT_THAT(window.err, HasSubstr("acme: no items from 2001-01-01T00:00:00Z"));
  EXPECT_THAT(window.err, HasSubstr("the credentials open account"));
  const Finished told = run({"sync", "acme"});
  EXPECT_THAT(told.out, HasSubstr("acme: no items since the last sync; filters: {"));
  EXPECT_THAT(told.out, HasSubstr("the credentials open account"));
}

}  // namespace
}  // namespace earshot::scenario

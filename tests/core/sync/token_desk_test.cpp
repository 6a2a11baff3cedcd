#include "token_desk.hpp"

#include <optional>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace earshot::core {
namespace {

using testing::ElementsAre;

class Desk : public testing::Test {
 protected:
  void take(IntegrationId integration, int name) {
    desk_.take(integration, [this, name](TokenDesk::Turn turn) {
      order_.push_back(name);
      turns_.push_back(std::move(turn));
    });
  }
  void let_go() { turns_.erase(turns_.begin()); }

  TokenDesk desk_;
  std::vector<int> order_;
  std::vector<TokenDesk::Turn> turns_;
};

TEST_F(Desk, GivesTurnsOneAfterTheOther) {
  take(1, 1);
  take(1, 2);
  take(1, 3);
  EXPECT_THAT(order_, ElementsAre(1));
  let_go();
  EXPECT_THAT(order_, ElementsAre(1, 2));
  let_go();
  let_go();
  take(1, 4);
  EXPECT_THAT(order_, ElementsAre(1, 2, 3, 4));
}

TEST_F(Desk, KeepsIntegrationsApart) {
  take(1, 1);
  take(2, 2);
  EXPECT_THAT(order_, ElementsAre(1, 2));
}

TEST_F(Desk, PassesATurnOnThatNobodyTook) {
  take(1, 1);
  desk_.take(1, [](TokenDesk::Turn) {});
  take(1, 3);
  let_go();
  EXPECT_THAT(order_, ElementsAre(1, 3));
}

}  // namespace
}  // namespace earshot::core

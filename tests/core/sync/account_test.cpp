/// Whose credentials an integration has, and what follows for its budgets.

#include "engine_fixture.hpp"

namespace earshot::core {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class Accounts : public EngineTest {
 protected:
  Accounts() { find_accounts_ = true; }

  std::string budget(const std::string& key) {
    return wait_for<std::string>([&](auto done) { store_->budget(key, std::move(done)); })
        .value_or("");
  }
  static FakeProduct::Handler of_account(const std::string& id) {
    return [id, answer = pages(1)](const HttpRequest& request) {
      return request.target == "/account" ? json_answer(R"({"id":")" + id + R"("})")
                                          : answer(request);
    };
  }
};

TEST_F(Accounts, AreAskedForOnceBeforeTheFirstRun) {
  FakeProduct product(of_account("77"));
  EXPECT_EQ(run(product).outcome, RunOutcome::completed);
  EXPECT_THAT(product.targets(), ElementsAre("/account", "/items"));
  EXPECT_EQ(run(product).outcome, RunOutcome::completed);
  EXPECT_EQ(product.targets().back(), "/items?cursor=c1");
  EXPECT_EQ(product.targets().size(), 3U);
}

TEST_F(Accounts, ShareTheirBudgetFromTheFirstRunOn) {
  FakeProduct product(of_account("77"));
  engine(product);
  LimitRule rule = plugin_->manifest.limits.at(0);
  rule.requests = 3;
  rule.per = std::chrono::hours(1);
  const auto limited = [&](const std::string& name) {
    IntegrationSettings integration = settings("plain", name);
    integration.limits["account"] = rule;
    return start(std::move(integration)).get().outcome;
  };
  EXPECT_EQ(limited("acme"), RunOutcome::completed) << "one for the account, one for its page";
  EXPECT_EQ(limited("again"), RunOutcome::yielded) << "the third request is the last of the hour";
  EXPECT_THAT(product.targets(), ElementsAre("/account", "/items", "/account"));
}

TEST_F(Accounts, KeepWhatWasSpentBeforeTheyWereKnown) {
  FakeProduct product(of_account("77"));
  engine(product);
  auto promise = std::make_shared<std::promise<Result<AccountReport>>>();
  engine_->authenticate(settings(), *plugin_, [promise](Result<AccountReport> report) {
    promise->set_value(std::move(report));
  });
  const auto report = promise->get_future().get();
  ASSERT_TRUE(report.has_value()) << report.error().message;
  EXPECT_EQ(report->requests, 1U);
  EXPECT_THAT(budget("paged/77"), HasSubstr("\"account\""));
  EXPECT_THAT(budget("paged/integration:acme"), IsEmpty());
}

TEST_F(Accounts, ThatRefuseEndTheRunInItsOwnWords) {
  FakeProduct product([](const HttpRequest&) { return json_answer(R"({"error":"no"})", 401); });
  const RunSummary summary = run(product);
  EXPECT_EQ(summary.outcome, RunOutcome::failed);
  EXPECT_EQ(summary.error_code, "auth");
  EXPECT_NE(summary.run, 0) << "it is told among the runs";
  EXPECT_THAT(product.targets(), Not(Contains("/items")));
}

TEST_F(Accounts, LeaveNoTraceOfADryRun) {
  FakeProduct product(of_account("77"));
  EXPECT_EQ(run(product, {.dry_run = true}).outcome, RunOutcome::completed);
  const auto id = wait_for<IntegrationId>(
      [&](auto done) { store_->find_integration("acme", "paged", std::move(done)); });
  EXPECT_EQ(id.value_or(-1), 0);
  EXPECT_THAT(budget("paged/77"), IsEmpty());
}

}  // namespace
}  // namespace earshot::core

/// What a run leaves out: by limit, by window, by not storing at all, for want of quota.

#include "engine_fixture.hpp"

namespace earshot::core {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class Limits : public EngineTest {
 protected:
  bool synced(const RunSummary& summary) {
    const auto state = wait_for<std::map<std::string, std::string>>(
        [&](auto done) { store_->state(summary.integration, std::move(done)); });
    return state.has_value() && state->contains("synced_until");
  }
};

TEST_F(Limits, CutAPageAndLeaveItsCursor) {
  FakeProduct product(pages(3));
  const RunSummary summary = run(product, {.limit = 3});
  EXPECT_EQ(summary.outcome, RunOutcome::completed) << summary.error;
  EXPECT_EQ(summary.counts.fetched(), 3U);
  EXPECT_THAT(ids(), ElementsAre("1", "2", "3"));
  EXPECT_THAT(cursors(), ElementsAre("/=c1"));
}

TEST_F(Limits, AtTheEndOfAPageMoveItsCursorAndAskNoMore) {
  FakeProduct product(pages(3));
  const RunSummary summary = run(product, {.limit = 4});
  EXPECT_EQ(summary.outcome, RunOutcome::completed) << summary.error;
  EXPECT_EQ(product.requests().size(), 2U);
  EXPECT_THAT(ids(), ElementsAre("1", "2", "3", "4"));
  EXPECT_THAT(cursors(), ElementsAre("/=c2"));
}

TEST_F(Limits, DoNotCountAsSynced) {
  FakeProduct product(pages(3));
  EXPECT_FALSE(synced(run(product, {.limit = 4})));
  EXPECT_TRUE(synced(run(product)));
}

TEST_F(Limits, OfTimeKeepToTheWindowInALaneOfItsOwn) {
  FakeProduct product([](const HttpRequest&) { return page_of({1, 2, 3, 4}, "c1", false); });
  const RunSummary summary = run(product, {.from = parse_time("2026-03-02T10:02:00Z"),
                                           .to = parse_time("2026-03-02T10:04:00Z")});
  EXPECT_EQ(summary.outcome, RunOutcome::completed) << summary.error;
  EXPECT_THAT(ids(), ElementsAre("2", "3"));
  EXPECT_THAT(cursors(), IsEmpty()) << "a lane that completed forgets its cursors";
}

TEST_F(Limits, OfADryRunStoreNothingButCountAll) {
  FakeProduct first(pages(1));
  run(first);
  FakeProduct product([](const HttpRequest&) {
    std::string reworded = item(2);
    reworded.replace(reworded.find("words"), 5, "other words");
    return json_answer(R"({"items":[)" + item(1) + "," + reworded + "," + item(8) +
                       R"(],"notes":[)" + item(9) + R"(],"next":"c9","more":false})");
  });
  const RunSummary summary = run(product, {.dry_run = true});
  EXPECT_EQ(summary.outcome, RunOutcome::completed) << summary.error;
  EXPECT_EQ(summary.counts.created, 2U);
  EXPECT_EQ(summary.counts.updated, 1U);
  EXPECT_EQ(summary.counts.unchanged, 1U);
  EXPECT_THAT(ids(), ElementsAre("1", "2"));
  EXPECT_THAT(cursors(), ElementsAre("/=c1"));
}

TEST_F(Limits, OfAFullRunAreNone) {
  FakeProduct first(pages(2));
  run(first);
  FakeProduct again(pages(2));
  const RunSummary summary = run(again, {.full = true});
  EXPECT_EQ(again.targets().front(), "/items");
  EXPECT_EQ(summary.counts.unchanged, 4U);
}

TEST_F(Limits, OfTheProductEndARunAsYieldedWithWhatItHas) {
  FakeProduct product(pages(3));
  engine(product);
  IntegrationSettings slow = settings();
  LimitRule rule = plugin_->manifest.limits.at(0);
  rule.requests = 1;
  rule.per = std::chrono::hours(1);
  slow.limits["account"] = rule;
  const RunSummary summary = start(std::move(slow)).get();
  EXPECT_EQ(summary.outcome, RunOutcome::yielded);
  EXPECT_TRUE(summary.until.has_value());
  EXPECT_THAT(ids(), ElementsAre("1", "2"));
  EXPECT_THAT(cursors(), ElementsAre("/=c1"));
}

TEST_F(Limits, CannotBeHiddenByAPluginThatSwallowsThem) {
  FakeProduct product(pages(3));
  engine(product);
  IntegrationSettings slow = settings("swallows_errors");
  LimitRule rule = plugin_->manifest.limits.at(0);
  rule.requests = 1;
  rule.per = std::chrono::hours(1);
  slow.limits["account"] = rule;
  const RunSummary summary = start(std::move(slow)).get();
  EXPECT_EQ(summary.outcome, RunOutcome::yielded);
  EXPECT_FALSE(synced(summary));
}

/// Runs of two integrations of one account, each with a limit of one request for `scope`.
class Scopes : public Limits, public testing::WithParamInterface<LimitRule::Scope> {
 protected:
  void SetUp() override {
    Limits::SetUp();
    LimitRule& rule = plugin_->manifest.limits.at(0);
    rule.scope = GetParam();
    rule.requests = 1;
    rule.per = std::chrono::hours(1);
  }
  /// An integration that is known to be of account 7.
  IntegrationSettings of_account(const std::string& name) {
    const auto id = wait_for<IntegrationId>(
        [&](auto done) { store_->ensure_integration(name, "paged", std::move(done)); });
    EXPECT_TRUE(wait_for<void>([&](auto done) {
      store_->put_state(id.value(), {{"account_id", "7"}}, std::move(done));
    }));
    return settings("plain", name);
  }
};

TEST_P(Scopes, DecideWhoSharesABudgetAlsoAcrossARestart) {
  FakeProduct product(pages(1));
  engine(product);
  EXPECT_EQ(start(of_account("one")).get().outcome, RunOutcome::completed);
  const bool shared = GetParam() == LimitRule::Scope::account;
  const RunOutcome outcome = shared ? RunOutcome::yielded : RunOutcome::completed;
  EXPECT_EQ(start(of_account("two")).get().outcome, outcome);
  engine(product);
  EXPECT_EQ(start(of_account("one")).get().outcome, RunOutcome::yielded);
  EXPECT_EQ(start(of_account("three")).get().outcome, outcome);
}

INSTANTIATE_TEST_SUITE_P(Both, Scopes,
                         testing::Values(LimitRule::Scope::account, LimitRule::Scope::integration));

TEST_F(Limits, OfAWindowAreGoneOnBehindWhenItIsAskedForAgain) {
  FakeProduct product(pages(3));
  const RunOptions window{.from = parse_time("2026-01-01"), .limit = 2};
  run(product, window);
  EXPECT_THAT(cursors(), ElementsAre("2026-01-01T00:00:00Z../=c1"));
  run(product, window);
  EXPECT_THAT(ids(), ElementsAre("1", "2", "3", "4"));
  run(product, {.from = window.from});
  EXPECT_THAT(ids(), ElementsAre("1", "2", "3", "4", "5", "6"));
  EXPECT_THAT(cursors(), IsEmpty()) << "nothing of the window is left";
}

TEST_F(Limits, OfStreamsThatFailedKeepTheCursorsOfTheWindow) {
  FakeProduct product(pages(1));
  run(product, {.from = parse_time("2026-01-01")}, "has_a_problem");
  EXPECT_THAT(cursors(), ElementsAre("2026-01-01T00:00:00Z../=c1"));
}

}  // namespace
}  // namespace earshot::core

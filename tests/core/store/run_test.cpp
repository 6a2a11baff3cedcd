#include <future>

#include <gmock/gmock.h>

#include "core/store/fixture.hpp"

namespace earshot::core {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

class Run : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    id_ = integration();
  }

  RunSummary run(RunId run) {
    const auto found = reader()->run(run);
    EXPECT_TRUE(found && *found);
    return found && *found ? **found : RunSummary{};
  }

  IntegrationId id_ = 0;
};

TEST_F(Run, TakesAHigherEpochEachTime) {
  const Lease first = lease(id_);
  const Lease second = lease(id_);
  EXPECT_GT(second.epoch, first.epoch);
  EXPECT_GT(second.run, first.run);
}

TEST_F(Run, ALaterRunFencesTheEarlier) {
  const Lease first = lease(id_);
  const Lease second = lease(id_);
  const auto fenced = commit({.lease = first, .records = {item("1", 1)}, .cursors = {{"", "x"}}});
  ASSERT_FALSE(fenced);
  EXPECT_EQ(fenced.error().code, Code::conflict);
  EXPECT_EQ(end(first, {.outcome = RunOutcome::completed}).error().code, Code::conflict);
  EXPECT_THAT(records(), IsEmpty());
  EXPECT_EQ(write(second, {item("1", 1)}).created, 1U);
  EXPECT_EQ(run(first.run).outcome, RunOutcome::interrupted);
  EXPECT_EQ(run(second.run).outcome, RunOutcome::running);
}

TEST_F(Run, AnEndedRunWritesNoMore) {
  const Lease ended = lease(id_);
  ASSERT_TRUE(end(ended, {.outcome = RunOutcome::completed}));
  EXPECT_EQ(commit({.lease = ended, .records = {item("1", 1)}}).error().code, Code::conflict);
}

TEST_F(Run, AReopenedStoreVoidsLeasesAndClosesRuns) {
  const Lease before = lease(id_);
  write(before, {item("1", 1)});
  clock_.advance(std::chrono::minutes{3});
  reopen();
  EXPECT_EQ(commit({.lease = before, .records = {item("2", 1)}}).error().code, Code::conflict);
  const RunSummary closed = run(before.run);
  EXPECT_EQ(closed.outcome, RunOutcome::interrupted);
  EXPECT_EQ(closed.ended, clock_.now());
  EXPECT_EQ(closed.counts.created, 1U);
}

TEST_F(Run, AFencedBatchLeavesItsGroupAlone) {
  const Lease old = lease(id_);
  const Lease mine = lease(id_);
  const Lease other = lease(integration("beta"));
  std::promise<void> release;
  std::promise<Result<RecordCounts>> results[3];
  // While this answer is held back, what follows gathers into one group.
  store_->budget("none", [&](Result<std::string>) { release.get_future().wait(); });
  const Lease leases[] = {mine, old, other};
  for (int i = 0; i < 3; ++i) {
    store_->commit(
        {.lease = leases[i], .records = {item("1", 1), item("2", 1)}},
        [&results, i](Result<RecordCounts> counts) { results[i].set_value(std::move(counts)); });
  }
  release.set_value();
  EXPECT_EQ(results[0].get_future().get()->created, 2U);
  EXPECT_EQ(results[1].get_future().get().error().code, Code::conflict);
  EXPECT_EQ(results[2].get_future().get()->created, 2U);
  EXPECT_EQ(records().size(), 4U);
}

TEST_F(Run, KeepsItsSummary) {
  const Time from{std::chrono::seconds{1'600'000'000}};
  const auto begun = begin({.integration = id_, .lane = "backfill", .from = from, .limit = 150});
  ASSERT_TRUE(begun);
  clock_.advance(std::chrono::seconds{9});
  RunSummary summary;
  summary.outcome = RunOutcome::yielded;
  summary.counts = {.created = 1, .updated = 2, .unchanged = 3, .deleted = 4, .rejected = 5};
  summary.requests = 6;
  summary.throttled = 7;
  summary.bytes = 8;
  summary.waited = std::chrono::seconds{2};
  summary.took = std::chrono::seconds{8};
  summary.quota_left = 0;
  summary.until = clock_.now() + std::chrono::minutes{1};
  summary.error_code = "rate_limited";
  summary.error = "no quota";
  summary.problems = {"board 1: gone", "board 2:\ngone"};
  summary.notes = {"ticket.severity: no word for 'p9' (2 items)", "ticket.status: no word for 'x'"};
  ASSERT_TRUE(end(begun->lease, summary));

  const RunSummary stored = run(begun->lease.run);
  EXPECT_EQ(stored.integration_name, "acme");
  EXPECT_EQ(stored.plugin, "zendesk");
  EXPECT_EQ(stored.lane, "backfill");
  EXPECT_EQ(stored.from, from);
  EXPECT_EQ(stored.to, std::nullopt);
  EXPECT_EQ(stored.limit, 150U);
  EXPECT_EQ(stored.outcome, RunOutcome::yielded);
  EXPECT_EQ(stored.ended, stored.started + std::chrono::seconds{9});
  EXPECT_EQ(stored.took, std::chrono::seconds{8});
  EXPECT_EQ(stored.counts.fetched(), 15U);
  EXPECT_EQ(stored.requests, 6U);
  EXPECT_EQ(stored.throttled, 7U);
  EXPECT_EQ(stored.bytes, 8U);
  EXPECT_EQ(stored.waited, std::chrono::seconds{2});
  EXPECT_EQ(stored.quota_left, 0U);
  EXPECT_EQ(stored.until, summary.until);
  EXPECT_EQ(stored.error_code, "rate_limited");
  EXPECT_EQ(stored.error, "no quota");
  EXPECT_EQ(stored.problems, summary.problems);
  EXPECT_EQ(stored.notes, summary.notes);
}

TEST_F(Run, ListsTheLatestFirst) {
  const Lease first = lease(id_);
  const Lease beta = lease(integration("beta"));
  const Lease last = lease(id_);
  const auto all = reader()->runs("", 0);
  ASSERT_EQ(all->size(), 3U);
  EXPECT_EQ(all->front().run, last.run);
  EXPECT_EQ(all->back().run, first.run);
  EXPECT_EQ(reader()->runs("beta", 0)->front().run, beta.run);
  EXPECT_EQ(reader()->runs("acme", 1)->size(), 1U);
  EXPECT_EQ(reader()->integrations()->front().last_run->run, last.run);
  EXPECT_EQ(*reader()->run(999), std::nullopt);
}

TEST_F(Run, AWholeBackfillForgetsItsCursors) {
  const Lease backfill = lease(id_, "backfill");
  ASSERT_TRUE(commit({.lease = backfill, .cursors = {{"", "live"}}}));
  ASSERT_TRUE(commit({.lease = backfill, .lane = "backfill", .cursors = {{"", "old"}}}));
  ASSERT_TRUE(end(backfill, {.outcome = RunOutcome::completed, .whole = true}));
  EXPECT_THAT(begin({.integration = id_, .lane = "backfill"})->cursors, IsEmpty());
  EXPECT_THAT(begin({.integration = id_})->cursors, ElementsAre(Pair("", "live")));
}

TEST_F(Run, ABackfillThatLeftSomethingOutKeepsItsCursors) {
  const Lease backfill = lease(id_, "backfill");
  ASSERT_TRUE(commit({.lease = backfill, .lane = "backfill", .cursors = {{"", "old"}}}));
  ASSERT_TRUE(end(backfill, {.limit = 150, .outcome = RunOutcome::completed}));
  EXPECT_THAT(begin({.integration = id_, .lane = "backfill"})->cursors,
              ElementsAre(Pair("", "old")));
}

TEST_F(Run, AFailedBackfillAndAWholeLiveRunKeepTheirs) {
  const Lease backfill = lease(id_, "backfill");
  ASSERT_TRUE(commit({.lease = backfill, .lane = "backfill", .cursors = {{"", "old"}}}));
  ASSERT_TRUE(end(backfill, {.outcome = RunOutcome::failed}));
  const Lease live = lease(id_);
  ASSERT_TRUE(commit({.lease = live, .cursors = {{"", "live"}}}));
  ASSERT_TRUE(end(live, {.outcome = RunOutcome::completed, .whole = true}));
  EXPECT_EQ(reader()->cursors("acme")->size(), 2U);
}

TEST_F(Run, AFullRunForgetsTheCursorsOfItsLane) {
  const Lease live = lease(id_);
  ASSERT_TRUE(commit({.lease = live, .cursors = {{"", "live"}}}));
  ASSERT_TRUE(commit({.lease = live, .lane = "backfill", .cursors = {{"", "old"}}}));
  EXPECT_THAT(begin({.integration = id_, .reset_cursors = true})->cursors, IsEmpty());
  EXPECT_EQ(reader()->cursors("acme")->size(), 1U);
}

TEST_F(Run, NeedsAnIntegration) {
  EXPECT_EQ(begin({.integration = 99}).error().code, Code::not_found);
}

TEST_F(Run, HoldsOffCursorEditsUntilItEnds) {
  const auto set = [&](std::string cursor) {
    return wait_for<void>([&](auto done) {
      store_->put_cursor(id_, "", {.stream = "board", .cursor = std::move(cursor)},
                         std::move(done));
    });
  };
  const Lease running = lease(id_);
  const auto refused = set("c1");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::conflict);
  EXPECT_THAT(refused.error().message, HasSubstr("run 1"));
  ASSERT_TRUE(end(running, {.outcome = RunOutcome::completed}));
  ASSERT_TRUE(set("c1"));
  EXPECT_EQ(reader()->cursors("acme")->front().cursor, "c1");
  ASSERT_TRUE(set(""));
  EXPECT_THAT(*reader()->cursors("acme"), IsEmpty());
}

}  // namespace
}  // namespace earshot::core

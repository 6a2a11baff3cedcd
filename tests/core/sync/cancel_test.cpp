/// Stopping an engine wherever a run may wait.

#include "engine_fixture.hpp"

namespace earshot::core {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Kind = TraceEvent::Kind;

using Stop = EngineTest;

TEST_F(Stop, CancelsARunThatWaitsForTheProduct) {
  FakeProduct product([this](const HttpRequest& request) -> std::optional<HttpResponse> {
    if (request.target == "/items") return pages(3)(request);
    engine_->stop();
    return std::nullopt;
  });
  const RunSummary summary = run(product);
  EXPECT_EQ(summary.outcome, RunOutcome::cancelled);
  EXPECT_THAT(ids(), ElementsAre("1", "2"));
  EXPECT_THAT(cursors(), ElementsAre("/=c1"));
}

TEST_F(Stop, CancelsARunThatWaitsForTheStore) {
  store_->hold();
  on_trace = [this](const TraceEvent& event) {
    if (event.kind != Kind::checkpoint_accepted || event.number != 2) return;
    engine_->stop();
    store_->allow_all();
  };
  FakeProduct product(pages(5));
  EXPECT_EQ(run(product).outcome, RunOutcome::cancelled);
  EXPECT_EQ(product.requests().size(), 2U);
  EXPECT_THAT(cursors(), ElementsAre("/=c2"));
}

TEST_F(Stop, CancelsARunThatWaitsForQuota) {
  on_trace = [this](const TraceEvent& event) {
    if (event.kind == Kind::checkpoint_accepted) engine_->stop();
  };
  FakeProduct product(pages(5));
  engine(product);
  IntegrationSettings slow = settings();
  LimitRule rule = plugin_->manifest.limits.at(0);
  rule.requests = 1;
  rule.per = std::chrono::hours(1);
  slow.limits["account"] = rule;
  slow.http.max_wait = std::chrono::hours(2);
  EXPECT_EQ(start(std::move(slow)).get().outcome, RunOutcome::cancelled);
  EXPECT_EQ(product.requests().size(), 1U);
}

TEST_F(Stop, CancelsAPluginThatSleeps) {
  FakeProduct product(pages(1));
  engine(product);
  auto ended = start(settings("sleeps"));
  engine_->stop();
  EXPECT_EQ(ended.get().outcome, RunOutcome::cancelled);
  EXPECT_THAT(product.requests(), IsEmpty());
}

TEST_F(Stop, CancelsARunThatIsOnlyBeginning) {
  store_->on_begin = [this] { engine_->stop(); };
  FakeProduct product(pages(3));
  const RunSummary summary = run(product);
  EXPECT_EQ(summary.outcome, RunOutcome::cancelled);
  EXPECT_THAT(product.requests(), IsEmpty());
}

TEST_F(Stop, CancelsWhatStartsAfterIt) {
  FakeProduct product(pages(3));
  engine(product).stop();
  EXPECT_EQ(start(settings()).get().outcome, RunOutcome::cancelled);
  EXPECT_THAT(product.requests(), IsEmpty());
}

TEST_F(Stop, IsPartOfTheEnd) {
  FakeProduct product([](const HttpRequest&) { return std::nullopt; });
  engine(product);
  auto ended = start(settings());
  engine_.reset();
  EXPECT_EQ(ended.get().outcome, RunOutcome::cancelled);
}

}  // namespace
}  // namespace earshot::core

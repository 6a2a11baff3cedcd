/// Runs that may fetch in some hours of the day alone.

#include "engine_fixture.hpp"

namespace earshot::core {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Optional;

Time at(std::string_view text) {
  return parse_time(text).value();
}

class OffPeak : public EngineTest {
 protected:
  void begin_at(std::string_view time) {
    now_ = std::make_unique<VirtualClock>(at(time));
    engine_clock_ = now_.get();
  }
  /// Pages 1..n, each of them an hour after the one before.
  FakeProduct::Handler hourly_pages(int count) {
    return [this, answer = pages(count)](const HttpRequest& request) {
      now_->advance(1h);
      return answer(request);
    };
  }
  static RunOptions night_in(const std::string& zone) {
    return {.hours = DailyHours::parse("22:00-06:00", zone).value()};
  }

  std::unique_ptr<VirtualClock> now_;
};

TEST_F(OffPeak, DoNotBeginOutsideTheirHours) {
  begin_at("2026-03-02T12:00:00Z");
  FakeProduct product(hourly_pages(3));
  const RunSummary summary = run(product, night_in("UTC"));
  EXPECT_EQ(summary.outcome, RunOutcome::yielded);
  EXPECT_EQ(summary.error_code, "yielded");
  EXPECT_THAT(summary.error,
              HasSubstr("outside of 22:00-06:00 UTC; they begin at 2026-03-02T22:00:00Z"));
  EXPECT_THAT(summary.until, Optional(at("2026-03-02T22:00:00Z")));
  EXPECT_THAT(product.requests(), IsEmpty());
}

TEST_F(OffPeak, EndBehindThePageAtWhichTheirHoursAreOver) {
  begin_at("2026-03-03T03:30:00Z");
  FakeProduct product(hourly_pages(8));
  const RunSummary summary = run(product, night_in("UTC"));
  EXPECT_EQ(summary.outcome, RunOutcome::yielded);
  EXPECT_THAT(summary.until, Optional(at("2026-03-03T22:00:00Z")));
  EXPECT_THAT(ids(), ElementsAre("1", "2", "3", "4", "5", "6"));
  EXPECT_THAT(cursors(), ElementsAre("/=c3"));
}

TEST_F(OffPeak, GoOnOverMidnight) {
  begin_at("2026-03-02T22:10:00Z");
  FakeProduct product(hourly_pages(6));
  const RunSummary summary = run(product, night_in("UTC"));
  EXPECT_EQ(summary.outcome, RunOutcome::completed) << summary.error;
  EXPECT_EQ(summary.counts.created, 12U);
}

TEST_F(OffPeak, GoOnTheNextNightWhereTheyEnded) {
  begin_at("2026-03-03T04:30:00Z");
  FakeProduct first(hourly_pages(5));
  EXPECT_EQ(run(first, night_in("UTC")).outcome, RunOutcome::yielded);
  begin_at("2026-03-03T22:00:00Z");
  FakeProduct second(hourly_pages(5));
  EXPECT_EQ(run(second, night_in("UTC")).outcome, RunOutcome::completed);
  EXPECT_EQ(second.targets().front(), "/items?cursor=c2");
  EXPECT_EQ(ids().size(), 10U);
}

TEST_F(OffPeak, HaveAnHourLessWhereTheClocksGoForward) {
  begin_at("2026-03-28T21:10:00Z");
  FakeProduct product(hourly_pages(20));
  const RunSummary summary = run(product, night_in("Europe/Berlin"));
  EXPECT_EQ(summary.outcome, RunOutcome::yielded);
  EXPECT_EQ(product.requests().size(), 7U);
  EXPECT_THAT(summary.until, Optional(at("2026-03-29T20:00:00Z")));
}

TEST_F(OffPeak, HaveAnHourMoreWhereTheClocksGoBack) {
  begin_at("2026-10-24T20:10:00Z");
  FakeProduct product(hourly_pages(20));
  const RunSummary summary = run(product, night_in("Europe/Berlin"));
  EXPECT_EQ(summary.outcome, RunOutcome::yielded);
  EXPECT_EQ(product.requests().size(), 9U);
  EXPECT_THAT(summary.until, Optional(at("2026-10-25T21:00:00Z")));
}

TEST_F(OffPeak, AreNotHiddenByAPluginThatSwallowsThem) {
  begin_at("2026-03-03T05:30:00Z");
  FakeProduct product(hourly_pages(5));
  EXPECT_EQ(run(product, night_in("UTC"), "swallows_errors").outcome, RunOutcome::yielded);
}

TEST_F(OffPeak, CompleteWhereTheLastPageEndsThem) {
  begin_at("2026-03-03T05:30:00Z");
  FakeProduct product(hourly_pages(1));
  EXPECT_EQ(run(product, night_in("UTC")).outcome, RunOutcome::completed);
}

}  // namespace
}  // namespace earshot::core

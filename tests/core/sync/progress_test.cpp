/// What those who watch a run are told.

#include <algorithm>
#include <atomic>

#include "engine_fixture.hpp"

namespace earshot::core {
namespace {

using testing::Each;
using testing::Field;
using testing::IsEmpty;
using testing::Not;
using testing::Optional;

class Progress : public EngineTest {
 protected:
  void SetUp() override {
    EngineTest::SetUp();
    on_progress = [this](const RunProgress& progress) {
      const std::lock_guard lock(mutex_);
      told_.push_back(progress);
    };
  }
  std::vector<RunProgress> told() {
    engine_.reset();
    const std::lock_guard lock(mutex_);
    return told_;
  }

 private:
  std::mutex mutex_;
  std::vector<RunProgress> told_;
};

HttpResponse page_of_twelve(const std::vector<int>& ids, const std::string& next, bool more) {
  HttpResponse page = page_of(ids, next, more);
  page.body.insert(page.body.size() - 1, R"(,"total":12)");
  return page;
}

TEST_F(Progress, CountsWhatIsStored) {
  FakeProduct product(pages(3));
  EXPECT_EQ(run(product).outcome, RunOutcome::completed);
  const std::vector<RunProgress> all = told();
  ASSERT_THAT(all, Not(IsEmpty()));
  EXPECT_THAT(all, Each(Field(&RunProgress::integration, "acme")));
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return a.counts.fetched() < b.counts.fetched();
  }));
  EXPECT_EQ(all.front().counts.fetched(), 0U);
  EXPECT_EQ(all.back().counts.created, 6U);
  EXPECT_EQ(all.back().requests, 3U);
  EXPECT_THAT(all, Each(Field(&RunProgress::total, std::nullopt)));
}

TEST_F(Progress, TellsHowLongARunTookWhateverTheCalendarDid) {
  using namespace std::chrono_literals;
  VirtualClock clock(Time{1'772'409'600s});
  engine_clock_ = &clock;
  FakeProduct product([&clock, answer = pages(3)](const HttpRequest& request) {
    clock.advance(1s);
    clock.step_calendar(-2h);
    return answer(request);
  });
  EXPECT_EQ(run(product).took, Micros{3s});
  engine_.reset();
}

TEST_F(Progress, TellsTheTotalThatTheProductGives) {
  FakeProduct product([](const HttpRequest&) { return page_of_twelve({1, 2}, "c1", false); });
  run(product);
  EXPECT_THAT(told().back().total, Optional(12U));
}

TEST_F(Progress, PromisesNoMoreThanTheLimit) {
  FakeProduct product([](const HttpRequest&) { return page_of_twelve({1, 2}, "c1", true); });
  run(product, {.limit = 2});
  EXPECT_THAT(told().back().total, Optional(2U));
}

TEST_F(Progress, TellsWhyARunWaits) {
  std::atomic<int> asked{0};
  FakeProduct product([&asked](const HttpRequest&) {
    if (asked++ > 0) return page_of({1, 2}, "c1", false);
    return json_answer("{}", 503);
  });
  engine(product);
  IntegrationSettings integration = settings();
  integration.http.retry_delay = std::chrono::milliseconds(1);
  EXPECT_EQ(start(std::move(integration)).get().outcome, RunOutcome::completed);
  const std::vector<RunProgress> all = told();
  const auto waits = std::find_if(all.begin(), all.end(),
                                  [](const RunProgress& one) { return one.wait.has_value(); });
  ASSERT_NE(waits, all.end());
  EXPECT_EQ(waits->wait->reason, TrafficWait::Reason::retry);
  EXPECT_EQ(waits->wait->why, "GET /items was answered 503");
  EXPECT_FALSE(all.back().wait);
}

}  // namespace
}  // namespace earshot::core

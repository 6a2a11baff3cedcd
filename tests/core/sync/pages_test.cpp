/// Pages on their way from the product into the store.

#include <algorithm>

#include <fmt/format.h>

#include "engine_fixture.hpp"

namespace earshot::core {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using Kind = TraceEvent::Kind;

class Pages : public EngineTest {
 protected:
  /// How many of `kind` come before the first event of `end` with that number.
  std::size_t before(Kind kind, Kind end, std::uint64_t number) {
    const std::vector<TraceEvent> events = trace();
    const auto stop = std::find_if(events.begin(), events.end(), [&](const TraceEvent& event) {
      return event.kind == end && event.number == number;
    });
    return static_cast<std::size_t>(std::count_if(
        events.begin(), stop, [&](const TraceEvent& event) { return event.kind == kind; }));
  }
};

TEST_F(Pages, AreStoredWithTheirCursor) {
  FakeProduct product(pages(3));
  const RunSummary summary = run(product);
  EXPECT_EQ(summary.outcome, RunOutcome::completed) << summary.error;
  EXPECT_EQ(summary.counts.created, 6U);
  EXPECT_EQ(summary.requests, 3U);
  EXPECT_THAT(ids(), ElementsAre("1", "2", "3", "4", "5", "6"));
  EXPECT_THAT(cursors(), ElementsAre("/=c3"));
}

TEST_F(Pages, ContinueAtTheStoredCursor) {
  FakeProduct first(pages(1));
  run(first);
  FakeProduct more(pages(2));
  const RunSummary summary = run(more);
  EXPECT_THAT(more.targets(), ElementsAre("/items?cursor=c1"));
  EXPECT_EQ(summary.counts.created, 2U);
}

TEST_F(Pages, AreCommittedWhileTheNextIsFetched) {
  constexpr int kPages = 4;
  store_->hold();
  FakeProduct product([this, answer = pages(kPages)](const HttpRequest& request) {
    if (request.target == "/items?cursor=c3") {
      store_->allow_all();
    } else if (request.target != "/items") {
      store_->allow(1);  // page n is committed only now, when page n + 1 is asked for
    }
    return answer(request);
  });
  EXPECT_EQ(run(product).outcome, RunOutcome::completed);
  for (std::uint64_t page = 1; page < kPages; ++page) {
    EXPECT_GE(before(Kind::request_sent, Kind::page_committed, page), page + 1) << page;
  }
}

TEST_F(Pages, StayTwoAheadOfTheStoreAtMost) {
  constexpr int kPages = 6;
  store_->hold();
  on_trace = [this](const TraceEvent& event) {
    if (event.kind != Kind::checkpoint_accepted || event.number < 2) return;
    event.number == kPages ? store_->allow_all() : store_->allow(1);
  };
  FakeProduct product(pages(kPages));
  EXPECT_EQ(run(product).outcome, RunOutcome::completed);
  for (std::uint64_t page = 3; page <= kPages; ++page) {
    EXPECT_GE(before(Kind::page_committed, Kind::request_sent, page), page - 2) << page;
  }
}

TEST_F(Pages, KeepTheCursorBehindACommitThatFailed) {
  store_->hold();
  store_->fail_commit(2);
  on_trace = [this](const TraceEvent& event) {
    // by now pages 1 to 3 are on their way: the third must not be stored past the second
    if (event.kind == Kind::checkpoint_accepted && event.number == 2) store_->allow(1);
    if (event.kind == Kind::checkpoint_accepted && event.number == 3) store_->allow_all();
  };
  FakeProduct product(pages(5));
  const RunSummary summary = run(product);
  EXPECT_EQ(summary.outcome, RunOutcome::failed);
  EXPECT_EQ(summary.error_code, "internal");
  EXPECT_THAT(summary.error, HasSubstr("the disk is full"));
  EXPECT_THAT(cursors(), ElementsAre("/=c1"));
  EXPECT_THAT(ids(), ElementsAre("1", "2"));
}

TEST_F(Pages, OfItemsThatNeverMapFailBeforeTheirCursor) {
  std::string items;
  for (int i = 0; i < 10; ++i) items += std::string(i == 0 ? "" : ",") + R"({"id":1})";
  FakeProduct product([&](const HttpRequest&) {
    return json_answer(R"({"items":[)" + items + R"(],"next":"c1","more":false})");
  });
  const RunSummary summary = run(product);
  EXPECT_EQ(summary.outcome, RunOutcome::failed);
  EXPECT_EQ(summary.error_code, "bad_data");
  EXPECT_THAT(summary.error, HasSubstr("none of 10 items could be mapped"));
  EXPECT_THAT(cursors(), IsEmpty());
}

TEST_F(Pages, KeepWhatHasNoIdUntilAFullRunMeetsItMended) {
  FakeProduct broken([](const HttpRequest&) {
    return json_answer(R"({"items":[)" + item(1) + R"(,{"body":"words"}],)" +
                       R"("next":"c1","more":false})");
  });
  run(broken);
  ASSERT_EQ(rejected().size(), 1U);
  EXPECT_THAT(rejected().front().item.source_id, HasSubstr("sha256:"));
  run(broken, {.full = true});
  EXPECT_EQ(rejected().size(), 1U) << "it is still bad";
  FakeProduct mended([](const HttpRequest&) { return page_of({1, 2}, "c1", false); });
  run(mended, {.full = true});
  EXPECT_THAT(rejected(), IsEmpty());
}

TEST_F(Pages, KeepWhatDoesNotMapUntilItDoes) {
  FakeProduct broken([](const HttpRequest&) {
    return json_answer(R"({"items":[)" + item(1) + R"(,{"id":2,"body":"words"}],)" +
                       R"("next":"c1","more":false})");
  });
  const RunSummary first = run(broken);
  EXPECT_EQ(first.outcome, RunOutcome::completed) << first.error;
  EXPECT_EQ(first.counts.rejected, 1U);
  ASSERT_EQ(rejected().size(), 1U);
  EXPECT_EQ(rejected().front().item.source_id, "2");
  EXPECT_THAT(rejected().front().item.reason, HasSubstr("created_at"));

  FakeProduct mended([](const HttpRequest&) { return page_of({2}, "c2", false); });
  EXPECT_EQ(run(mended).counts.created, 1U);
  EXPECT_THAT(rejected(), IsEmpty());
}

TEST_F(Pages, TellOfValuesWithoutAWord) {
  const auto with_severity = [](int id, const char* value) {
    std::string text = item(id);
    return text.insert(1, R"("severity":")" + std::string(value) + R"(",)");
  };
  FakeProduct product([&](const HttpRequest&) {
    return json_answer(R"({"items":[)" + with_severity(1, "p7") + "," + with_severity(2, "p9") +
                       "," + with_severity(3, "high") + "," + with_severity(4, "p9") +
                       R"(],"next":"c1","more":false})");
  });
  const RunSummary summary = run(product);
  EXPECT_EQ(summary.outcome, RunOutcome::completed) << summary.error;
  const auto told = ElementsAre("item.severity: no word for 'p9' (2 items)",
                                "item.severity: no word for 'p7' (1 item)");
  EXPECT_THAT(summary.notes, told);
  const auto stored = open_sqlite_reader(dir_.path()).value()->run(summary.run);
  ASSERT_TRUE(stored && *stored);
  EXPECT_THAT((*stored)->notes, told);
  const std::string log = logged();
  const std::string line = "item.severity: the mapping has no word for 'p9'";
  ASSERT_THAT(log, HasSubstr(line));
  EXPECT_EQ(log.find(line), log.rfind(line)) << "said once";
}

TEST_F(Pages, ThatRepeatTheirCursorForEverAreBadData) {
  FakeProduct product([](const HttpRequest&) { return page_of({1}, "c1", true); });
  const RunSummary summary = run(product);
  EXPECT_EQ(summary.outcome, RunOutcome::failed);
  EXPECT_EQ(summary.error_code, "bad_data");
  EXPECT_THAT(summary.error, HasSubstr("circles"));
}

TEST_F(Pages, ThatGoRoundInCirclesAreBadData) {
  FakeProduct product([](const HttpRequest& request) {
    const bool at_a = request.target == "/items?cursor=a";
    return page_of({1}, at_a ? "b" : "a", true);
  });
  const RunSummary summary = run(product);
  EXPECT_EQ(summary.error_code, "bad_data");
  EXPECT_THAT(summary.error, HasSubstr("circles"));
}

TEST_F(Pages, OnAnotherHostAreNotAskedFor) {
  FakeProduct product([](const HttpRequest&) {
    return page_of({1, 2}, "https://elsewhere.example.net/items?cursor=c1", true);
  });
  const RunSummary summary = run(product);
  EXPECT_EQ(summary.outcome, RunOutcome::failed);
  EXPECT_EQ(summary.error_code, "bad_data");
  EXPECT_THAT(summary.error, HasSubstr("points to a next page on another host, "
                                       "elsewhere.example.net"));
  EXPECT_EQ(product.requests().size(), 1U) << "and the token went nowhere else";
  EXPECT_THAT(ids(), ElementsAre("1", "2"));
}

TEST_F(Pages, OfStreamsThatFailedAreProblemsNotFailures) {
  FakeProduct product(pages(1));
  const RunSummary summary = run(product, {}, "has_a_problem");
  EXPECT_EQ(summary.outcome, RunOutcome::completed) << summary.error;
  EXPECT_THAT(summary.problems, ElementsAre("comments: no plan"));
  EXPECT_THAT(ids(), ElementsAre("1", "2"));
}

TEST_F(Pages, AreNotCountedAsSyncedWhereAStreamFailed) {
  FakeProduct product(pages(1));
  const RunSummary summary = run(product, {}, "has_a_problem");
  const auto state = wait_for<std::map<std::string, std::string>>(
      [&](auto done) { store_->state(summary.integration, std::move(done)); });
  ASSERT_TRUE(state.has_value());
  EXPECT_FALSE(state->contains("synced_until"));
}

TEST_F(Pages, WithVersionsThatCannotBeReadAreFetchedAgain) {
  FakeProduct product(pages(1));
  run(product);
  EXPECT_EQ(run(product, {}, "asks_what_is_known").outcome, RunOutcome::completed);
  const std::string same_older_older_new = fmt::format(
      "known: {} {} {} {}", EAR_KNOWN_SAME, EAR_KNOWN_OLDER, EAR_KNOWN_OLDER, EAR_KNOWN_NEW);
  EXPECT_THAT(logged(), HasSubstr(same_older_older_new));
}

TEST_F(Pages, OfAPluginThatAsksForASecretByName) {
  FakeProduct product([](const HttpRequest&) { return page_of({1}, "c1", false); });
  engine(product);
  IntegrationSettings integration = settings("reads_secrets");
  integration.credentials.emplace("word", Secret("sesame"));
  EXPECT_EQ(start(std::move(integration)).get().outcome, RunOutcome::completed);
  EXPECT_EQ(product.targets().front(), "/secrets?word=sesame&token=none");
}

TEST_F(Pages, OfAPluginThatThrowsFailAsInternal) {
  FakeProduct product(pages(1));
  const RunSummary summary = run(product, {}, "throws");
  EXPECT_EQ(summary.outcome, RunOutcome::failed);
  EXPECT_EQ(summary.error_code, "internal");
  EXPECT_EQ(summary.error, "the plugin threw: broken inside");
  EXPECT_EQ(run(product).outcome, RunOutcome::completed) << "the host goes on";
}

}  // namespace
}  // namespace earshot::core

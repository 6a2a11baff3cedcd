/// Cursors that are read no more.

#include "engine_fixture.hpp"

namespace earshot::core {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A product with the lists /items/a and /items/b; the cursors in `bad` are refused.
class BadCursor : public EngineTest {
 protected:
  static FakeProduct::Handler lists(std::vector<std::string> bad) {
    return [bad = std::move(bad)](const HttpRequest& request) -> std::optional<HttpResponse> {
      const std::string& target = request.target;
      for (const std::string& cursor : bad) {
        if (target.ends_with("?cursor=" + cursor))
          return json_answer(R"({"error":"no longer read"})", 410);
      }
      const bool first = target.starts_with("/items/a");
      return page_of({first ? 1 : 2}, first ? "a1" : "b1", false);
    };
  }
  /// Both streams at their first cursors, as a run that left nothing out leaves them.
  RunSummary sync_both() {
    FakeProduct product(lists({}));
    return run(product, {}, "streams");
  }
  static std::string an_overlap_before(const RunSummary& synced) {
    return "from-" + rfc3339(synced.started - std::chrono::hours(1));
  }
};

TEST_F(BadCursor, CostsAnOverlapBeforeTheLastWholeRun) {
  FakeProduct first(pages(1));
  const RunSummary synced = run(first);
  FakeProduct forgetful([](const HttpRequest& request) -> std::optional<HttpResponse> {
    if (request.target == "/items?cursor=c1") return json_answer(R"({"error":"expired"})", 410);
    return page_of({7}, "n1", false);
  });
  const RunSummary summary = run(forgetful);
  EXPECT_EQ(summary.outcome, RunOutcome::completed) << summary.error;
  EXPECT_THAT(forgetful.targets(),
              ElementsAre("/items?cursor=c1", "/items?cursor=" + an_overlap_before(synced)));
  EXPECT_THAT(cursors(), ElementsAre("/=n1"));
}

TEST_F(BadCursor, FailsWhereTheProductReadsNoneAtAll) {
  FakeProduct first(pages(1));
  run(first);
  FakeProduct useless(
      [](const HttpRequest&) { return json_answer(R"({"error":"expired"})", 410); });
  const RunSummary summary = run(useless);
  EXPECT_EQ(summary.outcome, RunOutcome::failed);
  EXPECT_EQ(summary.error_code, "bad_cursor");
  EXPECT_EQ(useless.requests().size(), 2U);
}

TEST_F(BadCursor, CostsItsOwnStreamAlone) {
  const RunSummary synced = sync_both();
  FakeProduct product([answer = lists({"a1"})](const HttpRequest& request) {
    return request.target == "/items/b?cursor=b1" ? page_of({3}, "b2", false) : answer(request);
  });
  const RunSummary summary = run(product, {}, "streams");
  EXPECT_EQ(summary.outcome, RunOutcome::completed) << summary.error;
  EXPECT_THAT(summary.problems, IsEmpty());
  EXPECT_THAT(product.targets(),
              ElementsAre("/items/a?cursor=a1", "/items/b?cursor=b1",
                          "/items/a?cursor=" + an_overlap_before(synced), "/items/b?cursor=b2"));
  EXPECT_THAT(logged(), AllOf(HasSubstr("the stored cursor is read no more"), HasSubstr("stream=a"),
                              HasSubstr("no longer read")));
}

TEST_F(BadCursor, ThatStaysBadIsAProblemOfItsStream) {
  sync_both();
  FakeProduct product([answer = lists({})](const HttpRequest& request) {
    return request.target.starts_with("/items/a")
               ? json_answer(R"({"error":"no longer read"})", 410)
               : answer(request);
  });
  const RunSummary summary = run(product, {}, "streams");
  EXPECT_EQ(summary.outcome, RunOutcome::completed) << summary.error;
  ASSERT_EQ(summary.problems.size(), 1U);
  EXPECT_THAT(summary.problems.front(), HasSubstr("a: "));
  EXPECT_EQ(product.requests().size(), 4U);
}

TEST_F(BadCursor, BeginsFromTheStartWhereAnotherStreamIsNew) {
  const RunSummary synced = sync_both();
  ASSERT_TRUE(wait_for<void>([&](auto done) {
    store_->put_cursor(synced.integration, "", {.stream = "b", .cursor = ""}, std::move(done));
  }));
  FakeProduct product([](const HttpRequest& request) {
    if (request.target == "/items/a?cursor=a1")
      return json_answer(R"({"error":"no longer read"})", 410);
    if (request.target == "/items/a") return page_of({1}, "a2", false);
    return json_answer(R"({"error":"not now"})", 400);
  });
  const RunSummary summary = run(product, {}, "streams_end");
  EXPECT_EQ(summary.outcome, RunOutcome::failed);
  EXPECT_THAT(product.targets(), ElementsAre("/items/a?cursor=a1", "/items/a", "/items/b"))
      << "what b has of old is asked for too";
}

TEST_F(BadCursor, WithoutANameIsThatOfTheStreamReadLast) {
  sync_both();
  FakeProduct product(lists({"b1"}));
  const RunSummary summary = run(product, {}, "streams_end");
  EXPECT_EQ(summary.outcome, RunOutcome::completed) << summary.error;
  EXPECT_THAT(product.targets(), ElementsAre("/items/a?cursor=a1", "/items/b?cursor=b1",
                                             "/items/a?cursor=a1", "/items/b"));
}

TEST_F(BadCursor, WithoutANameHealsEveryStreamInTurn) {
  sync_both();
  FakeProduct product([answer = lists({"a1", "b1"})](const HttpRequest& request) {
    return request.target.starts_with("/items/a") && !request.target.ends_with("a1")
               ? page_of({1}, "a2", false)
               : answer(request);
  });
  const RunSummary summary = run(product, {}, "streams_end");
  EXPECT_EQ(summary.outcome, RunOutcome::completed) << summary.error;
  EXPECT_THAT(product.targets(), ElementsAre("/items/a?cursor=a1", "/items/a", "/items/b?cursor=b1",
                                             "/items/a?cursor=a2", "/items/b"));
}

}  // namespace
}  // namespace earshot::core

/// Answers that outlive the run in which they were given.

#include "engine_fixture.hpp"

namespace earshot::core {
namespace {

using testing::ElementsAre;

class Cache : public EngineTest {
 protected:
  static std::optional<HttpResponse> answer(const HttpRequest& request) {
    if (request.target.starts_with("/people/")) return json_answer(R"({"name":"Ada"})");
    return page_of({1}, "c1", false);
  }
  /// The people that a run asks the product for.
  std::vector<std::string> asked_for(RunOptions options = {}) {
    FakeProduct product(answer);
    summary_ = run(product, options, "looks_up");
    EXPECT_EQ(summary_.outcome, RunOutcome::completed) << summary_.error;
    std::vector<std::string> out = product.targets();
    std::erase_if(out, [](const std::string& target) { return !target.starts_with("/people/"); });
    return out;
  }

  RunSummary summary_;
};

TEST_F(Cache, SparesTheNextRunItsRequests) {
  EXPECT_THAT(asked_for(), ElementsAre("/people/1", "/people/2"));
  EXPECT_EQ(summary_.cache_hits, 2U);
  EXPECT_EQ(summary_.cache_misses, 2U);
  EXPECT_EQ(summary_.requests, 3U);
  EXPECT_THAT(asked_for(), ElementsAre());
  EXPECT_EQ(summary_.cache_hits, 4U);
  EXPECT_EQ(summary_.cache_misses, 0U);
  EXPECT_EQ(summary_.requests, 1U);
}

TEST_F(Cache, IsCountedInTheStoredRun) {
  asked_for();
  auto reader = open_sqlite_reader(dir_.path());
  ASSERT_TRUE(reader.has_value());
  const auto runs = (*reader)->runs("acme", 1);
  ASSERT_TRUE(runs.has_value() && runs->size() == 1);
  EXPECT_EQ(runs->front().cache_hits, 2U);
  EXPECT_EQ(runs->front().cache_misses, 2U);
  EXPECT_EQ(runs->front().cache_revalidated, 0U);
}

TEST_F(Cache, IsRefreshedByAFullRun) {
  asked_for();
  EXPECT_THAT(asked_for({.full = true}), ElementsAre("/people/1", "/people/2"));
  EXPECT_THAT(asked_for(), ElementsAre());
}

TEST_F(Cache, IsReadButNotWrittenByADryRun) {
  EXPECT_THAT(asked_for({.dry_run = true}), ElementsAre("/people/1", "/people/2"));
  EXPECT_THAT(asked_for(), ElementsAre("/people/1", "/people/2"));
  EXPECT_THAT(asked_for({.dry_run = true}), ElementsAre());
}

TEST_F(Cache, HoldsNothingOfARunThatFoundBadData) {
  FakeProduct broken([](const HttpRequest& request) {
    return request.target == "/people/2" ? json_answer("[]") : answer(request);
  });
  EXPECT_EQ(run(broken, {}, "looks_up").error_code, "bad_data");
  EXPECT_THAT(asked_for(), ElementsAre("/people/1", "/people/2"));
}

TEST_F(Cache, OfOneIntegrationIsNotAnothers) {
  asked_for();
  FakeProduct product(answer);
  engine(product);
  EXPECT_EQ(start(settings("looks_up", "beta")).get().cache_misses, 2U);
}

TEST_F(Cache, IsGoneAfterAPurge) {
  asked_for();
  engine_.reset();
  ASSERT_TRUE(wait_for<void>([&](auto done) { store_->purge("acme", std::move(done)); }));
  EXPECT_THAT(asked_for(), ElementsAre("/people/1", "/people/2"));
}

}  // namespace
}  // namespace earshot::core

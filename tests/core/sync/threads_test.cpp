/// Which thread does what, and what leaves the process.

#include <algorithm>
#include <set>
#include <thread>

#include <fmt/format.h>

#include "engine_fixture.hpp"
#include "parsing.hpp"

namespace earshot::core {
namespace {

using testing::Each;
using testing::HasSubstr;
using testing::Not;

using Threads = EngineTest;

/// The numbers behind "plugin thread " in a log.
std::set<::pid_t> plugin_threads(const std::string& log) {
  std::set<::pid_t> out;
  constexpr std::string_view kWords = "plugin thread ";
  for (std::size_t at = log.find(kWords); at != std::string::npos; at = log.find(kWords, at + 1))
    out.insert(std::stoi(log.substr(at + kWords.size())));
  return out;
}

/// The virtual time that so many integrations take together, each for five pages of 200 ms.
class Latency : public EngineTest {
 protected:
  Micros time_of(std::size_t count) {
    constexpr std::size_t kPages = 5;
    VirtualClock clock(parse_time("2026-03-02T12:00:00Z").value());
    engine_clock_ = &clock;
    FakeProduct product(pages(kPages), kLatency);
    engine(product);
    const Tick begin = clock.tick();
    std::vector<std::future<RunSummary>> runs;
    for (std::size_t i = 0; i < count; ++i)
      runs.push_back(start(settings("plain", fmt::format("{}-of-{}", i + 1, count))));
    for (std::size_t page = 1; page <= kPages; ++page) {
      while (product.requests().size() < count * page) std::this_thread::yield();
      clock.advance(kLatency);
    }
    for (auto& ended : runs) {
      const RunSummary summary = ended.get();
      EXPECT_EQ(summary.outcome, RunOutcome::completed) << summary.error;
      EXPECT_EQ(summary.counts.created, 2 * kPages);
    }
    engine_.reset();
    return clock.tick() - begin;
  }

  static constexpr std::chrono::milliseconds kLatency{200};
};

TEST_F(Latency, OfFourIntegrationsIsThatOfOne) {
  const Micros one = time_of(1);
  EXPECT_GE(one, 5 * kLatency);
  EXPECT_LT(time_of(4), one * 13 / 10);
}

TEST_F(Threads, OfPluginsDoNothingForTheHost) {
  std::set<::pid_t> traced;  // whatever is traced, checkpoints too, happens where items are mapped
  on_trace = [&traced](const TraceEvent&) { traced.insert(::gettid()); };
  FakeProduct product(pages(4));
  forget_parsing();
  EXPECT_EQ(run(product, {}, "tells_threads").outcome, RunOutcome::completed);
  const Parsing parsing = parsing_so_far();
  const std::set<::pid_t> sent = product.threads();
  const std::set<::pid_t> stored = store_->threads();
  const std::set<::pid_t> plugin = plugin_threads(logged());
  ASSERT_EQ(plugin.size(), 1U);
  ASSERT_EQ(sent.size(), 1U);
  for (const std::set<::pid_t>& host : {sent, stored, traced, parsing.json, parsing.html})
    EXPECT_FALSE(host.contains(*plugin.begin()));
  EXPECT_TRUE(std::includes(parsing.json.begin(), parsing.json.end(), sent.begin(), sent.end()));
  EXPECT_EQ(parsing.html, sent);
  EXPECT_EQ(traced, sent) << "one loop does all for an account";
}

TEST_F(Threads, RunFourIntegrationsAtOnce) {
  FakeProduct* all = nullptr;
  FakeProduct product([&all](const HttpRequest&) -> std::optional<HttpResponse> {
    if (all->waiting() == 4) all->answer_waiting(page_of({1}, "c1", false));
    return std::nullopt;
  });
  all = &product;
  engine(product);
  std::vector<std::future<RunSummary>> runs;
  for (const char* name : {"one", "two", "three", "four"})
    runs.push_back(start(settings("plain", name)));
  for (auto& ended : runs) {
    const RunSummary summary = ended.get();
    EXPECT_EQ(summary.outcome, RunOutcome::completed) << summary.error;
    EXPECT_EQ(summary.counts.created, 1U);
  }
  EXPECT_EQ(product.requests().size(), 4U);
}

TEST_F(Threads, AreLeftToOthersRatherThanHeldInALongWait) {
  VirtualClock clock(parse_time("2026-03-02T12:00:00Z").value());
  engine_clock_ = &clock;
  plugin_threads_ = 1;
  FakeProduct product(pages(2));
  engine(product);
  IntegrationSettings slow = settings("plain", "slow");
  LimitRule rule = plugin_->manifest.limits.at(0);
  rule.requests = 1;
  rule.per = std::chrono::days(20);
  slow.limits["account"] = rule;
  slow.http.max_wait = std::chrono::days(30);
  auto waits = start(std::move(slow));
  while (product.requests().empty()) std::this_thread::yield();  // it has the thread now
  auto queues = start(settings("plain", "queues"));
  // `slow` looks every 5 seconds whether anybody queues for its thread
  while (queues.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready)
    clock.advance(std::chrono::seconds(5));
  EXPECT_EQ(queues.get().outcome, RunOutcome::completed);
  const RunSummary yielded = waits.get();
  EXPECT_EQ(yielded.outcome, RunOutcome::yielded) << yielded.error;
  EXPECT_EQ(yielded.counts.created, 2U);
  engine_.reset();
}

TEST_F(Threads, GoOnWhileANewPluginIsProbed) {
  const std::filesystem::path go = dir_.path() / "go";
  const std::filesystem::path probe = dir_.path() / "probe";
  ASSERT_TRUE(write_file(
      probe, "#!/bin/sh\nwhile [ ! -e '" + go.string() + "' ]; do sleep 0.01; done\n", 0700));
  ASSERT_TRUE(write_file(go, "", 0600));
  loader_ = std::make_unique<PluginLoader>(
      host_table(),
      LoaderOptions{
          .probe_program = probe, .probe_cache = {}, .probe_limit = std::chrono::hours(1)});
  ASSERT_TRUE(loader_->load(*plugin_));
  std::filesystem::remove(go);
  std::string content = read_file(plugin_->path, 1U << 28).value();
  ASSERT_TRUE(write_file(dir_.path() / "newer.so", content + "newer", 0600));
  const auto newer = inspect_plugin(dir_.path() / "newer.so");
  ASSERT_TRUE(newer) << newer.error().message;

  FakeProduct product(pages(1));
  engine(product);
  auto probed = start_with(*newer, settings("plain", "newer"));
  EXPECT_EQ(start(settings()).get().outcome, RunOutcome::completed);
  EXPECT_EQ(probed.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  ASSERT_TRUE(write_file(go, "", 0600));
  EXPECT_EQ(probed.get().outcome, RunOutcome::completed);
}

TEST_F(Threads, LetNoSecretOut) {
  FakeProduct product([](const HttpRequest& request) -> std::optional<HttpResponse> {
    if (request.target != "/items")
      return json_answer(R"({"error":"bad )" + std::string(kToken) + R"("})", 400);
    return page_of({1}, "c1", true);
  });
  const RunSummary summary = run(product);
  EXPECT_EQ(product.requests().front().headers.get("authorization"),
            "Bearer " + std::string(kToken));
  EXPECT_EQ(summary.outcome, RunOutcome::failed);
  EXPECT_THAT(summary.error, Not(HasSubstr(kToken)));
  EXPECT_THAT(cursors(), Each(Not(HasSubstr(kToken))));
  const std::string log = logged();
  EXPECT_FALSE(log.empty());
  EXPECT_THAT(log, Not(HasSubstr(kToken)));
  for (const auto& file : std::filesystem::directory_iterator(dir_.path())) {
    const std::string content = read_file(file.path(), 1U << 26).value_or("");
    EXPECT_THAT(content.find(kToken), std::string::npos) << file.path();
  }
}

}  // namespace
}  // namespace earshot::core

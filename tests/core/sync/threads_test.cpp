/// Which thread does what, and what leaves the process.

#include <sstream>

#include "engine_fixture.hpp"

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

TEST_F(Threads, OfPluginsDoNothingForTheHost) {
  std::set<::pid_t> traced;  // whatever is traced, checkpoints too, happens where items are mapped
  on_trace = [&traced](const TraceEvent&) { traced.insert(::gettid()); };
  FakeProduct product(pages(4));
  EXPECT_EQ(run(product).outcome, RunOutcome::completed);
  const std::set<::pid_t> sent = product.threads();
  const std::set<::pid_t> stored = store_->threads();
  const std::set<::pid_t> plugin = plugin_threads(logged());
  ASSERT_EQ(plugin.size(), 1U);
  ASSERT_EQ(sent.size(), 1U);
  for (const std::set<::pid_t>& host : {sent, stored, traced})
    EXPECT_FALSE(host.contains(*plugin.begin()));
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

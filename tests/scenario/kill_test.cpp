#include <algorithm>
#include <chrono>
#include <filesystem>

#include <gtest/gtest.h>
#include <signal.h>

#include <earshot/core/base/random.hpp>

#include "scenario.hpp"

namespace earshot::scenario {
namespace {

using std::chrono::milliseconds;

/// Kills syncs at seeded instants while the product's items change; what is left must be whole.
class Kill : public Scenario, public testing::WithParamInterface<std::uint64_t> {
 protected:
  static constexpr int kKills = 50;
  static constexpr int kFreshEvery = 10;
  static constexpr int kChangeEvery = 5;

  /// How long a whole sync of everything takes here and now.
  milliseconds measure() {
    const auto begin = std::chrono::steady_clock::now();
    sync();
    return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - begin);
  }

  /// Starts a sync and kills it after that time; true if it had not ended by itself.
  bool kill_after(milliseconds delay, bool full) {
    std::vector<std::string> words{"sync", "acme", "--quiet"};
    if (full) words.emplace_back("--full");
    const auto child = start(words);
    if (!child->ends_within(delay)) child->send(SIGKILL);
    const Finished finished = child->wait();
    EXPECT_TRUE(finished.signal == SIGKILL || finished.exit_code == 0)
        << finished.exit_code << finished.out << finished.err;
    return finished.signal == SIGKILL;
  }

  void expect_whole() {
    const auto last = sync();
    EXPECT_EQ(text(*last, "outcome"), "completed");
    const std::vector<std::string> ids = ids_of(exported());
    EXPECT_EQ(std::adjacent_find(ids.begin(), ids.end()), ids.end()) << "an item is there twice";
    expect_oracle();
  }
};

TEST_P(Kill, LeavesAStoreThatTheNextSyncCompletes) {
  serve(150, GetParam());
  write_config({.page_size = 5});
  const milliseconds whole = measure();
  core::Random random(GetParam());
  int killed = 0;
  for (int i = 0; i < kKills; ++i) {
    if (i % kFreshEvery == 0) {
      if (i > 0) expect_whole();
      std::filesystem::remove_all(data());
    }
    if (i % kChangeEvery == 0) change(3, 1, 1);
    const auto span = static_cast<std::uint64_t>(whole.count());
    if (kill_after(milliseconds(random.below(span)), random.below(2) == 0)) ++killed;
  }
  EXPECT_GT(killed, kKills / 2);
  expect_whole();
}

INSTANTIATE_TEST_SUITE_P(Seeds, Kill, testing::Values(11, 12, 13, 14));

}  // namespace
}  // namespace earshot::scenario

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <string>
#include <tuple>
#include <vector>

#include <gtest/gtest.h>
#include <signal.h>

#include <earshot/core/base/random.hpp>

#include "scenario.hpp"

namespace earshot::scenario {
namespace {

using std::chrono::milliseconds;

/// Kills syncs at seeded instants while the product's items change; what is left must be whole.
class Kill : public Scenario,
             public testing::WithParamInterface<std::tuple<const Product*, std::uint64_t>> {
 protected:
  Kill() : Scenario(*std::get<0>(GetParam())) {}
  static std::uint64_t seed() { return std::get<1>(GetParam()); }

  static constexpr int kKills = 50;
  static constexpr int kMostSyncs = 4 * kKills;
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
  serve(150, seed());
  write_config({.page_size = 5});
  const auto whole = static_cast<std::uint64_t>(measure().count());
  core::Random random(seed());
  std::uint64_t span = whole;  // narrows where syncs end before they are killed, and widens again
  int landed = 0;
  for (int i = 0; landed < kKills && i < kMostSyncs; ++i) {
    if (i % kFreshEvery == 0) {
      if (i > 0) expect_whole();
      std::filesystem::remove_all(data());
    }
    if (i % kChangeEvery == 0) change(3, 1, 1);
    if (kill_after(milliseconds(random.below(span)), random.below(2) == 0)) {
      ++landed;
      span = std::min(whole, span + span / 8 + 1);
    } else {
      span -= span / 4;
    }
  }
  EXPECT_EQ(landed, kKills);
  expect_whole();
}

std::string kill_name(const testing::TestParamInfo<Kill::ParamType>& info) {
  return std::get<0>(info.param)->name + std::to_string(std::get<1>(info.param));
}

INSTANTIATE_TEST_SUITE_P(Products, Kill,
                         testing::Combine(testing::ValuesIn(products()),
                                          testing::Values<std::uint64_t>(11)),
                         kill_name);
INSTANTIATE_TEST_SUITE_P(Seeds, Kill,
                         testing::Combine(testing::Values(&zendesk()),
                                          testing::Values<std::uint64_t>(12, 13, 14)),
                         kill_name);

}  // namespace
}  // namespace earshot::scenario

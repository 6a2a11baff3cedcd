/// Windows of the past beside the live cursor: killed, resumed, interleaved, in some hours alone.

#include <algorithm>
#include <chrono>
#include <sstream>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "scenario.hpp"

namespace earshot::scenario {
namespace {

using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr int kYielded = 4;

/// "14:00", `ahead` hours from now.
std::string hour_ahead(int ahead) {
  const auto time = std::chrono::system_clock::now() + std::chrono::hours(ahead);
  const auto day = std::chrono::floor<std::chrono::days>(time);
  return fmt::format("{:02}:00", std::chrono::floor<std::chrono::hours>(time - day).count());
}

class Backfill : public Scenario {
 protected:
  using Scenario::Scenario;

  static constexpr const char* kFrom = "2000-01-01";
  static constexpr const char* kTo = "2100-01-01";

  void SetUp() override {
    serve(150);
    write_config({.page_size = 5});
  }

  /// Starts the backfill and kills it once it has asked for so many pages.
  void kill_backfill_after(std::size_t pages) {
    forget_requests();
    control().post("/_sandbox/faults",
                   fmt::format(R"({{"fault":"slow","after":{},"delay_ms":60000}})", pages - 1));
    const auto child = start({"sync", "acme", "--from", kFrom, "--to", kTo});
    await_requests(pages);
    child->send(SIGKILL);
    EXPECT_EQ(child->wait().signal, SIGKILL);
    control().remove("/_sandbox/faults");
    forget_requests();
  }
  std::unique_ptr<core::JsonDocument> backfill() { return sync({"--from", kFrom, "--to", kTo}); }
  std::string live_cursor() { return run({"state", "get", "acme"}).out; }
  std::string sorted_export(const std::vector<std::string>& more = {}) {
    std::vector<std::string> lines;
    std::istringstream all(exported(more));
    for (std::string line; std::getline(all, line);) lines.push_back(line);
    std::sort(lines.begin(), lines.end());
    return fmt::format("{}", fmt::join(lines, "\n"));
  }
};

TEST_F(Backfill, GoesOnWhereItWasKilled) {
  kill_backfill_after(12);
  const auto resumed = backfill();
  EXPECT_EQ(text(*resumed, "outcome"), "completed");
  EXPECT_LE(number(*resumed, "fetched"), 110);
  EXPECT_THAT(targets(), Each(Not(HasSubstr("start_time"))));
  expect_oracle();
}

TEST_F(Backfill, LeavesTheLiveCursorAlone) {
  sync({"--limit", "40"});
  const std::string live = live_cursor();
  kill_backfill_after(12);
  backfill();
  EXPECT_EQ(live_cursor(), live);
  sync();
  EXPECT_NE(live_cursor(), live);
  expect_oracle();
}

class BackfillOfEach : public Backfill, public testing::WithParamInterface<const Product*> {
 protected:
  BackfillOfEach() : Backfill(*GetParam()) {}
};

TEST_P(BackfillOfEach, InterleavedWithLiveRunsGivesTheSameStore) {
  sync({"--limit", "40"});
  kill_backfill_after(9);
  sync({"--limit", "30"});
  change(6, product().sees_deletions ? 3 : 0, 4);
  kill_backfill_after(5);
  sync();
  backfill();
  sync();
  expect_oracle();

  const std::vector<std::string> other{"--data-dir", (folder() / "in-order").string()};
  sync(other);
  std::vector<std::string> window = other;
  window.insert(window.end(), {"--from", kFrom, "--to", kTo});
  sync(window);
  EXPECT_EQ(sorted_export(other), sorted_export());
}

INSTANTIATE_TEST_SUITE_P(Products, BackfillOfEach, testing::ValuesIn(products()), product_name);

TEST_F(Backfill, DoesNotBeginOutsideItsHours) {
  forget_requests();
  const std::string hours = hour_ahead(2) + "-" + hour_ahead(3);
  const auto yielded = sync({"--from", kFrom, "--hours", hours}, kYielded);
  EXPECT_EQ(text(*yielded, "outcome"), "yielded");
  EXPECT_THAT(text(*yielded, "until"), HasSubstr("T" + hour_ahead(2)));
  EXPECT_THAT(text(*yielded, "error"), HasSubstr("outside of " + hours + " UTC"));
  EXPECT_THAT(targets(), IsEmpty());
  EXPECT_EQ(exported(), "");
}

TEST_F(Backfill, RunsWithinItsHours) {
  EXPECT_EQ(
      text(*sync({"--from", kFrom, "--hours", hour_ahead(-2) + "-" + hour_ahead(2)}), "outcome"),
      "completed");
  expect_oracle();
}

TEST_F(Backfill, KeepsToTheConfiguredHoursAndLiveRunsDoNot) {
  write_file("earshot.yaml", content("earshot.yaml") + fmt::format("backfill: {{hours: {}-{}}}\n",
                                                                   hour_ahead(2), hour_ahead(3)));
  sync({"--from", kFrom}, kYielded);
  sync();
  expect_oracle();
}

TEST_F(Backfill, TellsWhatHoursAre) {
  const Finished wrong = run({"sync", "--hours", "10pm-6am"});
  EXPECT_EQ(wrong.exit_code, 2);
  EXPECT_THAT(wrong.err, HasSubstr("'10pm-6am' are no hours; give them as 22:00-06:00"));
  const Finished zone = run({"sync", "--hours", "22:00-06:00", "--time-zone", "Mars/Olympus"});
  EXPECT_EQ(zone.exit_code, 2);
  EXPECT_THAT(zone.err, HasSubstr("there is no time zone 'Mars/Olympus'"));
  EXPECT_EQ(run({"sync", "--time-zone", "UTC"}).exit_code, 2);
}

}  // namespace
}  // namespace earshot::scenario

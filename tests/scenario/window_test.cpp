#include <algorithm>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "scenario.hpp"

namespace earshot::scenario {
namespace {

class Options : public Scenario {
 protected:
  explicit Options(const Product& product = zendesk()) : Scenario(product) {}
  std::int64_t items() { return number(*truth(), "count"); }
  /// The instants of all items of an export with their ids, in order.
  static std::vector<std::pair<std::string, std::string>> by_time(const std::string& ndjson) {
    std::vector<std::pair<std::string, std::string>> items;
    std::istringstream lines(ndjson);
    for (std::string line; std::getline(lines, line);) {
      const auto record = core::JsonDocument::parse(line);
      if (!record) continue;
      const core::JsonValue root = record.value()->root();
      items.emplace_back(root.member("updated_at").text(), root.member("source_id").text());
    }
    std::sort(items.begin(), items.end());
    return items;
  }
  std::string state() { return run({"state", "list", "acme", "--json"}).out; }
};

class OptionsOfEach : public Options, public testing::WithParamInterface<const Product*> {
 protected:
  OptionsOfEach() : Options(*GetParam()) {}
};

TEST_P(OptionsOfEach, LimitIsExactAndTheNextSyncGoesOnBehindIt) {
  serve(330);
  write_config({.page_size = 100});
  EXPECT_EQ(number(*sync({"--limit", "150"}), "fetched"), 150);
  EXPECT_EQ(ids_of(exported()).size(), 150U);
  sync();
  expect_oracle();
}

TEST_F(Options, LimitEndsWithAPageAndTheNextSyncGoesOnBehindIt) {
  serve(330);
  write_config({.page_size = 100});
  const auto first = sync({"--limit", "150"});
  EXPECT_EQ(text(*first, "outcome"), "completed");
  EXPECT_EQ(number(*first, "fetched"), 150);
  EXPECT_EQ(ids_of(exported()).size(), 150U);
  const auto second = sync();
  EXPECT_EQ(number(*second, "fetched"), 180);
  expect_oracle();
}

TEST_F(Options, LimitsBelowAPageGetThroughToo) {
  serve(25);
  write_config({.page_size = 100});
  for (const std::int64_t fetched : {10, 10, 5, 0}) {
    EXPECT_EQ(number(*sync({"--limit", "10"}), "fetched"), fetched);
  }
  expect_oracle();
}

TEST_F(Options, LimitThatCutsAPageFetchesItsRestAgain) {
  serve(40);
  write_config({.page_size = 10});
  control().post("/_sandbox/faults", R"({"fault":"duplicate_page","on":"/api/v2/incremental/*"})");
  sync({"--limit", "15"});
  control().remove("/_sandbox/faults");
  sync();
  expect_oracle();
}

TEST_P(OptionsOfEach, WindowIsExactAndLeavesTheLiveCursorAlone) {
  serve(300);
  write_config({.page_size = 50});
  sync();
  const auto items = by_time(exported());
  const std::string from = items[items.size() / 4].first;
  const std::string to = items[items.size() * 3 / 4].first;
  std::vector<std::string> inside;
  for (const auto& [time, id] : items) {
    if (from <= time && time < to) inside.push_back(id);
  }
  std::sort(inside.begin(), inside.end());

  const Finished live = run({"state", "get", "acme"});
  const auto again = sync({"--from", from, "--to", to});
  EXPECT_LE(number(*again, "fetched"), static_cast<std::int64_t>(inside.size()))
      << "fewer where a product is not asked for what is known";
  EXPECT_EQ(run({"state", "get", "acme"}).out, live.out);

  const std::string other = (folder() / "window").string();
  sync({"--from", from, "--to", to, "--data-dir", other});
  EXPECT_EQ(ids_of(exported({"--data-dir", other})), inside);
  EXPECT_NE(run({"state", "get", "acme", "--data-dir", other}).exit_code, 0);
}

TEST_F(Options, WindowIsGoneOnWithWhereTheLimitCutIt) {
  serve(60);
  write_config({.page_size = 10});
  sync({"--from", "2000-01-01", "--limit", "20"});
  const std::string lane = state();
  forget_requests();
  sync({"--from", "2000-01-01", "--limit", "20"});
  for (const std::string& target : targets())
    EXPECT_EQ(target.find("start_time"), std::string::npos);
  EXPECT_EQ(ids_of(exported()).size(), 40U);
  const auto row = core::JsonDocument::parse(state());
  ASSERT_TRUE(row);
  EXPECT_EQ(row.value()->root().size(), 1U) << "the same lane: " << lane;
  sync({"--from", "2000-01-01"});
  expect_oracle();
  EXPECT_EQ(state(), "[]\n");
}

TEST_F(Options, ResetForgetsWindowsToo) {
  serve(60);
  write_config({.page_size = 10});
  sync();
  sync({"--from", "2000-01-01", "--limit", "20"});
  EXPECT_EQ(run({"state", "reset", "acme", "--lane", "live", "--json"}).out,
            "{\"integration\":\"acme\",\"forgotten\":1}\n");
  EXPECT_EQ(run({"state", "reset", "acme", "--json"}).out,
            "{\"integration\":\"acme\",\"forgotten\":1}\n");
  EXPECT_EQ(state(), "[]\n");
}

TEST_P(OptionsOfEach, DryRunStoresNothing) {
  serve(60);
  write_config({.page_size = 25});
  const auto dry = sync({"--dry-run"});
  EXPECT_EQ(text(*dry, "outcome"), "completed");
  EXPECT_EQ(number(*dry, "fetched"), items());
  EXPECT_EQ(exported(), "");
  EXPECT_EQ(state(), "[]\n");
  sync();
  expect_oracle();
}

TEST_F(Options, DryRunCountsAsTheSyncAfterIt) {
  serve(60);
  write_config();
  sync();
  change(5, 3, 2);
  const auto dry = sync({"--dry-run"});
  const auto real = sync();
  for (const char* count : {"fetched", "created", "updated", "unchanged", "deleted", "rejected"})
    EXPECT_EQ(number(*dry, count), number(*real, count)) << count;
  EXPECT_EQ(number(*dry, "deleted"), 3);
}

TEST_P(OptionsOfEach, FullFetchesEverythingAgain) {
  serve(60);
  write_config({.page_size = 25});
  sync();
  const auto full = sync({"--full"});
  EXPECT_EQ(number(*full, "fetched"), items());
  EXPECT_EQ(number(*full, "unchanged"), items());
  expect_oracle();
}

INSTANTIATE_TEST_SUITE_P(Products, OptionsOfEach, testing::ValuesIn(products()), product_name);

}  // namespace
}  // namespace earshot::scenario

#include "cli/run_view.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <earshot/core/json/document.hpp>

namespace earshot::host {
namespace {

using core::RunSummary;
using core::Time;
using testing::IsSupersetOf;

std::unique_ptr<core::JsonDocument> written(const RunSummary& run) {
  core::JsonWriter out;
  write_run(out, run);
  return *core::JsonDocument::parse(out.take());
}

TEST(WriteRun, HasThePromisedMembers) {
  std::vector<std::string> keys;
  const auto document = written({});
  for (const core::JsonValue member : document->root()) keys.emplace_back(member.key());
  EXPECT_THAT(keys, IsSupersetOf({"integration", "plugin", "outcome", "fetched", "created",
                                  "updated", "unchanged", "deleted", "rejected", "requests",
                                  "seconds", "waited_seconds", "throttled", "quota_left", "until",
                                  "error", "cache_hits", "cache_misses", "cache_revalidated"}));
}

TEST(WriteRun, TellsAYieldedRun) {
  RunSummary run;
  run.integration_name = "acme";
  run.plugin = "zendesk";
  run.outcome = core::RunOutcome::yielded;
  run.started = Time(std::chrono::seconds(1'772'409'600));
  run.ended = run.started + std::chrono::hours(2);  // the calendar stepped
  run.took = std::chrono::milliseconds(1500);
  run.counts.created = 2;
  run.counts.deleted = 1;
  run.quota_left = 0;
  run.until = run.started + std::chrono::seconds(60);
  const auto document = written(run);
  const core::JsonValue root = document->root();
  EXPECT_EQ(root.member("outcome").text(), "yielded");
  EXPECT_EQ(root.member("fetched").integer(), 3);
  EXPECT_EQ(root.member("quota_left").integer(), 0);
  EXPECT_EQ(root.member("until").text(), "2026-03-02T00:01:00Z");
  EXPECT_DOUBLE_EQ(root.member("seconds").real().value_or(0), 1.5);
  EXPECT_TRUE(root.member("error").is_null());
}

TEST(WriteRun, HasNullWhereNothingIsKnown) {
  const auto document = written({});
  for (const char* name : {"quota_left", "until", "error"})
    EXPECT_TRUE(document->root().member(name).is_null()) << name;
}

TEST(RunTable, FitsEightyColumns) {
  RunSummary run;
  run.integration_name = "acme-support";
  run.outcome = core::RunOutcome::completed;
  run.took = std::chrono::seconds(9'999);
  run.counts = {.created = 999'999, .updated = 999'999, .unchanged = 999'999, .deleted = 999'999};
  const std::string table = run_table({run}, 80);
  for (std::size_t at = 0; at < table.size(); at = table.find('\n', at) + 1)
    EXPECT_LE(table.find('\n', at) - at, 80U) << table;
}

TEST(DescribeWindow, SaysWhereARunLooked) {
  RunSummary run;
  EXPECT_EQ(describe_window(run), "since the last sync");
  run.from = Time(std::chrono::seconds(1'772'409'600));
  EXPECT_EQ(describe_window(run), "from 2026-03-02T00:00:00Z up to now");
  run.to = run.from;
  run.from.reset();
  EXPECT_EQ(describe_window(run), "from the beginning up to 2026-03-02T00:00:00Z");
}

TEST(DescribeCache, CountsWhatNeededNoFullAnswer) {
  RunSummary run;
  EXPECT_EQ(describe_cache(run), "");
  run.cache_hits = 90;
  run.cache_misses = 4;
  run.cache_revalidated = 6;
  EXPECT_EQ(describe_cache(run),
            "96 of 100 cached answers were still good, 6 confirmed by the product");
}

}  // namespace
}  // namespace earshot::host

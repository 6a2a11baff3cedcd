#include "cli/record_filter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace earshot::host {
namespace {

using core::Time;
using testing::HasSubstr;

constexpr Time kNow{std::chrono::seconds(1'790'000'000)};

std::string refusal(const RecordFilter& filter) {
  const auto query = to_query(filter, kNow);
  if (query) return "accepted";
  EXPECT_EQ(query.error().code, core::Code::config);
  return query.error().message;
}

TEST(RecordFilter, AsksForEverythingByDefault) {
  const auto query = to_query({}, kNow);
  ASSERT_TRUE(query);
  EXPECT_FALSE(query->kind || query->status || query->category || query->severity || query->tier);
  EXPECT_FALSE(query->updated_from || query->updated_to);
  EXPECT_FALSE(query->deleted);
  EXPECT_EQ(query->limit, 0U);
}

TEST(RecordFilter, ReadsNamesAndTimes) {
  RecordFilter filter;
  filter.kind = "ticket";
  filter.status = "solved";
  filter.category = "bug_report";
  filter.severity = "urgent";
  filter.tier = "enterprise";
  filter.from = "7d";
  filter.created_to = "2026-03-02";
  const auto query = to_query(filter, kNow);
  ASSERT_TRUE(query) << query.error().message;
  EXPECT_EQ(query->kind, core::RecordKind::ticket);
  EXPECT_EQ(query->status, core::RecordStatus::solved);
  EXPECT_EQ(query->category, core::Category::bug_report);
  EXPECT_EQ(query->severity, core::Severity::urgent);
  EXPECT_EQ(query->tier, core::CustomerTier::enterprise);
  EXPECT_EQ(query->updated_from, core::parse_time("2026-09-14"));
  EXPECT_EQ(query->created_to, Time(std::chrono::seconds(1'772'409'600)));
}

TEST(RecordFilter, NamesTheOptionAndWhatItTakes) {
  RecordFilter filter;
  filter.severity = "huge";
  EXPECT_EQ(refusal(filter), "--severity takes one of low, normal, high, urgent, not 'huge'");
  filter = {};
  filter.tier = "gold";
  EXPECT_THAT(refusal(filter), HasSubstr("--tier takes one of enterprise"));
  filter = {};
  filter.created_from = "yesterdy";
  EXPECT_THAT(refusal(filter), HasSubstr("--created-from: \"yesterdy\""));
}

TEST(RecordFilter, RefusesAWindowThatIsNone) {
  RecordFilter filter;
  filter.from = "2026-03-02";
  filter.to = "2026-03-01";
  EXPECT_EQ(refusal(filter), "--from must be before --to");
  filter = {};
  filter.created_from = filter.created_to = "2026-03-02";
  EXPECT_EQ(refusal(filter), "--created-from must be before --created-to");
}

TEST(RecordFilter, FindsTombstonesWhereTheirStatusIsAskedFor) {
  RecordFilter filter;
  filter.status = "deleted";
  const auto query = to_query(filter, kNow);
  ASSERT_TRUE(query);
  EXPECT_TRUE(query->deleted);
}

}  // namespace
}  // namespace earshot::host

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <earshot/core/base/daily_hours.hpp>

namespace earshot::core {
namespace {

using testing::HasSubstr;

DailyHours hours(std::string_view text, const std::string& zone = "UTC") {
  return DailyHours::parse(text, zone).value();
}
Time at(std::string_view text) {
  return parse_time(text).value();
}

TEST(DailyHours, AreHalfOpen) {
  const DailyHours lunch = hours("12:00-13:30");
  EXPECT_FALSE(lunch.contain(at("2026-03-02T11:59:59.999999Z")));
  EXPECT_TRUE(lunch.contain(at("2026-03-02T12:00:00Z")));
  EXPECT_TRUE(lunch.contain(at("2026-03-02T13:29:59Z")));
  EXPECT_FALSE(lunch.contain(at("2026-03-02T13:30:00Z")));
}

TEST(DailyHours, GoOverMidnight) {
  const DailyHours night = hours("22:00-06:00");
  EXPECT_TRUE(night.contain(at("2026-03-02T23:00:00Z")));
  EXPECT_TRUE(night.contain(at("2026-03-02T00:00:00Z")));
  EXPECT_TRUE(night.contain(at("2026-03-02T05:59:00Z")));
  EXPECT_FALSE(night.contain(at("2026-03-02T06:00:00Z")));
  EXPECT_FALSE(night.contain(at("2026-03-02T21:59:00Z")));
}

TEST(DailyHours, MayEndAtMidnight) {
  EXPECT_TRUE(hours("22:00-24:00").contain(at("2026-03-02T23:59:59Z")));
  EXPECT_FALSE(hours("22:00-24:00").contain(at("2026-03-02T00:00:00Z")));
}

TEST(DailyHours, BeginAgainTheSameDayOrTheNext) {
  const DailyHours night = hours("22:00-06:00");
  EXPECT_EQ(night.next_begin(at("2026-03-02T12:00:00Z")), at("2026-03-02T22:00:00Z"));
  EXPECT_EQ(night.next_begin(at("2026-03-02T23:00:00Z")), at("2026-03-03T22:00:00Z"));
  EXPECT_EQ(night.next_begin(at("2026-03-02T22:00:00Z")), at("2026-03-03T22:00:00Z"));
}

TEST(DailyHours, FollowTheClocksOfTheZone) {
  const DailyHours night = hours("22:00-06:00", "Europe/Berlin");
  EXPECT_EQ(night.next_begin(at("2026-03-28T12:00:00Z")), at("2026-03-28T21:00:00Z"));
  EXPECT_FALSE(night.contain(at("2026-03-28T20:59:00Z")));
  // the night in which an hour is skipped: 06:00 comes after seven hours
  EXPECT_TRUE(night.contain(at("2026-03-29T03:59:00Z")));
  EXPECT_FALSE(night.contain(at("2026-03-29T04:00:00Z")));
  EXPECT_EQ(night.next_begin(at("2026-03-29T12:00:00Z")), at("2026-03-29T20:00:00Z"));
  // the night in which an hour comes twice: nine hours
  EXPECT_EQ(night.next_begin(at("2026-10-24T12:00:00Z")), at("2026-10-24T20:00:00Z"));
  EXPECT_TRUE(night.contain(at("2026-10-25T04:59:00Z")));
  EXPECT_FALSE(night.contain(at("2026-10-25T05:00:00Z")));
}

TEST(DailyHours, BeginWhereTheClocksSkipTheirBeginning) {
  const DailyHours early = hours("02:30-05:00", "Europe/Berlin");
  const Time skipped = early.next_begin(at("2026-03-28T12:00:00Z"));
  EXPECT_EQ(skipped, at("2026-03-29T01:00:00Z"));
  EXPECT_TRUE(early.contain(skipped));
}

TEST(DailyHours, AreLeftOutWhereTheClocksSkipAllOfThem) {
  EXPECT_EQ(hours("02:00-03:00", "Europe/Berlin").next_begin(at("2026-03-28T12:00:00Z")),
            at("2026-03-30T00:00:00Z"));
}

TEST(DailyHours, BeginTwiceWhereTheClocksGoBack) {
  const DailyHours early = hours("02:30-05:00", "Europe/Berlin");
  const Time first = early.next_begin(at("2026-10-24T12:00:00Z"));
  EXPECT_EQ(first, at("2026-10-25T00:30:00Z"));
  EXPECT_FALSE(early.contain(at("2026-10-25T01:10:00Z")));
  EXPECT_EQ(early.next_begin(at("2026-10-25T01:10:00Z")), at("2026-10-25T01:30:00Z"));
}

TEST(DailyHours, FollowZonesAcrossTheDateLine) {
  const DailyHours night = hours("22:00-06:00", "Pacific/Auckland");
  EXPECT_TRUE(night.contain(at("2026-01-10T10:00:00Z")));
  EXPECT_EQ(night.next_begin(at("2026-01-10T00:00:00Z")), at("2026-01-10T09:00:00Z"));
}

TEST(DailyHours, SayWhatTheyAre) {
  EXPECT_EQ(hours("22:00-06:00", "Europe/Berlin").text(), "22:00-06:00 Europe/Berlin");
}

TEST(DailyHours, RefuseWhatIsNone) {
  for (const char* text : {"", "22:00", "22-06", "22:00-22:00", "22:60-06:00", "25:00-06:00",
                           "24:00-06:00", "-1:00-06:00", "22:00-06:00-07:00", "9:00-10:00"}) {
    const auto none = DailyHours::parse(text, "UTC");
    ASSERT_FALSE(none) << text;
    EXPECT_EQ(none.error().code, Code::config);
    EXPECT_THAT(none.error().message, HasSubstr("give them as 22:00-06:00"));
  }
}

TEST(DailyHours, RefuseZonesThatDoNotExist) {
  for (const char* zone : {"", "Europe/Atlantis", "../../etc/passwd", "CEST"}) {
    const auto none = DailyHours::parse("22:00-06:00", zone);
    ASSERT_FALSE(none) << zone;
    EXPECT_THAT(none.error().message, HasSubstr("give one such as Europe/Berlin"));
  }
}

}  // namespace
}  // namespace earshot::core

#include <gmock/gmock.h>

#include <earshot/core/base/time.hpp>

namespace earshot::core {
namespace {

using std::chrono::days, std::chrono::hours, std::chrono::milliseconds, std::chrono::minutes,
    std::chrono::seconds;
using testing::HasSubstr;

struct TimeCase {
  const char* text;
  const char* read;  ///< As RFC 3339, or empty where it must be refused.
};

std::string shown(const std::optional<Time>& time) {
  return time ? rfc3339(*time) : "";
}

class TimeText : public testing::TestWithParam<TimeCase> {};

TEST_P(TimeText, IsReadOrRefused) {
  EXPECT_EQ(shown(parse_time(GetParam().text)), GetParam().read);
}

INSTANTIATE_TEST_SUITE_P(
    Accepted, TimeText,
    testing::Values(TimeCase{"2018-05-31T23:27:03Z", "2018-05-31T23:27:03Z"},
                    TimeCase{"2018-05-31t23:27:03z", "2018-05-31T23:27:03Z"},
                    TimeCase{"2018-05-31T23:27:03+00:00", "2018-05-31T23:27:03Z"},
                    TimeCase{"2018-05-31T23:27:03+0000", "2018-05-31T23:27:03Z"},
                    TimeCase{"2018-05-31 23:27:03 +0200", "2018-05-31T21:27:03Z"},
                    TimeCase{"2018-05-31T23:27:03-05:30", "2018-06-01T04:57:03Z"},
                    TimeCase{"2018-05-31 23:27:03", "2018-05-31T23:27:03Z"},
                    TimeCase{"2018-05-31T23:27:03", "2018-05-31T23:27:03Z"},
                    TimeCase{"2018-05-31", "2018-05-31T00:00:00Z"},
                    TimeCase{"2018-05-31T23:27:03.1Z", "2018-05-31T23:27:03.100000Z"},
                    TimeCase{"2018-05-31T23:27:03.123456789Z", "2018-05-31T23:27:03.123456Z"},
                    TimeCase{"2018-05-31T23:27:03.000000999Z", "2018-05-31T23:27:03Z"},
                    TimeCase{"2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"},
                    TimeCase{"2024-02-29T00:00:00Z", "2024-02-29T00:00:00Z"},
                    TimeCase{"1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"},
                    TimeCase{"9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"},
                    TimeCase{"0", "1970-01-01T00:00:00Z"},
                    TimeCase{"1527809223", "2018-05-31T23:27:03Z"},
                    TimeCase{"1527809223123", "2018-05-31T23:27:03.123000Z"},
                    TimeCase{"1527809223123456", "2018-05-31T23:27:03.123456Z"}));

INSTANTIATE_TEST_SUITE_P(
    Refused, TimeText,
    testing::Values(
        TimeCase{"", ""}, TimeCase{"yesterday", ""}, TimeCase{"2018-05-31T", ""},
        TimeCase{"2018-5-31", ""}, TimeCase{"31-05-2018", ""}, TimeCase{"2018-13-01T00:00:00Z", ""},
        TimeCase{"2018-00-01", ""}, TimeCase{"2018-02-30", ""}, TimeCase{"2023-02-29", ""},
        TimeCase{"2018-05-31T24:00:00Z", ""}, TimeCase{"2018-05-31T23:60:00Z", ""},
        TimeCase{"2018-05-31T23:27:61Z", ""}, TimeCase{"2018-05-31T23:27:03.Z", ""},
        TimeCase{"2018-05-31T23:27:03.1234567890Z", ""}, TimeCase{"2018-05-31T23:27:03+24:00", ""},
        TimeCase{"2018-05-31T23:27:03+02", ""}, TimeCase{"2018-05-31T23:27:03Zx", ""},
        TimeCase{" 2018-05-31", ""}, TimeCase{"1969-12-31T23:59:59Z", ""},
        TimeCase{"1970-01-01T00:00:00+00:01", ""}, TimeCase{"9999-12-31T23:59:59-00:01", ""},
        TimeCase{"-1527809223", ""}, TimeCase{"1527809223.5", ""},
        TimeCase{"100000000000000000", ""}, TimeCase{"99999999999999999999", ""}));

TEST(TimeText, RoundTripsThroughRfc3339) {
  for (std::int64_t micros = 1; micros < 253402300800000000; micros = micros * 3 + 1) {
    const Time time{Micros(micros)};
    EXPECT_EQ(parse_time(rfc3339(time)), time);
  }
}

const Time kNow = *parse_time("2026-11-21T13:00:00Z");

TEST(TimeOption, ReadsTimesAndAges) {
  EXPECT_EQ(parse_time_option("2026-03-02", kNow).value(), parse_time("2026-03-02"));
  EXPECT_EQ(parse_time_option("7d", kNow).value(), kNow - hours(13) - days(7));
  EXPECT_EQ(parse_time_option("12h", kNow).value(), kNow - hours(12));
  EXPECT_EQ(parse_time_option("30m", kNow).value(), kNow - minutes(30));
}

TEST(TimeOption, BeginsAgesWithTheirUnit) {
  const Time now = *parse_time("2026-11-21T13:14:15.161718Z");
  EXPECT_EQ(parse_time_option("7d", now).value(), parse_time("2026-11-14"));
  EXPECT_EQ(parse_time_option("12h", now).value(), parse_time("2026-11-21T01:00:00Z"));
  EXPECT_EQ(parse_time_option("30m", now).value(), parse_time("2026-11-21T12:44:00Z"));
  EXPECT_EQ(parse_time_option("15s", now).value(), parse_time("2026-11-21T13:14:00Z"));
  EXPECT_EQ(parse_time_option("0d", now).value(), parse_time("2026-11-21"));
}

TEST(TimeOption, RefusesBareDigitsAndSaysWhatIsAccepted) {
  const Result<Time> read = parse_time_option("1527809223", kNow);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Code::config);
  EXPECT_THAT(read.error().message, HasSubstr("\"1527809223\""));
  EXPECT_THAT(read.error().message, HasSubstr("7d, 12h, 30m"));
}

TEST(TimeOption, RefusesAgesBeforeAllTime) {
  EXPECT_FALSE(parse_time_option("1d", Time(hours(23))));
  EXPECT_EQ(parse_time_option("1d", Time(hours(24))).value(), Time{});
}

TEST(TimeOption, ShowsOnlyTheBeginningOfWhatItWasGiven) {
  EXPECT_LT(parse_time_option(std::string(100'000, 'x'), kNow).error().message.size(), 300u);
}

TEST(Duration, ReadsEveryUnit) {
  EXPECT_EQ(parse_duration("250ms"), milliseconds(250));
  EXPECT_EQ(parse_duration("60s"), seconds(60));
  EXPECT_EQ(parse_duration("15m"), minutes(15));
  EXPECT_EQ(parse_duration("2h"), hours(2));
  EXPECT_EQ(parse_duration("3650d"), days(3650));
  EXPECT_EQ(parse_duration("0s"), Micros(0));
}

TEST(Duration, RefusesEverythingElse) {
  for (const char* bad : {"", "s", "5", "-5s", "+5s", "5 s", "5S", "1.5h", "1h30m", "3651d",
                          "99999999999999999999s", "9223372036854775807d"}) {
    EXPECT_EQ(parse_duration(bad), std::nullopt) << bad;
  }
}

TEST(Duration, IsShownForPeople) {
  EXPECT_EQ(human_duration(milliseconds(350)), "350 ms");
  EXPECT_EQ(human_duration(seconds(41)), "41 s");
  EXPECT_EQ(human_duration(seconds(200)), "3 min");
  EXPECT_EQ(human_duration(minutes(125)), "2 h 5 min");
  EXPECT_EQ(human_duration(hours(2)), "2 h");
  EXPECT_EQ(human_duration(hours(76)), "3 d 4 h");
  EXPECT_EQ(human_duration(seconds(-41)), "-41 s");
}

TEST(HttpDate, IsWrittenAsServersDo) {
  for (const char* text : {"Sun, 06 Nov 1994 08:49:37 GMT", "Thu, 29 Feb 2024 00:00:00 GMT"}) {
    const auto time = parse_http_date(text);
    ASSERT_TRUE(time.has_value());
    EXPECT_EQ(http_date(*time + Micros(999'999)), text);
  }
}

TEST(HttpDate, ReadsAllThreeForms) {
  const std::optional<Time> expected = parse_time("1994-11-06T08:49:37Z");
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), expected);
  EXPECT_EQ(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT"), expected);
  EXPECT_EQ(parse_http_date("Sun Nov  6 08:49:37 1994"), expected);
  EXPECT_EQ(shown(parse_http_date("Wednesday, 31-Dec-69 00:00:00 GMT")), "2069-12-31T00:00:00Z");
}

TEST(HttpDate, RefusesEverythingElse) {
  for (const char* bad : {"", "120", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 CET",
                          "Sun, 31 Feb 1994 08:49:37 GMT", "Xyz, 06 Nov 1994 08:49:37 GMT",
                          "Sun, 6 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT ",
                          "Sun, 06 Nov 1994 25:49:37 GMT", "1994-11-06T08:49:37Z"}) {
    EXPECT_EQ(parse_http_date(bad), std::nullopt) << bad;
  }
}

}  // namespace
}  // namespace earshot::core

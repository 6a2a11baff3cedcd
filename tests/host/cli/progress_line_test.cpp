#include "cli/progress_line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "cli/display_text.hpp"

namespace earshot::host {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

constexpr TerminalTraits kPlain{.live = true, .colours = false, .unicode = true};

std::vector<std::string> texts(const std::vector<Progress>& all, std::size_t columns,
                               const TerminalTraits& traits = kPlain) {
  std::vector<std::string> out;
  for (const ShownLine& line : progress_lines(all, columns, traits)) out.push_back(line.text);
  return out;
}

TEST(ProgressLines, StandInColumns) {
  EXPECT_THAT(texts({{.name = "acme", .records = 12'400, .elapsed = 100s},
                     {.name = "surveys", .records = 90, .elapsed = 90s}},
                    80),
              testing::ElementsAre("acme     12,400 records  124/s  1 min",
                                   "surveys      90 records  1.0/s  1 min"));
}

TEST(ProgressLines, ShowABarAndTheTimeLeftWhereThereIsATotal) {
  const Progress half{.name = "acme", .records = 5'000, .total = 10'000, .elapsed = 50s};
  const std::string line = texts({half}, 80).front();
  EXPECT_THAT(line, HasSubstr("━━━"));
  EXPECT_THAT(line, HasSubstr("───"));
  EXPECT_THAT(line, HasSubstr("50% of 10,000, 50 s left"));
}

TEST(ProgressLines, TellNoTimeLeftWithoutATotal) {
  const Progress some{.name = "acme", .records = 5'000, .elapsed = 50s};
  EXPECT_THAT(texts({some}, 200).front(), Not(HasSubstr("left")));
}

TEST(ProgressLines, TellNoTimeLeftWhereThereIsMoreThanTheTotal) {
  const Progress more{.name = "acme", .records = 11'000, .total = 10'000, .elapsed = 50s};
  const std::string line = texts({more}, 80).front();
  EXPECT_THAT(line, HasSubstr("100% of 10,000"));
  EXPECT_THAT(line, Not(HasSubstr("left")));
}

TEST(ProgressLines, PutTheWaitBeforeTheBarWhereThereIsNoRoomForBoth) {
  const Progress waits{.name = "acme",
                       .records = 5'000,
                       .total = 10'000,
                       .elapsed = 50s,
                       .wait = "34 s for quota (incremental: 10 per 1 min)"};
  const std::string narrow = texts({waits}, 80).front();
  EXPECT_THAT(narrow, HasSubstr("waiting 34 s for quota (incremental: 10 per 1 min)"));
  EXPECT_THAT(narrow, Not(HasSubstr("left")));
  const std::string wide = texts({waits}, 200).front();
  EXPECT_THAT(wide, HasSubstr("━"));
  EXPECT_THAT(wide, HasSubstr("50 s left  waiting 34 s for quota"));
}

TEST(ProgressLines, SayHowOneEnded) {
  const Progress over{.name = "acme", .records = 5, .elapsed = 5s, .wait = "1 s", .end = "failed"};
  EXPECT_EQ(texts({over}, 80).front(), "acme  5 records  1.0/s  failed");
}

TEST(ProgressLines, TellSlowRatesWithAFraction) {
  EXPECT_THAT(texts({{.name = "acme", .records = 99, .elapsed = 10s}}, 80).front(),
              HasSubstr("  9.9/s  "));
  EXPECT_THAT(texts({{.name = "acme", .records = 998, .elapsed = 100s}}, 80).front(),
              HasSubstr("  10/s  "));
}

TEST(ProgressLines, FitEveryWidth) {
  const Progress long_one{.name = "a-very-long-name-of-an-integration-of-sixty-four-letters-or-so",
                          .records = 123'456'789,
                          .total = 987'654'321,
                          .elapsed = 3600s,
                          .wait = "34 s to try again: GET /api/v2/long/path was answered 503"};
  for (std::size_t columns = 1; columns <= 250; ++columns) {
    for (const bool waits : {true, false}) {
      Progress one = long_one;
      if (!waits) one.wait.clear();
      const ShownLine line = progress_lines({one}, columns, kPlain).front();
      EXPECT_LT(line.width, std::max<std::size_t>(columns, 2)) << columns;
      EXPECT_EQ(line.width, display_width(line.text)) << columns;
    }
  }
}

TEST(ProgressLines, AreColouredOnlyWhereItIsWanted) {
  const Progress waits{.name = "acme", .records = 5, .elapsed = 5s, .wait = "34 s for quota"};
  TerminalTraits traits = kPlain;
  EXPECT_THAT(texts({waits}, 80, traits).front(), Not(HasSubstr("\x1b")));
  traits.colours = true;
  EXPECT_THAT(texts({waits}, 80, traits).front(),
              HasSubstr("\x1b[33mwaiting 34 s for quota\x1b[0m"));
  EXPECT_EQ(progress_lines({waits}, 80, traits).front().width,
            progress_lines({waits}, 80, kPlain).front().width);
}

TEST(ProgressLines, AreAsciiWhereTheLocaleIs) {
  const Progress half{.name = "acme", .records = 50, .total = 100, .elapsed = 50s};
  TerminalTraits traits = kPlain;
  traits.unicode = false;
  const std::vector<std::string> lines = texts({half}, 80, traits);
  for (const char c : lines.front()) EXPECT_LT(static_cast<unsigned char>(c), 0x80);
}

TEST(Grouped, HasACommaEveryThreeDigits) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1'000), "1,000");
  EXPECT_EQ(grouped(1'234'567), "1,234,567");
}

}  // namespace
}  // namespace earshot::host

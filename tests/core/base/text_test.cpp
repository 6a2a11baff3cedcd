#include <gmock/gmock.h>

#include <earshot/core/base/text.hpp>

namespace earshot::core {
namespace {

using testing::ElementsAre;

TEST(Text, LowersAsciiAlone) {
  EXPECT_EQ(lower("Retry-AFTER"), "retry-after");
  EXPECT_EQ(lower("ÄZ"), "Äz");
}

TEST(Text, ComparesWithoutCase) {
  EXPECT_TRUE(iequals("Content-Type", "content-tYPE"));
  EXPECT_FALSE(iequals("Content-Type", "content-typ"));
  EXPECT_FALSE(iequals("a[", "A{"));
}

TEST(Text, TrimsWhiteSpaceAtBothEnds) {
  EXPECT_EQ(trim(" \t a b\r\n"), "a b");
  EXPECT_EQ(trim(" \n "), "");
  EXPECT_EQ(trim(""), "");
}

TEST(Text, SplitsIntoEveryPart) {
  EXPECT_THAT(split("a,,b,", ','), ElementsAre("a", "", "b", ""));
  EXPECT_THAT(split("", ','), ElementsAre(""));
}

TEST(Text, ParsesWholeIntegersOnly) {
  EXPECT_EQ(parse_integer("-9223372036854775808"), INT64_MIN);
  EXPECT_EQ(parse_integer("0042"), 42);
  for (const char* bad : {"", "-", "+1", " 1", "1 ", "1.0", "0x1", "9223372036854775808"}) {
    EXPECT_EQ(parse_integer(bad), std::nullopt) << bad;
  }
}

struct GlobCase {
  const char* pattern;
  const char* text;
  bool matches;
};

class Glob : public testing::TestWithParam<GlobCase> {};

TEST_P(Glob, Matches) {
  const GlobCase& c = GetParam();
  EXPECT_EQ(glob_match(c.pattern, c.text), c.matches) << c.pattern << " on " << c.text;
}

INSTANTIATE_TEST_SUITE_P(
    Cases, Glob,
    testing::Values(GlobCase{"", "", true}, GlobCase{"", "a", false}, GlobCase{"*", "", true},
                    GlobCase{"*", "a/b", true}, GlobCase{"a", "a", true},
                    GlobCase{"a", "ab", false}, GlobCase{"/api/*/tickets", "/api/v2/tickets", true},
                    GlobCase{"/api/*/tickets", "/api/v2/users", false},
                    GlobCase{"/api/*/tickets*", "/api/v2/x/tickets.json", true},
                    GlobCase{"*ab*ab", "abxabab", true}, GlobCase{"a**b", "ab", true},
                    GlobCase{"*.example.com", "example.com", false},
                    GlobCase{"a?c", "abc", false}));

TEST(Glob, NeedsNoExponentialTime) {
  const std::string text(5000, 'a');
  EXPECT_FALSE(glob_match("*a*a*a*a*a*a*a*a*a*a*b", text));
}

TEST(Closest, FindsOneWithinTwoEdits) {
  const std::vector<std::string> keys = {"subdomain", "email", "api_token"};
  EXPECT_EQ(closest("sudomain", keys), "subdomain");
  EXPECT_EQ(closest("emial", keys), "email");
  EXPECT_EQ(closest("apitokn", keys), "api_token");
  EXPECT_EQ(closest("password", keys), std::nullopt);
}

TEST(Closest, PrefersTheFewestEdits) {
  EXPECT_EQ(closest("tickets", {"tickers", "ticketz1", "ticket"}), "tickers");
  EXPECT_EQ(closest("ticket", {"tick", "tickets"}), "tickets");
}

TEST(Closest, DoesNotGuessFromNothingInCommon) {
  EXPECT_EQ(closest("ab", {"xy"}), std::nullopt);
  EXPECT_EQ(closest("", {"a"}), std::nullopt);
  EXPECT_EQ(closest(std::string(1000, 'a'), {"a"}), std::nullopt);
}

}  // namespace
}  // namespace earshot::core

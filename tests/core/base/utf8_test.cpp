#include <gmock/gmock.h>

#include <earshot/core/base/text.hpp>

namespace earshot::core {
namespace {

using namespace std::string_literals;

struct Utf8Case {
  const char* name;
  std::string text;
  std::string cleaned;
};

class Utf8Text : public testing::TestWithParam<Utf8Case> {};

/// The same at every distance from the eight bytes that are looked at together.
TEST_P(Utf8Text, IsCleanedWhereverItStands) {
  const Utf8Case& c = GetParam();
  for (std::size_t before = 0; before < 20; ++before) {
    for (const std::size_t behind : {0u, 1u, 7u, 8u, 20u}) {
      const std::string front(before, 'x');
      const std::string back(behind, 'y');
      EXPECT_EQ(clean_utf8(front + c.text + back), front + c.cleaned + back);
    }
  }
}

TEST_P(Utf8Text, IsValidUnlessItMustBeCleaned) {
  const Utf8Case& c = GetParam();
  const bool has_nul = c.text.find('\0') != std::string::npos;
  EXPECT_EQ(is_valid_utf8("12345" + c.text + "67890"), c.text == c.cleaned || has_nul);
}

#define U "\xEF\xBF\xBD"
INSTANTIATE_TEST_SUITE_P(
    Cases, Utf8Text,
    testing::Values(Utf8Case{"Empty", "", ""}, Utf8Case{"Ascii", "plain ~\x7f", "plain ~\x7f"},
                    Utf8Case{"Controls", "\x01\n\x1f", "\x01\n\x1f"},
                    Utf8Case{"TwoBytes", "\xC2\x80\xDF\xBF", "\xC2\x80\xDF\xBF"},
                    Utf8Case{"ThreeBytes", "\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF",
                             "\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF"},
                    Utf8Case{"FourBytes", "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF",
                             "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF"},
                    Utf8Case{"Nul", "\0"s, U}, Utf8Case{"NulInside", "a\0b"s, "a" U "b"},
                    Utf8Case{"LoneContinuation", "\x80", U}, Utf8Case{"Latin1", "caf\xE9", "caf" U},
                    Utf8Case{"OverlongSlash", "\xC0\xAF", U U},
                    Utf8Case{"OverlongThree", "\xE0\x80\xAF", U U U},
                    Utf8Case{"OverlongFour", "\xF0\x8F\xBF\xBF", U U U U},
                    Utf8Case{"Surrogate", "\xED\xA0\x80", U U U},
                    Utf8Case{"BeyondUnicode", "\xF4\x90\x80\x80", U U U U},
                    Utf8Case{"NeverALead", "\xF5\xFE\xFF", U U U},
                    Utf8Case{"CutShort", "\xE2\x82", U},
                    Utf8Case{"CutShortFour", "\xF0\x9F\x98", U},
                    Utf8Case{"CutThenGood", "\xE2\x82\xC3\xA9", U "\xC3\xA9"},
                    Utf8Case{"TwoBad", "\xff good \xff", U " good " U}),
    [](const auto& test) { return std::string(test.param.name); });
#undef U

TEST(ValidUtf8Prefix, EndsWhereTheTextBreaks) {
  EXPECT_EQ(valid_utf8_prefix("caf\xC3\xA9 and more"), 14u);
  EXPECT_EQ(valid_utf8_prefix("0123456789caf\xE9"), 13u);
  EXPECT_EQ(valid_utf8_prefix(""), 0u);
}

TEST(Shorten, CutsBetweenCodePoints) {
  EXPECT_EQ(shorten("short", 5), "short");
  EXPECT_EQ(shorten("longer", 4), "long…");
  EXPECT_EQ(shorten("aé", 2), "a…");
  EXPECT_EQ(shorten("a😀b", 4), "a…");
  EXPECT_EQ(shorten("a😀b", 5), "a😀…");
  EXPECT_EQ(shorten("é", 0), "…");
}

TEST(Shorten, StaysNearTheBoundInBrokenText) {
  EXPECT_EQ(shorten(std::string(100, '\x80'), 50).size(), 47 + std::string_view("…").size());
}

}  // namespace
}  // namespace earshot::core

#include "cli/table.hpp"

#include <gtest/gtest.h>

namespace earshot::host {
namespace {

TEST(DisplayWidth, CountsColumnsNotBytes) {
  EXPECT_EQ(display_width(""), 0U);
  EXPECT_EQ(display_width("plain"), 5U);
  EXPECT_EQ(display_width("Zoë"), 3U);
  EXPECT_EQ(display_width("日本"), 4U);
  EXPECT_EQ(display_width("e\u0301"), 1U) << "a combining mark takes no column";
  EXPECT_EQ(display_width("🙂"), 2U);
}

TEST(DisplayWidth, CountsBrokenBytesOnceEach) {
  EXPECT_EQ(display_width("a\xff\xfe"), 3U);
  EXPECT_EQ(display_width("a\xe2\x82"), 3U);
}

TEST(Fit, LeavesWhatFits) {
  EXPECT_EQ(fit("exact", 5), "exact");
  EXPECT_EQ(fit("", 5), "");
}

TEST(Fit, CutsBetweenCharactersWithAnEllipsis) {
  EXPECT_EQ(fit("abcdef", 5), "abcd…");
  EXPECT_EQ(fit("日本語", 5), "日本…");
  EXPECT_EQ(fit("日本語", 4), "日…");
}

TEST(Fit, KeepsControlCharactersOffTheTerminal) {
  EXPECT_EQ(fit("a\nb\tc\x1b[31m", 20), "a b c [31m");
  EXPECT_EQ(fit("a\u2028b", 20), "a b");
  EXPECT_EQ(fit("a\u009b31m", 20), "a 31m");
  EXPECT_EQ(fit("\xc3\x1b[31m", 20), "\xc3 [31m") << "a broken character hides none";
}

TEST(Table, AlignsTextLeftAndColumnsOfNumbersRight) {
  Table table({"name", "items", "note"});
  table.add({"a", "7", "127.0.0.1"});
  table.add({"longer", "1200", "of text"});
  EXPECT_EQ(table.text(),
            "name    items  note\n"
            "a           7  127.0.0.1\n"
            "longer   1200  of text\n");
}

TEST(Table, LeavesNoBlanksAtLineEnds) {
  Table table({"name", "note"});
  table.add({"a", ""});
  EXPECT_EQ(table.text(), "name  note\na\n");
}

TEST(Table, CutsTheWidestTextToTheGivenColumns) {
  Table table({"id", "title"});
  table.add({"123456", "a title that is too long for this"});
  const std::string text = table.text(24);
  EXPECT_EQ(text, "    id  title\n123456  a title that is…\n");
}

TEST(Table, KeepsNumbersWholeHoweverNarrow) {
  Table table({"id"});
  table.add({"12345678901234567890"});
  EXPECT_EQ(table.text(10), "                  id\n12345678901234567890\n");
}

TEST(Table, IsEmptyWithoutRows) {
  Table table({"id"});
  EXPECT_TRUE(table.empty());
  table.add({"1"});
  EXPECT_FALSE(table.empty());
}

}  // namespace
}  // namespace earshot::host

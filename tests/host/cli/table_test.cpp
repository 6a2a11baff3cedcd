#include "cli/table.hpp"

#include <gtest/gtest.h>

namespace earshot::host {
namespace {

TEST(Table, AlignsTextLeftAndColumnsOfNumbersRight) {
  Table table({"name", "items", "note"});
  table.add({"a", "7", "127.0.0.1"});
  table.add({"longer", "1200", "of text"});
  EXPECT_EQ(table.text(),
            "name    items  note\n"
            "a           7  127.0.0.1\n"
            "longer   1200  of text\n");
}

TEST(Table, LetsNoCellControlATerminal) {
  Table table({"id", "title"});
  table.add({"7", "\x1b]0;owned\x07two\nlines"});
  table.add({"8",
             "\xc2\x9b"
             "2J"});
  EXPECT_EQ(table.text(), "id  title\n 7  \\u001b]0;owned\\u0007two lines\n 8  \\u009b2J\n");
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

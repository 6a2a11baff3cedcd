#include "cli/display_text.hpp"

#include <string>

#include <gtest/gtest.h>

#include <earshot/core/json/document.hpp>
#include <earshot/core/json/writer.hpp>

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
  EXPECT_EQ(fit("a\nb\tc\x1b[31m", 20), "a b c\\u001b[31m");
  EXPECT_EQ(fit("a\u2028b", 20), "a b");
  EXPECT_EQ(fit("a\u009b31m", 20), "a\\u009b31m");
  EXPECT_EQ(fit("\xc3\x1b[31m", 20), "\uFFFD\\u001b[31m") << "a broken character hides none";
  EXPECT_EQ(fit("ab\x1b[31m", 7), "ab…") << "cut before the mark, not within";
}

TEST(Printable, ShowsWhatATerminalWouldObey) {
  EXPECT_EQ(printable("\x1b[2J\x07\b\x7f"), "\\u001b[2J\\u0007\\u0008\\u007f");
  EXPECT_EQ(printable("a\u009b2J"), "a\\u009b2J");
  EXPECT_EQ(printable("safe\u202egnp.exe\u2066"), "safe\\u202egnp.exe\\u2066");
  EXPECT_EQ(printable("12 %\r99 %"), "12 %\\u000d99 %") << "over what was there";
  EXPECT_EQ(printable("a\x9b\xff"), "a\uFFFD\uFFFD");
}

TEST(Printable, LeavesTextAsItIs) {
  const std::string text = "Zoë, 日本 🙂 e\u0301\n\ttwo; three\r\n";
  EXPECT_EQ(printable(text), text);
  EXPECT_EQ(printable(""), "");
}

TEST(Printable, LeavesJsonTheSameJson) {
  core::JsonWriter out;
  out.string("\x1b\x7f\u0085\u202e");
  const auto shown = core::JsonDocument::parse(printable(out.take()));
  ASSERT_TRUE(shown);
  EXPECT_EQ((*shown)->root().text(), "\x1b\x7f\u0085\u202e");
}

}  // namespace
}  // namespace earshot::host

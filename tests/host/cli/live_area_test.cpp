#include "cli/live_area.hpp"

#include <gtest/gtest.h>

namespace earshot::host {
namespace {

TEST(LiveArea, DrawsItsLinesAnew) {
  LiveArea area;
  EXPECT_EQ(area.draw({{"one", 3}, {"two", 3}}, 80), "one\x1b[K\ntwo\x1b[K\n");
  EXPECT_EQ(area.draw({{"one", 3}, {"three", 5}}, 80), "\x1b[2A\rone\x1b[K\nthree\x1b[K\n");
}

TEST(LiveArea, WritesNothingWhereNothingChanged) {
  LiveArea area;
  static_cast<void>(area.draw({{"one", 3}}, 80));
  EXPECT_EQ(area.draw({{"one", 3}}, 80), "");
}

TEST(LiveArea, ErasesLinesThatAreGone) {
  LiveArea area;
  static_cast<void>(area.draw({{"one", 3}, {"two", 3}}, 80));
  EXPECT_EQ(area.draw({{"one", 3}}, 80), "\x1b[2A\r\x1b[Jone\x1b[K\n");
  EXPECT_EQ(area.draw({}, 80), "\x1b[1A\r\x1b[J");
  EXPECT_EQ(area.draw({}, 80), "");
}

TEST(LiveArea, PutsLinesThatStayAbove) {
  LiveArea area;
  EXPECT_EQ(area.above("first\n", 80), "first\n");
  static_cast<void>(area.draw({{"one", 3}}, 80));
  EXPECT_EQ(area.above("second\n", 80), "\x1b[1A\r\x1b[Jsecond\none\n");
  EXPECT_EQ(area.draw({{"one", 3}}, 80), "");
}

TEST(LiveArea, FindsItsBeginningInATerminalThatBecameNarrow) {
  LiveArea area;
  static_cast<void>(area.draw({{std::string(100, 'x'), 100}, {"two", 3}}, 120));
  EXPECT_EQ(area.draw({{"one", 3}, {"two", 3}}, 40), "\x1b[4A\r\x1b[Jone\x1b[K\ntwo\x1b[K\n");
}

}  // namespace
}  // namespace earshot::host

#include "earshot/core/normalize/thread.hpp"

#include <gmock/gmock.h>

namespace earshot::core {
namespace {

using testing::HasSubstr;

std::string text_of(std::string_view json) {
  const Result<std::string> text = thread_to_text(json);
  EXPECT_TRUE(text.has_value()) << text.error().message;
  return text.value_or("");
}

std::string fault_of(std::string_view json) {
  const Result<std::string> text = thread_to_text(json);
  EXPECT_FALSE(text.has_value());
  return text ? "" : text.error().message;
}

TEST(Thread, PutsEachMessageBelowWhoSaidIt) {
  EXPECT_EQ(text_of(R"([{"by":"Jane Doe","at":"1772446530","text":"Export fails","format":"text"},
                        {"by":"Clark","at":"1772446600","text":"Since when?","format":"text"}])"),
            "Jane Doe:\nExport fails\n\nClark:\nSince when?");
}

TEST(Thread, IsInTheOrderOfTime) {
  EXPECT_EQ(text_of(R"([{"by":"C","at":"2026-03-02T10:00:02Z","text":"third","format":"text"},
                        {"by":"A","at":"2026-03-02T12:00:01+02:00","text":"first","format":"text"},
                        {"by":"B","at":"1772445601","text":"second","format":"text"}])"),
            "A:\nfirst\n\nB:\nsecond\n\nC:\nthird");
}

TEST(Thread, KeepsOneMessagesMarkupFromTheNext) {
  EXPECT_EQ(text_of(R"([{"by":"A","at":"1","text":"<blockquote>quoted <!-- open","format":"html"},
                        {"by":"B","at":"2","text":"see <a href='https://example.com/x'>here","format":"html"},
                        {"by":"C","at":"3","text":"plain --> <b>text</b>","format":"text"}])"),
            "A:\n> quoted <!-- open\n\n"
            "B:\nsee here (https://example.com/x)\n\n"
            "C:\nplain --> <b>text</b>");
}

TEST(Thread, LeavesOutWhatShowsNothing) {
  EXPECT_EQ(text_of(R"([{"by":"A","at":"1","text":"<p> </p>","format":"html"},
                        {"by":"","at":"2","text":"nobody said","format":"text"},
                        {"by":"B","at":"3","text":"  ","format":"text"}])"),
            "nobody said");
  EXPECT_EQ(text_of("[]"), "");
}

TEST(Thread, SaysWhatIsNone) {
  EXPECT_THAT(fault_of("{}"), HasSubstr("an array of messages"));
  EXPECT_THAT(fault_of("[7]"), HasSubstr("message 0 has no text"));
  EXPECT_THAT(fault_of(R"([{"at":"1","text":"a","format":"text"},
                           {"at":"noon","text":"b","format":"text"}])"),
              HasSubstr("message 1 has no readable time"));
  EXPECT_THAT(fault_of(R"([{"at":"1","text":"a","format":"markdown"}])"),
              HasSubstr("neither text nor html"));
  EXPECT_NE(fault_of("["), "");
}

}  // namespace
}  // namespace earshot::core

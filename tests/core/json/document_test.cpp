#include <gmock/gmock.h>

#include <earshot/core/json/document.hpp>

#include "core/json/parsed.hpp"

namespace earshot::core {
namespace {

using namespace std::string_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

TEST(JsonDocument, TellsKindsApart) {
  const auto document = parsed(R"([null, false, true, 1, "s", [], {}])");
  std::vector<JsonKind> kinds;
  for (const JsonValue value : document->root()) kinds.push_back(value.kind());
  EXPECT_THAT(kinds,
              ElementsAre(JsonKind::null, JsonKind::boolean_false, JsonKind::boolean_true,
                          JsonKind::number, JsonKind::string, JsonKind::array, JsonKind::object));
}

TEST(JsonDocument, KeepsNumbersAsTheyAreWritten) {
  const auto document = parsed(R"([1,-2.5e10,{"a":3}, 0 ,-0.0,12345678901234567890123,1E+2])");
  std::vector<std::string> tokens;
  for (const JsonValue value : document->root()) tokens.emplace_back(value.text());
  EXPECT_THAT(tokens,
              ElementsAre("1", "-2.5e10", "", "0", "-0.0", "12345678901234567890123", "1E+2"));
  EXPECT_EQ(document->root().at("/2/a").text(), "3");
}

TEST(JsonDocument, KeepsANumberThatIsTheWholeText) {
  EXPECT_EQ(parsed("42")->root().text(), "42");
  EXPECT_EQ(parsed("\n -7 \n")->root().text(), "-7");
}

TEST(JsonDocument, ReadsWholeNumbersThatFit) {
  const auto document = parsed(
      "[9223372036854775807,-9223372036854775808,9223372036854775808,10.0,1e3,1.5,1e300,\"7\"]");
  std::vector<std::optional<std::int64_t>> read;
  for (const JsonValue value : document->root()) read.push_back(value.integer());
  EXPECT_THAT(read, ElementsAre(INT64_MAX, INT64_MIN, std::nullopt, 10, 1000, std::nullopt,
                                std::nullopt, std::nullopt));
}

TEST(JsonDocument, ReadsRealNumbers) {
  EXPECT_EQ(parsed("-2.5e3")->root().real(), -2500.0);
  EXPECT_EQ(parsed("7")->root().real(), 7.0);
  EXPECT_EQ(parsed("\"7\"")->root().real(), std::nullopt);
}

TEST(JsonDocument, DecodesEscapes) {
  const auto document = parsed(R"({"k\u0065y":"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00\u0000."})");
  EXPECT_EQ(document->root().member("key").text(), "\"\\/\b\f\n\r\té😀\0."s);
}

TEST(JsonDocument, WalksObjectsInTheirOrder) {
  const auto document = parsed(R"({"b":{"x":[1,{"y":2}]},"a":[],"":"c"})");
  std::vector<std::pair<std::string, std::string>> members;
  for (const JsonValue member : document->root()) {
    members.emplace_back(member.key(), member.dump());
  }
  EXPECT_THAT(members,
              ElementsAre(Pair("b", R"({"x":[1,{"y":2}]})"), Pair("a", "[]"), Pair("", "\"c\"")));
  EXPECT_EQ(document->root().size(), 3u);
}

TEST(JsonDocument, FindsTheFirstOfTwoMembers) {
  const auto document = parsed(R"({"id":1,"id":2,"idx":3})");
  EXPECT_EQ(document->root().member("id").text(), "1");
  EXPECT_EQ(document->root().size(), 3u);
}

TEST(JsonDocument, FindsMembersBehindNestedOnes) {
  const auto document = parsed(R"({"a":{"id":"inner"},"b":["id",{"id":"inner"}],"id":"outer"})");
  EXPECT_EQ(document->root().member("id").text(), "outer");
  EXPECT_EQ(document->root().member("ID").exists(), false);
}

TEST(JsonDocument, AnswersAbsenceWithoutFailing) {
  const JsonValue absent;
  EXPECT_EQ(absent.kind(), JsonKind::absent);
  EXPECT_EQ(absent.text(), "");
  EXPECT_EQ(absent.size(), 0u);
  EXPECT_EQ(absent.integer(), std::nullopt);
  EXPECT_FALSE(absent.member("a").at("/b").exists());
  EXPECT_EQ(absent.key(), "");
  EXPECT_EQ(absent.dump(), "null");
  for (const JsonValue value : absent) ADD_FAILURE() << value.dump();
}

TEST(JsonDocument, HasTextForScalarsOnly) {
  const auto document = parsed(R"([true,false,null,["x"],{"x":"x"}])");
  std::vector<std::string> texts;
  for (const JsonValue value : document->root()) texts.emplace_back(value.text());
  EXPECT_THAT(texts, ElementsAre("true", "false", "", "", ""));
}

TEST(JsonDocument, HasKeysForMembersOnly) {
  const auto document = parsed(R"({"list":["element"]})");
  EXPECT_EQ(document->root().key(), "");
  EXPECT_EQ(document->root().at("/list").key(), "list");
  EXPECT_EQ(document->root().at("/list/0").key(), "");
}

TEST(JsonDocument, DumpsWhatItRead) {
  const std::string text =
      R"({"a":[1,-2.50e+10,12345678901234567890123,true,null],"b":{"c":{},"d":[[],[{}]]},"e":"\"\n"})";
  const auto document = parsed(text);
  EXPECT_EQ(document->root().dump(), text);
  EXPECT_EQ(document->root().at("/b/d").dump(), "[[],[{}]]");
}

TEST(JsonDocument, ReplacesSurrogatesWithoutTheirPartner) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {R"(\ud83d)", "\ufffd"},
      {R"(\ude00)", "\ufffd"},
      {R"(\uD83D\uD83D\uDE00)", "\ufffd😀"},
      {R"(\ude00\ud83d)", "\ufffd\ufffd"},
      {R"(\ud83d\n\ude00)", "\ufffd\n\ufffd"},
      {R"(\\ud83d)", "\\ud83d"},
      {R"(\\\ud83d\ude00)", "\\😀"},
      {R"(\ud7ff\ue000)", "\xED\x9F\xBF\xEE\x80\x80"},
  };
  for (const auto& [written, read] : cases) {
    EXPECT_EQ(parsed("\"" + written + "\"")->root().text(), read) << written;
  }
}

TEST(JsonDocument, KeepsNumbersBeyondADouble) {
  const auto document = parsed("[1e400,1e-400]");
  EXPECT_EQ(document->root().dump(), "[1e400,1e-400]");
  EXPECT_EQ(document->root().at("/0").real(), std::nullopt);
  EXPECT_EQ(document->root().at("/0").integer(), std::nullopt);
}

struct BadJson {
  const char* name;
  std::string text;
  std::size_t offset;
};

class NoJson : public testing::TestWithParam<BadJson> {};

TEST_P(NoJson, IsRefusedWithItsPlace) {
  const Error error = refused(GetParam().text);
  EXPECT_EQ(error.code, Code::bad_data);
  EXPECT_THAT(error.message, HasSubstr("at byte " + std::to_string(GetParam().offset) + ":"));
}

INSTANTIATE_TEST_SUITE_P(
    Texts, NoJson,
    testing::Values(
        BadJson{"Empty", "", 0}, BadJson{"Blank", "  ", 2}, BadJson{"TextAfterTheValue", "{} x", 3},
        BadJson{"TwoValues", "1 2", 2}, BadJson{"NulAfterTheValue", "[1]\0[2]"s, 3},
        BadJson{"Nul", "\0"s, 0}, BadJson{"TrailingComma", "[1,]", 3}, BadJson{"Unclosed", "[1", 2},
        BadJson{"UnclosedObject", R"({"a":1)", 6}, BadJson{"NoColon", R"({"a" 1})", 5},
        BadJson{"NoName", "{1:2}", 1}, BadJson{"SingleQuotes", "['a']", 1},
        BadJson{"Comment", "[1/**/]", 2}, BadJson{"NotANumber", "[NaN]", 1},
        BadJson{"LeadingZero", "[01]", 2}, BadJson{"LeadingPlus", "[+1]", 1},
        BadJson{"BareFraction", "[1.]", 3}, BadJson{"WrongWord", "[trve]", 3},
        BadJson{"ByteOrderMark", "\xEF\xBB\xBF[]", 0}, BadJson{"WrongCloser", "[1}", 2},
        BadJson{"CloserAlone", "]", 0}, BadJson{"OpenString", "[\"a", 3},
        BadJson{"StringBehindANumber", "[1\"a\"]", 2}, BadJson{"WordBehindAString", "[\"a\"b]", 4},
        BadJson{"StringBehindAString", "[\"a\"\"b\"]", 4}, BadJson{"BackslashOutside", "[\\1]", 1},
        BadJson{"ControlInAString", "[\"a\\\"\n\"]", 5}, BadJson{"BadEscape", "[\"a\\n\\x\"]", 5},
        BadJson{"MissingValue", "{\"a\":}", 5}, BadJson{"OnlyAComma", ",", 0},
        BadJson{"BareMinus", "[-]", 2}, BadJson{"LongWord", "[nullx]", 5},
        BadJson{"NameWithoutValue", "{\"a\"", 4}),
    [](const auto& test) { return std::string(test.param.name); });

class NoString : public testing::TestWithParam<BadJson> {};

/// At every distance from the sixteen bytes that may be looked at together.
TEST_P(NoString, IsRefusedWhereverItStands) {
  for (std::size_t before = 0; before < 40; ++before) {
    const std::string text = "[\"" + std::string(before, 'x') + GetParam().text + "\"]";
    EXPECT_EQ(refused(text).code, Code::bad_data) << before;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Texts, NoString,
    testing::Values(BadJson{"Control01", "\x01", 0}, BadJson{"Newline", "\n", 0},
                    BadJson{"Escape", "\x1b", 0}, BadJson{"Control1f", "\x1f", 0},
                    BadJson{"Nul", "\0"s, 0}, BadJson{"Latin1", "caf\xE9", 0},
                    BadJson{"Overlong", "\xC0\xAF", 0}, BadJson{"Surrogate", "\xED\xA0\x80", 0},
                    BadJson{"CutShort", "\xE2\x82", 0}, BadJson{"UnknownEscape", "\\x", 0},
                    BadJson{"ShortEscape", "\\u12", 0}),
    [](const auto& test) { return std::string(test.param.name); });

TEST(JsonDocument, AcceptsEveryPlainByteInStrings) {
  for (char c = 0x20; c < 0x7f; ++c) {
    if (c == '"' || c == '\\') continue;
    for (std::size_t before = 0; before < 20; ++before) {
      const std::string content = std::string(before, 'x') + c;
      EXPECT_EQ(parsed("\"" + content + "\"")->root().text(), content);
    }
  }
}

TEST(JsonDocument, LeadsFromEachValueToTheOneBehindIt) {
  const auto document = parsed(R"({"a":[1,{"x":[]},"z"],"b":{"c":null},"d":true})");
  const JsonValue a = document->root().member("a");
  EXPECT_EQ(a.at("/0").next_sibling(), a.at("/1"));
  EXPECT_EQ(a.at("/1").next_sibling(), a.at("/2"));
  EXPECT_EQ(a.next_sibling(), document->root().member("b"));
  EXPECT_EQ(a.next_sibling().next_sibling().key(), "d");
}

TEST(JsonDocument, LeadsNowhereFromTheLastValue) {
  const auto document = parsed(R"({"a":[1,{"x":[]},"z"],"b":{"c":null},"d":true})");
  for (const char* last : {"/a/2", "/a/1/x", "/b/c", "/d", ""}) {
    const JsonValue value = document->root().at(last);
    EXPECT_TRUE(value.exists()) << last;
    EXPECT_FALSE(value.next_sibling().exists()) << last;
  }
  EXPECT_FALSE(JsonValue().next_sibling().exists());
}

}  // namespace
}  // namespace earshot::core

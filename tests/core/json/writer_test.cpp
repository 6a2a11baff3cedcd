#include <cmath>
#include <limits>

#include <gmock/gmock.h>

#include <earshot/core/json/writer.hpp>

#include "core/json/parsed.hpp"

namespace earshot::core {
namespace {

using namespace std::string_literals;

std::string written(std::string_view text) {
  JsonWriter out;
  out.string(text);
  return out.take();
}

TEST(JsonWriter, WritesEveryKind) {
  JsonWriter out;
  out.begin_object();
  out.member("text", "t");
  out.member("view", std::string_view("v"));
  out.member("owned", std::string("o"));
  out.member("maybe", std::optional<std::string>());
  out.member("int", -3);
  out.member("large", std::uint64_t{18446744073709551615u});
  out.member("real", 0.1);
  out.member("flag", true);
  out.key("list");
  out.begin_array();
  out.null();
  out.integer(INT64_MIN);
  out.raw("12345678901234567890123");
  out.begin_object();
  out.end_object();
  out.begin_array();
  out.end_array();
  out.end_array();
  out.end_object();
  EXPECT_EQ(out.take(), R"({"text":"t","view":"v","owned":"o","maybe":null,"int":-3,)"
                        R"("large":18446744073709551615,"real":0.1,"flag":true,)"
                        R"("list":[null,-9223372036854775808,12345678901234567890123,{},[]]})");
}

TEST(JsonWriter, IndentsWhereAskedTo) {
  JsonWriter out(JsonWriter::Style::pretty);
  out.begin_object();
  out.key("a");
  out.begin_array();
  out.integer(1);
  out.integer(2);
  out.end_array();
  out.key("b");
  out.begin_object();
  out.end_object();
  out.end_object();
  EXPECT_EQ(out.take(), "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": {}\n}");
}

TEST(JsonWriter, EscapesWhatMustBe) {
  EXPECT_EQ(written("\"\\/\b\f\n\r\t\x01\x1b\x1f\x7f é\0"s), R"("\"\\/\b\f\n\r\t\u0001\u001b\u001f)"
                                                             "\x7f"
                                                             R"( é\u0000")");
}

TEST(JsonWriter, EscapesWhereverItStands) {
  for (std::size_t before = 0; before < 40; ++before) {
    const std::string text = std::string(before, 'x') + "\x1a\"";
    EXPECT_EQ(parsed(written(text))->root().text(), text);
  }
}

TEST(JsonWriter, ReplacesInvalidUtf8) {
  EXPECT_EQ(written("caf\xE9!"), "\"caf\xEF\xBF\xBD!\"");
  JsonWriter out;
  out.begin_object();
  out.member("k\xff", 1);
  out.end_object();
  EXPECT_EQ(out.take(), "{\"k\xEF\xBF\xBD\":1}");
}

TEST(JsonWriter, WritesRealNumbersThatReadBack) {
  for (const double number : {0.0, -1.5, 1e21, 5e-324, 0.1 + 0.2, 1.7976931348623157e308}) {
    JsonWriter out;
    out.begin_array();
    out.real(number);
    out.end_array();
    EXPECT_EQ(parsed(out.take())->root().at("/0").real(), number);
  }
}

TEST(JsonWriter, WritesNullForWhatIsNoNumber) {
  JsonWriter out;
  out.begin_array();
  out.real(std::nan(""));
  out.real(std::numeric_limits<double>::infinity());
  out.end_array();
  EXPECT_EQ(out.take(), "[null,null]");
}

TEST(JsonWriter, CopiesValuesOfADocument) {
  const auto document = parsed(R"({"a":{"b":[1.50,{"c":null}],"d":"\u0000"},"e":false})");
  JsonWriter out;
  out.begin_array();
  out.value(document->root());
  out.value(document->root().at("/a/b"));
  out.value({});
  out.end_array();
  EXPECT_EQ(out.take(),
            R"([{"a":{"b":[1.50,{"c":null}],"d":"\u0000"},"e":false},[1.50,{"c":null}],null])");
}

TEST(JsonWriter, IsEmptyOnceTaken) {
  JsonWriter out;
  out.integer(1);
  EXPECT_EQ(out.take(), "1");
  out.integer(2);
  EXPECT_EQ(out.take(), "2");
}

TEST(JsonWriterDeathTest, AbortsOnWrongOrder) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        JsonWriter out;
        out.begin_object();
        out.integer(1);
      },
      "without a key");
  EXPECT_DEATH(
      {
        JsonWriter out;
        out.begin_array();
        out.end_object();
      },
      "without its beginning");
  EXPECT_DEATH(
      {
        JsonWriter out;
        out.begin_array();
        static_cast<void>(out.take());
      },
      "before its end");
}

}  // namespace
}  // namespace earshot::core

#include <gmock/gmock.h>

#include <earshot/core/json/document.hpp>

#include "core/json/parsed.hpp"

namespace earshot::core {
namespace {

struct PointerCase {
  const char* pointer;
  const char* found;  ///< As JSON, or empty where nothing is.
};

class JsonPointer : public testing::TestWithParam<PointerCase> {};

TEST_P(JsonPointer, LeadsToItsValue) {
  const auto document = parsed(
      R"({"foo":["bar","baz",[7]],"":0,"a/b":1,"c%d":2,"m~n":8,"~1":9,"~":10,"o":{"p":{"q":null}},)"
      R"("/":11,"01":12})");
  const JsonValue found = document->root().at(GetParam().pointer);
  EXPECT_EQ(found.exists() ? found.dump() : "", GetParam().found);
}

INSTANTIATE_TEST_SUITE_P(Found, JsonPointer,
                         testing::Values(PointerCase{"/foo", R"(["bar","baz",[7]])"},
                                         PointerCase{"/foo/0", "\"bar\""},
                                         PointerCase{"/foo/2/0", "7"}, PointerCase{"/", "0"},
                                         PointerCase{"/a~1b", "1"}, PointerCase{"/c%d", "2"},
                                         PointerCase{"/m~0n", "8"}, PointerCase{"/~01", "9"},
                                         PointerCase{"/~0", "10"}, PointerCase{"/~1", "11"},
                                         PointerCase{"/01", "12"}, PointerCase{"/o/p/q", "null"}));

INSTANTIATE_TEST_SUITE_P(
    Absent, JsonPointer,
    testing::Values(PointerCase{"/none", ""}, PointerCase{"/foo/3", ""}, PointerCase{"/foo/-", ""},
                    PointerCase{"/foo/-1", ""}, PointerCase{"/foo/00", ""},
                    PointerCase{"/foo/01", ""}, PointerCase{"/foo/1x", ""},
                    PointerCase{"/foo/99999999999999999999", ""}, PointerCase{"/foo/", ""},
                    PointerCase{"/foo/0/x", ""}, PointerCase{"/o/p/q/r", ""},
                    PointerCase{"foo", ""}, PointerCase{"/m~2n", ""}, PointerCase{"/m~", ""},
                    PointerCase{"//", ""}, PointerCase{"/m~0", ""}, PointerCase{"/m~0nn", ""}));

TEST(JsonPointer, IsTheValueItselfWhereEmpty) {
  const auto document = parsed(R"({"a":[1]})");
  EXPECT_EQ(document->root().at(""), document->root());
  EXPECT_EQ(document->root().member("a").at("/0").text(), "1");
}

TEST(JsonPointer, IsToldFromOtherText) {
  for (const char* good : {"", "/", "/a/b", "/~0~1", "//"}) EXPECT_TRUE(is_json_pointer(good));
  for (const char* bad : {"a", "/~", "/~2", "#/a", "/a~"}) EXPECT_FALSE(is_json_pointer(bad));
}

TEST(JsonPointer, IsMadeOfEscapedSegments) {
  EXPECT_EQ(pointer_segment("a/b~c"), "a~1b~0c");
  const auto document = parsed(R"({"~1/~":5})");
  EXPECT_EQ(document->root().at("/" + pointer_segment("~1/~")).text(), "5");
}

}  // namespace
}  // namespace earshot::core

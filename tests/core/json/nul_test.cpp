#include <gmock/gmock.h>

#include <earshot/core/json/nul.hpp>

namespace earshot::core {
namespace {

std::string replaced(std::string json) {
  replace_nul(json);
  return json;
}

TEST(Nul, IsReplacedInStringsAndNames) {
  EXPECT_EQ(replaced(R"({"a\u0000":["\u0000b\u0000","c"]})"),
            R"({"a\ufffd":["\ufffdb\ufffd","c"]})");
}

TEST(Nul, IsNoneBehindABackslashThatIsMeant) {
  EXPECT_EQ(replaced(R"(["\\u0000","\\\u0000","\n\u00001","\u0001"])"),
            R"(["\\u0000","\\\ufffd","\n\ufffd1","\u0001"])");
}

TEST(Nul, LeavesWhatHasNone) {
  for (const char* json : {"", "{}", R"("\)", R"("\u00)", R"({"a":1})"})
    EXPECT_EQ(replaced(json), json);
}

}  // namespace
}  // namespace earshot::core

#include <gtest/gtest.h>

#include <earshot/core/config/typed_list.hpp>

namespace earshot::core {
namespace {

TEST(TypedList, HasItsElementsAsTexts) {
  const auto list = typed_list("[3187, 'a: b', \"x, y\", true]");
  ASSERT_TRUE(list);
  EXPECT_EQ(*list, (std::vector<std::string>{"3187", "a: b", "x, y", "true"}));
}

TEST(TypedList, IsNothingElse) {
  for (const char* none : {"3187", "{a: b}", "[a", "[[a]]", ""})
    EXPECT_FALSE(typed_list(none)) << none;
}

}  // namespace
}  // namespace earshot::core

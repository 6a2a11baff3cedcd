#include <type_traits>

#include <gmock/gmock.h>

#include <earshot/core/base/secret.hpp>

namespace earshot::core {
namespace {

template <typename T>
concept Streamable = requires(std::ostream& out, const T& value) {
  out << value;
};

TEST(Secret, CannotBeStreamedOrConverted) {
  static_assert(!Streamable<Secret>);
  static_assert(!std::is_convertible_v<Secret, std::string>);
  static_assert(!std::is_convertible_v<std::string, Secret>);
  EXPECT_EQ(Secret("hush").reveal(), "hush");
}

TEST(Secret, LeavesNothingWhereItWasMovedFrom) {
  Secret from("hush");
  const Secret to = std::move(from);
  EXPECT_EQ(to.reveal(), "hush");
  EXPECT_TRUE(from.empty());  // NOLINT(bugprone-use-after-move)
  const std::string& rest = from.reveal();
  EXPECT_EQ(std::string(rest.data(), 4), std::string(4, '\0'));
}

TEST(Secret, IsCopiedAndAssigned) {
  const Secret one("first secret that is too long to stand in the object itself");
  Secret two("other");
  two = one;
  EXPECT_EQ(two.reveal(), one.reveal());
  two = Secret("third");
  EXPECT_EQ(two.reveal(), "third");
}

}  // namespace
}  // namespace earshot::core

#include <gtest/gtest.h>

#include <earshot/core/normalize/record.hpp>

namespace earshot::core {
namespace {

template <typename Enum>
void expect_round_trip(int values) {
  for (int i = 0; i < values; ++i) {
    const auto value = static_cast<Enum>(i);
    EXPECT_FALSE(to_string(value).empty());
    EXPECT_EQ(from_string<Enum>(to_string(value)), value) << to_string(value);
  }
  EXPECT_EQ(to_string(static_cast<Enum>(values)), "");
}

TEST(RecordWords, ComeBackAsTheyWent) {
  expect_round_trip<RecordKind>(9);
  expect_round_trip<CustomerTier>(4);
  expect_round_trip<Category>(10);
  expect_round_trip<Severity>(4);
  expect_round_trip<RecordStatus>(5);
}

TEST(RecordWords, AreExact) {
  EXPECT_EQ(from_string<Severity>("High"), std::nullopt);
  EXPECT_EQ(from_string<Severity>(""), std::nullopt);
  EXPECT_EQ(from_string<RecordKind>("survey_response"), RecordKind::survey_response);
}

TEST(RecordWords, AreListedInOrder) {
  EXPECT_EQ(all_names<Severity>(), "low, normal, high, urgent");
  EXPECT_EQ(all_names<RecordStatus>(), "open, pending, solved, closed, deleted");
}

}  // namespace
}  // namespace earshot::core

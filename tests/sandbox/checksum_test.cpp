#include "sandbox/checksum.hpp"

#include <gtest/gtest.h>

#include <earshot/core/base/digest.hpp>
#include <earshot/core/base/text.hpp>

namespace earshot::sandbox {
namespace {

TEST(Checksum, IsTheDigestOfItemsWrittenInARow) {
  Checksum sum;
  sum.add("10", "open", "2026-03-02T10:15:29Z", "Title", "two\nlines");
  sum.add("9", "deleted", "2026-03-02T10:15:29.5Z", "", "");
  EXPECT_EQ(sum.finish(),
            core::hex_encode(core::sha256("10\x1fopen\x1f"
                                          "2026-03-02T10:15:29Z\x1fTitle\x1ftwo\nlines\n"
                                          "9\x1f"
                                          "deleted\x1f"
                                          "2026-03-02T10:15:29.5Z\x1f\x1f\n")));
}

TEST(Checksum, OfAnExportSortsByIdAsText) {
  const std::string ten =
      R"({"source_id":"10","status":"open","updated_at":"T","title":"a","content":"b","more":1})";
  const std::string nine =
      R"({"source_id":"9","status":"open","updated_at":"T","title":"\u00e9","content":"\n"})";
  Checksum sum;
  sum.add("10", "open", "T", "a", "b");
  sum.add("9", "open", "T", "é", "\n");
  const auto forwards = checksum_of_export(ten + "\n" + nine + "\n");
  const auto backwards = checksum_of_export(nine + "\n\n" + ten);
  ASSERT_TRUE(forwards);
  ASSERT_TRUE(backwards);
  EXPECT_EQ(*forwards, sum.finish());
  EXPECT_EQ(*forwards, *backwards);
}

TEST(Checksum, NamesTheLineThatIsNoRecord) {
  const auto broken = checksum_of_export("\n{\"source_id\":\"1\"}\n");
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().message, "line 2: no text under 'status'");
  EXPECT_FALSE(checksum_of_export("no json"));
}

}  // namespace
}  // namespace earshot::sandbox

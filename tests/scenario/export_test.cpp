#include <map>
#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenario.hpp"

namespace earshot::scenario {
namespace {

using testing::HasSubstr;
using testing::Not;

class Export : public Scenario {
 protected:
  void SetUp() override {
    serve(200);
    write_config();
    sync();
    oracle_ = truth();
    const auto way = core::JsonDocument::parse(access("OAuth access token").credentials);
    ASSERT_TRUE(way);
    token_ = way.value()->root().member("access_token").text();
    const Finished whole = run({"export", "--format", "json", "--deleted"});
    ASSERT_EQ(whole.exit_code, 0) << whole.err;
    auto parsed = core::JsonDocument::parse(whole.out);
    ASSERT_TRUE(parsed) << parsed.error().message;
    stored_ = std::move(parsed.value());
    for (const core::JsonValue record : stored_->root())
      records_.emplace(record.member("source_id").text(), record);
  }

  /// The first item with that oddity.
  std::string item_with(const std::string& trait) {
    return std::string(oracle_->root().at("/traits/" + trait + "/0").text());
  }
  core::JsonValue record(const std::string& id) { return records_[id]; }
  /// The ticket as the product shows it.
  std::unique_ptr<core::JsonDocument> ticket(const std::string& id) {
    return control().get("/api/v2/tickets/" + id, {{"Authorization", "Bearer " + token_}});
  }
  [[nodiscard]] std::size_t stored() const { return records_.size(); }

 private:
  std::unique_ptr<core::JsonDocument> oracle_;
  std::unique_ptr<core::JsonDocument> stored_;
  std::map<std::string, core::JsonValue> records_;
  std::string token_;
};

TEST_F(Export, JsonHoldsEveryItem) {
  EXPECT_EQ(stored(), 200U);
}

TEST_F(Export, OddTextsSurviveByteByByte) {
  for (const char* trait : {"html",
                            "emoji",
                            "right_to_left",
                            "east_asian",
                            "long_description",
                            "nested_quotes",
                            "long_thread",
                            "line_separators",
                            "combining_marks",
                            "long_word",
                            "escapes",
                            "formula",
                            "whitespace",
                            "null_subject",
                            "empty_subject",
                            "large_id",
                            "unknown_status",
                            "unknown_priority",
                            "offset_timestamps",
                            "merged"}) {
    const std::string id = item_with(trait);
    ASSERT_FALSE(id.empty()) << trait;
    const auto shown = ticket(id);
    const core::JsonValue source = shown->root().member("ticket");
    const core::JsonValue kept = record(id);
    EXPECT_EQ(kept.member("source_id").text(), id) << trait;
    EXPECT_EQ(kept.member("title").text(), source.member("subject").text()) << trait;
    EXPECT_EQ(kept.member("content").text(), source.member("description").text()) << trait;
  }
}

TEST_F(Export, OddMembersBecomeOurWords) {
  EXPECT_EQ(record(item_with("unknown_status")).member("status").text(), "open");
  EXPECT_TRUE(record(item_with("unknown_priority")).member("severity").is_null());
  EXPECT_TRUE(record(item_with("requester_without_email")).member("customer_email").is_null());
  EXPECT_EQ(record(item_with("deleted")).member("status").text(), "deleted");
  EXPECT_EQ(record(item_with("deleted")).member("content").text(), "");
  EXPECT_THAT(std::string(record(item_with("offset_timestamps")).member("updated_at").text()),
              testing::EndsWith("Z"));
}

TEST_F(Export, CsvDefusesFormulas) {
  const std::string id = item_with("formula");
  const std::string title(record(id).member("title").text());
  ASSERT_FALSE(title.empty());
  ASSERT_THAT(std::string("=+-@"), HasSubstr(title.substr(0, 1)));
  const Finished csv = run({"export", "--format", "csv"});
  EXPECT_EQ(csv.exit_code, 0) << csv.err;
  EXPECT_THAT(csv.out, HasSubstr(",\"'" + title.substr(0, 4)));
  EXPECT_THAT(csv.out, Not(HasSubstr(",\"" + title.substr(0, 4))));
}

}  // namespace
}  // namespace earshot::scenario

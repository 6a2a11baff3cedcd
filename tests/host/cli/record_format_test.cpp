#include "cli/record_format.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <earshot/core/json/document.hpp>

namespace earshot::host {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

core::StoredRecord record_with(const std::string& title) {
  core::StoredRecord stored;
  stored.source = "zendesk";
  stored.integration = "acme";
  stored.record.source_id = "9007199254740993";
  stored.record.title = title;
  stored.record.content = "line one\nline \"two\"";
  stored.record.rating = core::Rating{.value = 4, .max = 5};
  stored.record.metadata = R"({"tags":["a"]})";
  return stored;
}

std::vector<std::string> keys_of(core::JsonValue object) {
  std::vector<std::string> keys;
  for (const core::JsonValue member : object) keys.emplace_back(member.key());
  return keys;
}

std::string written(const core::StoredRecord& stored) {
  core::JsonWriter out;
  write_record(out, stored);
  return out.take();
}

std::string in_csv(const std::string& title) {
  const auto csv = record_format("csv");
  EXPECT_TRUE(csv);
  return csv->record(record_with(title), true);
}

TEST(WriteRecord, HasTheMembersOfARecordInOrder) {
  const auto document = core::JsonDocument::parse(written(record_with("Broken")));
  ASSERT_TRUE(document);
  EXPECT_THAT(keys_of((*document)->root()),
              ElementsAre("source", "integration", "source_id", "kind", "title", "content",
                          "customer_id", "customer_email", "customer_name", "customer_tier",
                          "category", "severity", "status", "rating", "language", "thread_id",
                          "created_at", "updated_at", "url", "metadata"));
}

TEST(WriteRecord, KeepsTypes) {
  const auto document = core::JsonDocument::parse(written(record_with("Broken")));
  ASSERT_TRUE(document);
  const core::JsonValue root = (*document)->root();
  EXPECT_EQ(root.member("source_id").text(), "9007199254740993");
  EXPECT_TRUE(root.member("severity").is_null());
  EXPECT_TRUE(root.member("customer_email").is_null());
  EXPECT_TRUE(root.member("rating").is_object());
  EXPECT_EQ(root.at("/metadata/tags/0").text(), "a");
  EXPECT_EQ(root.member("created_at").text(), "1970-01-01T00:00:00Z");
}

TEST(WriteRecord, HasRawOnlyWhereItIsKept) {
  core::StoredRecord stored = record_with("Broken");
  stored.raw = R"({"id":1})";
  const auto document = core::JsonDocument::parse(written(stored));
  ASSERT_TRUE(document);
  EXPECT_EQ((*document)->root().at("/raw/id").integer(), 1);
}

TEST(Csv, QuotesEveryCellAndDoublesQuotes) {
  const std::string row = in_csv("a, \"b\"");
  EXPECT_THAT(row, StartsWith(R"("zendesk","acme","9007199254740993","ticket","a, ""b""",)"));
  EXPECT_THAT(row, HasSubstr("\"line one\nline \"\"two\"\"\""));
  EXPECT_THAT(row, EndsWith("\r\n"));
}

TEST(Csv, DefusesWhatASpreadsheetWouldCalculate) {
  for (const char* formula :
       {"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "=HYPERLINK(\"x\")"}) {
    EXPECT_THAT(in_csv(formula), HasSubstr(",\"'" + std::string(1, formula[0]))) << formula;
  }
  EXPECT_THAT(in_csv("1 = 1"), HasSubstr(",\"1 = 1\","));
}

TEST(Csv, HasAsManyCellsAsItsHeader) {
  const auto csv = record_format("csv");
  ASSERT_TRUE(csv);
  core::StoredRecord plain = record_with("x");
  plain.record.content = "x";
  plain.record.metadata = "{}";
  const std::string row = csv->record(plain, true);
  EXPECT_EQ(std::count(csv->begin.begin(), csv->begin.end(), ','),
            std::count(row.begin(), row.end(), ','));
}

TEST(Ndjson, IsOneRecordALine) {
  const auto ndjson = record_format("ndjson");
  ASSERT_TRUE(ndjson);
  const std::string line = ndjson->record(record_with("a\nb"), true);
  EXPECT_EQ(line.find('\n'), line.size() - 1);
}

TEST(Json, IsOneArrayHoweverManyRecords) {
  const auto json = record_format("json");
  ASSERT_TRUE(json);
  for (const std::size_t count : {0U, 1U, 3U}) {
    std::string text = json->begin;
    for (std::size_t i = 0; i < count; ++i) text += json->record(record_with("x"), i == 0);
    const auto document = core::JsonDocument::parse(text + json->end);
    ASSERT_TRUE(document) << document.error().message;
    EXPECT_EQ((*document)->root().size(), count);
  }
}

TEST(RecordFormat, NamesWhatThereIs) {
  const auto format = record_format("xml");
  ASSERT_FALSE(format);
  EXPECT_EQ(format.error().code, core::Code::config);
  EXPECT_EQ(format.error().message, "--format takes ndjson, json or csv, not 'xml'");
}

}  // namespace
}  // namespace earshot::host

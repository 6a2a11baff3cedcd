#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>

#include <earshot/core/normalize/mapping.hpp>

#include "core/json/parsed.hpp"
#include "plugin/plugin_folder.hpp"

namespace earshot::core {
namespace {

using testing::Optional;

/// Maps tickets of a recorded page as a run would.
class ZendeskMapping : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(reading_.manifest.has_value()); }

  Mapped map(std::string_view cassette, std::size_t exchange, std::size_t ticket) {
    page_ = parsed(earshot::core::cassette(cassette).at(exchange).response.body);
    return map_item(page_->root().at("/tickets/" + std::to_string(ticket)));
  }

  /// A ticket that says nothing but what a record cannot be without, and `members`.
  Record map_members(const std::string& members, const std::string& override = "null") {
    page_ = parsed(R"({"users":[],"tickets":[{"id":1,"created_at":"2026-03-01T00:00:00Z",)" +
                   members + "}]}");
    const auto mapped = map_item(page_->root().at("/tickets/0"), override);
    EXPECT_EQ(mapped.rejected, "");
    return mapped.record.value_or(Record{});
  }

  std::string map_rejected(const std::string& ticket) {
    page_ = parsed(R"({"users":[],"tickets":[)" + ticket + "]}");
    return map_item(page_->root().at("/tickets/0")).rejected;
  }

 private:
  Mapped map_item(JsonValue item, const std::string& override = "null") {
    const auto changes = parsed(override);
    const JsonValue changed = changes->root().is_object() ? changes->root() : JsonValue{};
    std::vector<SchemaIssue> issues;
    const auto mapping =
        Mapping::compile("ticket", reading_.manifest->records().member("ticket"), changed, issues);
    for (const SchemaIssue& issue : issues) ADD_FAILURE() << issue.path << ": " << issue.message;
    if (mapping == nullptr) return {};
    Mapping::Session session(*mapping);
    return session.apply({.item = item,
                          .refs = {{"page", page_->root()}},
                          .computed = {},
                          .config = config_->root()});
  }

  ManifestReading reading_ = plugin_manifest();
  std::unique_ptr<JsonDocument> config_ = parsed(R"({"subdomain":"acme","page_size":1000})");
  std::unique_ptr<JsonDocument> page_;
};

std::string metadata_of(const Record& record, std::string_view pointer) {
  return parsed(record.metadata)->root().at(pointer).dump();
}

TEST_F(ZendeskMapping, MapsEveryFieldOfATicket) {
  const Mapped mapped = map("first_run", 1, 0);
  ASSERT_TRUE(mapped.record.has_value()) << mapped.rejected;
  const Record& record = *mapped.record;
  EXPECT_EQ(record.kind, RecordKind::ticket);
  EXPECT_EQ(record.source_id, "5158");
  EXPECT_EQ(record.title, "Export broken 🧨");
  EXPECT_EQ(record.content,
            "Export fails with \"500\"\n\nSteps:\n1. open the report\n2. press <Export>");
  EXPECT_THAT(record.customer_id, Optional(std::string("31000000001001")));
  EXPECT_THAT(record.customer_email, Optional(std::string("jane@example.com")));
  EXPECT_THAT(record.customer_name, Optional(std::string("Jane Example")));
  EXPECT_THAT(record.language, Optional(std::string("en-US")));
  EXPECT_EQ(record.customer_tier, std::nullopt);
  EXPECT_EQ(record.category, Category::feature_request);
  EXPECT_THAT(record.severity, Optional(Severity::high));
  EXPECT_EQ(record.status, RecordStatus::open);
  EXPECT_EQ(record.rating, std::nullopt);
  EXPECT_EQ(record.thread_id, std::nullopt);
  EXPECT_EQ(rfc3339(record.created_at), "2026-03-02T10:15:29Z");
  EXPECT_EQ(rfc3339(record.updated_at), "2026-03-02T11:02:10Z");
  EXPECT_THAT(record.url, Optional(std::string("https://acme.zendesk.com/agent/tickets/5158")));
  EXPECT_EQ(record.version, 1'772'449'331'000'000);
  EXPECT_TRUE(mapped.unknown_values.empty());
}

TEST_F(ZendeskMapping, KeepsTheProductsOwnWordsAsMetadata) {
  const Mapped mapped = map("first_run", 1, 0);
  ASSERT_TRUE(mapped.record.has_value()) << mapped.rejected;
  const Record& record = *mapped.record;
  EXPECT_EQ(metadata_of(record, "/tags"), R"(["export","feature_request","plan_enterprise"])");
  EXPECT_EQ(metadata_of(record, "/status"), R"("open")");
  EXPECT_EQ(metadata_of(record, "/custom_status_id"), "31000000000601");
  EXPECT_EQ(metadata_of(record, "/type"), R"("incident")");
  EXPECT_EQ(metadata_of(record, "/priority"), R"("high")");
  EXPECT_EQ(metadata_of(record, "/channel"), R"("email")");
  EXPECT_EQ(metadata_of(record, "/organization_id"), "31000000000101");
  EXPECT_EQ(metadata_of(record, "/group_id"), "31000000000201");
  EXPECT_EQ(metadata_of(record, "/assignee_id"), "31000000000301");
  EXPECT_EQ(metadata_of(record, "/submitter_id"), "31000000001001");
  EXPECT_EQ(metadata_of(record, "/brand_id"), "31000000000401");
  EXPECT_EQ(metadata_of(record, "/ticket_form_id"), "31000000000501");
  EXPECT_EQ(metadata_of(record, "/external_id"), R"("crm-7")");
  EXPECT_EQ(metadata_of(record, "/problem_id"), "5100");
  EXPECT_EQ(metadata_of(record, "/satisfaction"), R"("good")");
  EXPECT_EQ(metadata_of(record, "/custom_fields/1/value"), R"(["billing","export"])");
}

TEST_F(ZendeskMapping, LeavesTheTitleOfAChatWithoutSubjectEmpty) {
  const Mapped mapped = map("first_run", 1, 1);
  ASSERT_TRUE(mapped.record.has_value()) << mapped.rejected;
  EXPECT_EQ(mapped.record->title, "");
  EXPECT_EQ(mapped.record->category, Category::conversation);
  EXPECT_EQ(mapped.record->status, RecordStatus::pending);
  EXPECT_EQ(mapped.record->severity, std::nullopt);
  EXPECT_EQ(rfc3339(mapped.record->created_at), "2026-03-02T10:20:00Z");
  EXPECT_EQ(rfc3339(mapped.record->updated_at), "2026-03-02T10:25:00.250000Z");
}

TEST_F(ZendeskMapping, KeepsIdsBeyondDoublesAndFoldsCase) {
  const Mapped mapped = map("first_run", 1, 2);
  ASSERT_TRUE(mapped.record.has_value()) << mapped.rejected;
  EXPECT_EQ(mapped.record->source_id, "9007199254740993");
  EXPECT_THAT(mapped.record->severity, Optional(Severity::urgent));
  EXPECT_EQ(mapped.record->category, Category::question);
  EXPECT_EQ(mapped.record->status, RecordStatus::solved);
  EXPECT_EQ(mapped.record->customer_email, std::nullopt) << "this user has no address";
  EXPECT_THAT(mapped.record->customer_name, Optional(std::string("Kai Sample")));
}

TEST_F(ZendeskMapping, MakesADeletedTicketATombstone) {
  const Mapped mapped = map("first_run", 3, 0);
  ASSERT_TRUE(mapped.record.has_value()) << mapped.rejected;
  EXPECT_EQ(mapped.record->source_id, "5090");
  EXPECT_EQ(mapped.record->status, RecordStatus::deleted);
  EXPECT_EQ(mapped.record->version, 1'772'451'600'000'000);
}

TEST_F(ZendeskMapping, TakesATicketWithoutRequester) {
  const Mapped mapped = map("first_run", 3, 1);
  ASSERT_TRUE(mapped.record.has_value()) << mapped.rejected;
  EXPECT_EQ(mapped.record->category, Category::bug_report) << "tags match without case";
  EXPECT_EQ(mapped.record->title, "Two <b>odd</b> words");
  EXPECT_EQ(mapped.record->customer_id, std::nullopt);
}

TEST_F(ZendeskMapping, TakesWordsFromTheFutureWithoutLosingTheTicket) {
  const Record record =
      map_members(R"("status":"awaiting_vendor","priority":"blocker","via":{"channel":17})");
  EXPECT_EQ(record.status, RecordStatus::open);
  EXPECT_EQ(record.severity, std::nullopt);
  EXPECT_EQ(metadata_of(record, "/status"), R"("awaiting_vendor")");
  EXPECT_EQ(metadata_of(record, "/channel"), "17");
}

TEST_F(ZendeskMapping, KnowsEveryPriority) {
  EXPECT_EQ(map_members(R"("priority":"low")").severity, Severity::low);
  EXPECT_EQ(map_members(R"("priority":"normal")").severity, Severity::normal);
  EXPECT_EQ(map_members(R"("priority":"high")").severity, Severity::high);
  EXPECT_EQ(map_members(R"("priority":"urgent")").severity, Severity::urgent);
  EXPECT_EQ(map_members(R"("priority":null)").severity, std::nullopt);
}

TEST_F(ZendeskMapping, KnowsEveryStatus) {
  EXPECT_EQ(map_members(R"("status":"new")").status, RecordStatus::open);
  EXPECT_EQ(map_members(R"("status":"open")").status, RecordStatus::open);
  EXPECT_EQ(map_members(R"("status":"pending")").status, RecordStatus::pending);
  EXPECT_EQ(map_members(R"("status":"hold")").status, RecordStatus::pending);
  EXPECT_EQ(map_members(R"("status":"solved")").status, RecordStatus::solved);
  EXPECT_EQ(map_members(R"("status":"closed")").status, RecordStatus::closed);
  EXPECT_EQ(map_members(R"("status":"deleted")").status, RecordStatus::deleted);
}

TEST_F(ZendeskMapping, TakesTheCategoryFromTagsThenTypeThenChannel) {
  EXPECT_EQ(map_members(R"("tags":["x","bug"],"type":"question")").category, Category::bug_report);
  EXPECT_EQ(map_members(R"("tags":["complaint"])").category, Category::complaint);
  EXPECT_EQ(map_members(R"("tags":["praise"])").category, Category::praise);
  EXPECT_EQ(map_members(R"("tags":["x"],"type":"problem")").category, Category::bug_report);
  EXPECT_EQ(map_members(R"("tags":[],"type":"incident")").category, Category::bug_report);
  EXPECT_EQ(map_members(R"("tags":[],"type":"question")").category, Category::question);
  EXPECT_EQ(map_members(R"("type":"task","via":{"channel":"chat"})").category, Category::support);
  EXPECT_EQ(map_members(R"("type":null,"via":{"channel":"voicemail"})").category, Category::call);
  EXPECT_EQ(map_members(R"("type":null,"via":{"channel":"web"})").category, Category::support);
  EXPECT_EQ(map_members(R"("type":null)").category, Category::support);
}

TEST_F(ZendeskMapping, LetsTheOperatorSayWhereTheTierIs) {
  const std::string override =
      R"({"customer_tier":{"find":"/custom_fields","id":360000100003,"take":"/value"}})";
  const std::string fields = R"("custom_fields":[{"id":9,"value":"free"},)"
                             R"({"id":360000100003,"value":"enterprise"}])";
  EXPECT_THAT(map_members(fields, override).customer_tier, Optional(CustomerTier::enterprise));
  EXPECT_EQ(map_members(R"("custom_fields":[])", override).customer_tier, std::nullopt);
}

TEST_F(ZendeskMapping, KeepsWindowsOnUpdatedAt) {
  EXPECT_EQ(map_members(R"("updated_at":"2026-03-05T00:00:00Z")").updated_at,
            *parse_time("2026-03-05T00:00:00Z"));
  EXPECT_EQ(map_members(R"("status":"open")").updated_at, *parse_time("2026-03-01T00:00:00Z"));
}

TEST_F(ZendeskMapping, RejectsATicketWithoutIdOrCreation) {
  EXPECT_NE(map_rejected(R"({"created_at":"2026-03-01T00:00:00Z"})"), "");
  EXPECT_NE(map_rejected(R"({"id":1,"created_at":"yesterday"})"), "");
}

}  // namespace
}  // namespace earshot::core

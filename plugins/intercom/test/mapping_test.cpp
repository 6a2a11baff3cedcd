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

/// Maps recorded conversations as a run would, but for what the plugin works out itself.
class IntercomMapping : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(reading_.manifest.has_value()); }

  /// The conversation of an exchange of the first run, with the contact and company of others.
  Record map(std::size_t exchange, std::size_t contact, std::size_t company,
             bool by_customer = false) {
    const auto exchanges = cassette("first_run");
    const auto item = parsed(exchanges.at(exchange).response.body);
    const auto person = parsed(exchanges.at(contact).response.body);
    const auto firm = parsed(exchanges.at(company).response.body);
    std::vector<std::pair<std::string, JsonValue>> refs{{"contact", person->root()},
                                                        {"company", firm->root()}};
    if (by_customer) refs.emplace_back("customer", item->root().at("/source/author"));
    return map_item("conversation", item->root(), std::move(refs));
  }

  /// A conversation that says nothing but what a record cannot be without, and `members`.
  Record map_members(const std::string& members, const std::string& contact = "{}",
                     const std::string& company = "{}", const std::string& override = "null") {
    const auto item = parsed(R"({"id":"1","created_at":1772446530,)" + members + "}");
    const auto person = parsed(contact);
    const auto firm = parsed(company);
    return map_item("conversation", item->root(),
                    {{"contact", person->root()}, {"company", firm->root()}}, override);
  }

  Record map_item(std::string_view name, JsonValue item,
                  std::vector<std::pair<std::string, JsonValue>> refs,
                  const std::string& override = "null") {
    const auto changes = parsed(override);
    std::vector<SchemaIssue> issues;
    const auto mapping =
        Mapping::compile(name, reading_.manifest->records().member(name),
                         changes->root().is_object() ? changes->root() : JsonValue{}, issues);
    for (const SchemaIssue& issue : issues) ADD_FAILURE() << issue.path << ": " << issue.message;
    if (mapping == nullptr) return {};
    Mapping::Session session(*mapping);
    const Mapped mapped = session.apply({.item = item, .refs = std::move(refs)});
    EXPECT_EQ(mapped.rejected, "");
    unknown_values = mapped.unknown_values.size();
    return mapped.record.value_or(Record{});
  }

  std::size_t unknown_values = 0;

 private:
  ManifestReading reading_ = plugin_manifest();
};

std::string metadata_of(const Record& record, std::string_view pointer) {
  return parsed(record.metadata)->root().at(pointer).dump();
}

TEST_F(IntercomMapping, MapsEveryFieldOfAConversation) {
  const Record record = map(1, 3, 5, true);
  EXPECT_EQ(record.kind, RecordKind::conversation);
  EXPECT_EQ(record.source_id, "215472904411871");
  EXPECT_EQ(record.title, "Export fails");
  EXPECT_THAT(record.customer_id, Optional(std::string("66eaf772c864ff5de8d2e180")));
  EXPECT_THAT(record.customer_email, Optional(std::string("jane@example.com")));
  EXPECT_THAT(record.customer_name, Optional(std::string("Jane Example")));
  EXPECT_THAT(record.customer_tier, Optional(CustomerTier::enterprise));
  EXPECT_THAT(record.language, Optional(std::string("en")));
  EXPECT_EQ(record.category, Category::bug_report) << "tags go before issue_type";
  EXPECT_THAT(record.severity, Optional(Severity::high));
  EXPECT_EQ(record.status, RecordStatus::open);
  ASSERT_TRUE(record.rating.has_value());
  EXPECT_EQ(record.rating->value, 4);
  EXPECT_EQ(record.rating->max, 5);
  EXPECT_EQ(record.thread_id, std::nullopt);
  EXPECT_EQ(rfc3339(record.created_at), "2026-03-02T10:15:30Z");
  EXPECT_EQ(rfc3339(record.updated_at), "2026-03-02T11:02:11Z");
  EXPECT_EQ(record.version, 1'772'449'331'000'000);
  EXPECT_EQ(unknown_values, 0U);
}

TEST_F(IntercomMapping, KeepsTheProductsOwnWordsAsMetadata) {
  const Record record = map(1, 3, 5);
  EXPECT_EQ(metadata_of(record, "/state"), R"("open")");
  EXPECT_EQ(metadata_of(record, "/priority"), R"("high")");
  EXPECT_EQ(metadata_of(record, "/channel"), R"("conversation")");
  EXPECT_EQ(metadata_of(record, "/delivered_as"), R"("customer_initiated")");
  EXPECT_EQ(metadata_of(record, "/page_url"), R"("https://app.acme.example/export")");
  EXPECT_EQ(metadata_of(record, "/admin_assignee_id"), "7387622");
  EXPECT_EQ(metadata_of(record, "/team_assignee_id"), "5017691");
  EXPECT_EQ(metadata_of(record, "/custom_attributes"),
            R"({"issue_type":"Question","Copilot used":false})");
  EXPECT_EQ(metadata_of(record, "/rating_remark"), R"("Quick help")");
  EXPECT_EQ(metadata_of(record, "/ai_agent_participated"), "true");
  EXPECT_EQ(metadata_of(record, "/ai_resolution"), R"("routed_to_team")");
  EXPECT_EQ(metadata_of(record, "/external_id"), R"("951357")");
  EXPECT_EQ(metadata_of(record, "/company"), R"("Example Ltd")");
  EXPECT_EQ(metadata_of(map(2, 4, 5), "/snoozed_until"), "1772960000");
}

TEST_F(IntercomMapping, TakesWhomAnOutboundMessageIsTo) {
  const Record record = map(2, 4, 5);
  EXPECT_EQ(record.source_id, "9007199254740993");
  EXPECT_EQ(record.title, "Your trial & you") << "a subject is HTML and goes before the title";
  EXPECT_THAT(record.customer_id, Optional(std::string("66eaf772c864ff5de8d2e181")));
  EXPECT_THAT(record.customer_email, Optional(std::string("kai@example.com")));
  EXPECT_THAT(record.customer_name, Optional(std::string("Kai Sample")));
  EXPECT_THAT(record.customer_tier, Optional(CustomerTier::professional)) << "the company's plan";
  EXPECT_THAT(record.language, Optional(std::string("de")));
  EXPECT_EQ(record.status, RecordStatus::pending);
  EXPECT_THAT(record.severity, Optional(Severity::normal));
  EXPECT_EQ(record.category, Category::conversation);
  EXPECT_EQ(record.rating, std::nullopt);
}

TEST_F(IntercomMapping, FallsBackToTheAuthorWhereThereIsNoContact) {
  const auto author = parsed(R"({"name":"Lee","email":"lee@example.com"})");
  const auto item = parsed(R"({"id":"1","created_at":1})");
  const Record record = map_item("conversation", item->root(), {{"customer", author->root()}});
  EXPECT_THAT(record.customer_email, Optional(std::string("lee@example.com")));
  EXPECT_THAT(record.customer_name, Optional(std::string("Lee")));
  EXPECT_EQ(record.customer_tier, std::nullopt);
}

TEST_F(IntercomMapping, KnowsEveryState) {
  EXPECT_EQ(map_members(R"("state":"open")").status, RecordStatus::open);
  EXPECT_EQ(map_members(R"("state":"snoozed","open":true)").status, RecordStatus::pending);
  EXPECT_EQ(map_members(R"("state":"closed")").status, RecordStatus::closed);
  EXPECT_EQ(map_members(R"("state":"waiting_on_vendor")").status, RecordStatus::open);
  EXPECT_EQ(unknown_values, 1U);
}

TEST_F(IntercomMapping, KnowsThePrioritiesOfEveryVersion) {
  const auto severity = [&](const std::string& priority) {
    return map_members(R"("priority":")" + priority + "\"").severity;
  };
  EXPECT_EQ(severity("none"), Severity::normal);
  EXPECT_EQ(severity("not_priority"), Severity::normal);
  EXPECT_EQ(severity("low"), Severity::low);
  EXPECT_EQ(severity("medium"), Severity::normal);
  EXPECT_EQ(severity("high"), Severity::high);
  EXPECT_EQ(severity("priority"), Severity::high);
  EXPECT_EQ(severity("urgent"), Severity::urgent);
  EXPECT_EQ(severity("critical"), std::nullopt);
  EXPECT_EQ(map_members(R"("priority":null)").severity, std::nullopt);
}

TEST_F(IntercomMapping, TakesTheCategoryFromTagsThenIssueTypeThenChannel) {
  const auto tagged = [&](const std::string& name) {
    return map_members(R"("tags":{"tags":[{"id":"1","name":"vip"},{"id":"2","name":")" + name +
                       R"("}]},"custom_attributes":{"issue_type":"Praise"})")
        .category;
  };
  EXPECT_EQ(tagged("BUG"), Category::bug_report);
  EXPECT_EQ(tagged("feature request"), Category::feature_request);
  EXPECT_EQ(tagged("question"), Category::question);
  EXPECT_EQ(tagged("complaint"), Category::complaint);
  EXPECT_EQ(tagged("support"), Category::support);
  EXPECT_EQ(tagged("billing"), Category::praise);
  EXPECT_EQ(map_members(R"("source":{"type":"phone_call"})").category, Category::call);
  EXPECT_EQ(map_members(R"("source":{"type":"phone_switch"})").category, Category::call);
  EXPECT_EQ(map_members(R"("source":{"type":"email"})").category, Category::conversation);
}

TEST_F(IntercomMapping, TakesTheTierFromThePlanOfContactThenCompany) {
  const std::string plan = R"({"custom_attributes":{"plan":")";
  EXPECT_EQ(map_members(R"("open":true)", plan + "Business\"}}").customer_tier,
            CustomerTier::business);
  EXPECT_EQ(map_members(R"("open":true)", "{}", R"({"plan":{"name":"Pro"}})").customer_tier,
            CustomerTier::professional);
  EXPECT_EQ(map_members(R"("open":true)", "{}", plan + "free\"}}").customer_tier,
            CustomerTier::free);
  EXPECT_EQ(map_members(R"("open":true)", plan + "gold\"}}").customer_tier, std::nullopt);
  EXPECT_EQ(map_members(R"("custom_attributes":{"plan":"enterprise"})").customer_tier, std::nullopt)
      << "a conversation's own attributes are about the conversation";
}

TEST_F(IntercomMapping, LetsTheOperatorSayWhereTheTierIs) {
  const std::string override = R"({"customer_tier":{"at":"$contact/custom_attributes/level",
                                                    "map":{"gold":"enterprise"},"else":"free"}})";
  EXPECT_EQ(
      map_members(R"("open":true)", R"({"custom_attributes":{"level":"gold"}})", "{}", override)
          .customer_tier,
      CustomerTier::enterprise);
  EXPECT_EQ(map_members(R"("open":true)", "{}", "{}", override).customer_tier, CustomerTier::free);
}

TEST_F(IntercomMapping, MakesADeletionATombstone) {
  const auto page = parsed(cassette("first_run").back().response.body);
  const Record record = map_item("deleted", page->root().at("/conversations/0"), {});
  EXPECT_EQ(record.kind, RecordKind::conversation);
  EXPECT_EQ(record.source_id, "215472904411869");
  EXPECT_EQ(record.status, RecordStatus::deleted);
  EXPECT_EQ(record.version, 1'772'440'000'000'000);
  EXPECT_EQ(rfc3339(record.updated_at), "2026-03-02T08:26:40Z");
}

}  // namespace
}  // namespace earshot::core

/// What customers write, and what else is out of the ordinary, as it leaves the sandbox.

#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "sandbox/zendesk/zendesk_fixture.hpp"

namespace earshot::sandbox {
namespace {

/// The account of seed 1 with 200 tickets: its export and its truth.
class ZendeskTraits : public testing::Test {
 protected:
  ZendeskTraits()
      : page_(parsed(
            account_.get(std::string(kExportPath) + "?start_time=946684800&include=users").body)),
        truth_(parsed(account_.product().truth())) {
    for (const core::JsonValue ticket : page_->root().member("tickets")) {
      tickets_.emplace(ticket.member("id").text(), ticket);
    }
  }

  /// The tickets that the truth lists under a trait, as they were exported.
  std::vector<core::JsonValue> with(std::string_view trait) {
    std::vector<core::JsonValue> out;
    for (const core::JsonValue id : truth_->root().member("traits").member(trait)) {
      out.push_back(tickets_.at(std::string(id.text())));
    }
    EXPECT_FALSE(out.empty()) << trait;
    return out;
  }
  static bool has(core::JsonValue ticket, std::string_view part) {
    return ticket.member("description").text().find(part) != std::string_view::npos;
  }

  ZendeskAccount account_;
  std::unique_ptr<core::JsonDocument> page_;
  std::unique_ptr<core::JsonDocument> truth_;
  std::map<std::string, core::JsonValue> tickets_;
};

TEST_F(ZendeskTraits, AreAllPresent) {
  for (const TraitSpec& spec : kTraits) with(spec.name);
  for (const char* name : {"time_ties", "bulk_update", "category_tags", "customer_tier"}) {
    with(name);
  }
}

TEST_F(ZendeskTraits, TextsAreWhatTheyAreCalled) {
  const std::map<std::string, std::string> parts = {
      {"html", "<script>alert(\"not me\")</script>"},
      {"emoji", "👩‍👩‍👧‍👦"},
      {"right_to_left", "التصدير"},
      {"east_asian", "𠮷野家"},
      {"nested_quotes", "\n> > > > > > > > > "},
      {"long_thread", "Message 1 of 40"},
      {"line_separators", "\u2028line two\u2029"},
      {"combining_marks", "z\u0351\u036b\u0313\u032a"},
      {"escapes", "\\u0041 %41 &amp; \x01"},
      {"formula", "\n@SUM(A1)"},
      {"whitespace", "\r\n\r\n\ttab  double"}};
  for (const auto& [trait, part] : parts) {
    for (const core::JsonValue ticket : with(trait)) EXPECT_TRUE(has(ticket, part)) << trait;
  }
}

TEST_F(ZendeskTraits, LongTextsAreLong) {
  for (const core::JsonValue ticket : with("long_description")) {
    EXPECT_EQ(ticket.member("description").text().size(), 65'536U);
  }
  for (const core::JsonValue ticket : with("long_word")) {
    const std::string_view text = ticket.member("description").text();
    EXPECT_GE(text.find(' '), 5'000U);
  }
}

TEST_F(ZendeskTraits, SubjectsMayBeMissing) {
  for (const core::JsonValue ticket : with("null_subject")) {
    EXPECT_TRUE(ticket.member("subject").is_null());
  }
  for (const core::JsonValue ticket : with("empty_subject")) {
    EXPECT_TRUE(ticket.member("subject").is_string());
    EXPECT_EQ(ticket.member("subject").text(), "");
  }
}

TEST_F(ZendeskTraits, LargeIdsAreNoDoubles) {
  for (const core::JsonValue ticket : with("large_id")) {
    const std::int64_t id = ticket.member("id").integer().value();
    EXPECT_GT(id, std::int64_t{1} << 53);
    EXPECT_NE(static_cast<std::int64_t>(static_cast<double>(id)), id);
  }
}

TEST_F(ZendeskTraits, WordsAreOutsideTheDocumentedOnes) {
  for (const core::JsonValue ticket : with("deleted")) {
    EXPECT_EQ(ticket.member("status").text(), "deleted");
  }
  for (const core::JsonValue ticket : with("unknown_status")) {
    EXPECT_EQ(ticket.member("status").text(), "awaiting_vendor");
  }
  for (const core::JsonValue ticket : with("unknown_priority")) {
    EXPECT_EQ(ticket.member("priority").text(), "critical");
  }
}

TEST_F(ZendeskTraits, TimesHaveOffsetsAndLag) {
  for (const core::JsonValue ticket : with("offset_timestamps")) {
    EXPECT_EQ(ticket.member("updated_at").text().find('Z'), std::string_view::npos);
    const auto generated = *ticket.member("generated_timestamp").integer();
    EXPECT_LE(generated - sdk::unix_seconds(time_of(ticket.member("updated_at").text())), 2);
  }
  for (const core::JsonValue ticket : with("system_update")) {
    const auto generated = *ticket.member("generated_timestamp").integer();
    EXPECT_GE(generated - sdk::unix_seconds(time_of(ticket.member("updated_at").text())), 172'800);
  }
}

TEST_F(ZendeskTraits, TiesLieAcrossPageBoundaries) {
  std::vector<std::string_view> seconds;
  for (const core::JsonValue ticket : page_->root().member("tickets")) {
    seconds.push_back(ticket.member("generated_timestamp").text());
  }
  for (const std::size_t boundary : {50U, 100U, 150U}) {
    EXPECT_EQ(seconds[boundary - 1], seconds[boundary]) << boundary;
  }
  EXPECT_GE(with("bulk_update").size(), 100U);
}

TEST_F(ZendeskTraits, TierIsInTheCustomField) {
  for (const core::JsonValue ticket : with("customer_tier")) {
    std::string_view tier;
    for (const core::JsonValue field : ticket.member("custom_fields")) {
      if (field.member("id").integer() == kTierField) tier = field.member("value").text();
    }
    EXPECT_FALSE(tier.empty());
  }
}

TEST_F(ZendeskTraits, RequesterMayHaveNoAddress) {
  for (const core::JsonValue ticket : with("requester_without_email")) {
    for (const core::JsonValue user : page_->root().member("users")) {
      if (user.member("id").text() != ticket.member("requester_id").text()) continue;
      EXPECT_TRUE(user.member("email").is_null());
    }
  }
}

TEST_F(ZendeskTraits, EveryTicketHasTheMembersOfARealOne) {
  const std::vector<std::string> members = {"url",
                                            "id",
                                            "external_id",
                                            "via",
                                            "created_at",
                                            "updated_at",
                                            "generated_timestamp",
                                            "type",
                                            "subject",
                                            "raw_subject",
                                            "description",
                                            "priority",
                                            "status",
                                            "recipient",
                                            "requester_id",
                                            "submitter_id",
                                            "assignee_id",
                                            "organization_id",
                                            "group_id",
                                            "collaborator_ids",
                                            "follower_ids",
                                            "email_cc_ids",
                                            "forum_topic_id",
                                            "problem_id",
                                            "has_incidents",
                                            "is_public",
                                            "due_at",
                                            "tags",
                                            "custom_fields",
                                            "satisfaction_rating",
                                            "sharing_agreement_ids",
                                            "custom_status_id",
                                            "encoded_id",
                                            "fields",
                                            "followup_ids",
                                            "ticket_form_id",
                                            "brand_id",
                                            "allow_channelback",
                                            "allow_attachments",
                                            "from_messaging_channel"};
  for (const auto& entry : tickets_) {
    EXPECT_EQ(entry.second.size(), members.size());
    for (const std::string& member : members) EXPECT_TRUE(entry.second.member(member).exists());
  }
}

}  // namespace
}  // namespace earshot::sandbox

/// What customers write, and what else is out of the ordinary, as it leaves the sandbox.

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <earshot/core/base/text.hpp>

#include "sandbox/intercom/intercom_fixture.hpp"

namespace earshot::sandbox {
namespace {

/// The workspace of seed 1 with 200 conversations, each as GET gives it.
class IntercomTraits : public testing::Test {
 protected:
  IntercomTraits() : truth_(document_of(workspace_.product().truth())) {}

  /// The conversations that the truth lists under a trait.
  std::vector<core::JsonValue> with(std::string_view trait) {
    std::vector<core::JsonValue> out;
    for (const core::JsonValue id : truth_->root().member("traits").member(trait)) {
      const core::HttpReply reply = workspace_.get("/conversations/" + std::string(id.text()));
      EXPECT_EQ(reply.status, trait == "deleted" ? 404 : 200) << trait;
      shown_.push_back(document_of(reply.body));
      out.push_back(shown_.back()->root());
    }
    EXPECT_FALSE(out.empty()) << trait;
    return out;
  }
  static std::string body_of(core::JsonValue conversation) {
    return std::string(conversation.at("/source/body").text());
  }
  static core::JsonValue parts_of(core::JsonValue conversation) {
    return conversation.at("/conversation_parts/conversation_parts");
  }

  IntercomWorkspace workspace_;
  std::unique_ptr<core::JsonDocument> truth_;
  std::vector<std::unique_ptr<core::JsonDocument>> shown_;
};

TEST_F(IntercomTraits, AreAllPresent) {
  for (const ConversationTraitSpec& spec : kConversationTraits) with(spec.name);
  for (const char* name : {"time_ties", "bulk_update", "category_tags", "customer_tier"}) {
    with(name);
  }
}

TEST_F(IntercomTraits, TextsAreWhatTheyAreCalled) {
  const std::map<std::string, std::string> parts = {
      {"html", "<script>alert(\"not me\")</script>"},
      {"emoji", "👩‍👩‍👧‍👦"},
      {"right_to_left", "التصدير"},
      {"east_asian", "𠮷野家"},
      {"nested_quotes", "<br>&gt; &gt; &gt; &gt; "},
      {"long_mail", "Message 1 of 40"},
      {"line_separators", "\u2028line two\u2029"},
      {"combining_marks", "z\u0351\u036b\u0313\u032a"},
      {"escapes", "\\u0041 %41 &amp;amp; \x01"},
      {"formula", "<br>@SUM(A1)"},
      {"whitespace", "  \t leading blanks\r<br>and CR LF"}};
  for (const auto& [trait, part] : parts) {
    for (const core::JsonValue one : with(trait)) {
      EXPECT_NE(body_of(one).find(part), std::string::npos) << trait << ": " << body_of(one);
    }
  }
  for (const core::JsonValue one : with("long_message")) EXPECT_GT(body_of(one).size(), 65'536U);
}

TEST_F(IntercomTraits, IdsStatesAndPrioritiesAreOdd) {
  for (const core::JsonValue one : with("large_id")) {
    EXPECT_GT(*core::parse_integer(one.member("id").text()), std::int64_t{1} << 53);
  }
  for (const core::JsonValue one : with("unknown_state")) {
    EXPECT_EQ(one.member("state").text(), "waiting_on_vendor");
  }
  for (const core::JsonValue one : with("unknown_priority")) {
    EXPECT_EQ(one.member("priority").text(), "critical");
  }
}

TEST_F(IntercomTraits, ManyPartsAreTheMostRecentFiveHundred) {
  for (const core::JsonValue one : with("many_parts")) {
    EXPECT_EQ(parts_of(one).size(), 500U);
    EXPECT_EQ(one.at("/conversation_parts/total_count").integer(), 620);
    EXPECT_EQ(one.at("/statistics/count_conversation_parts").integer(), 620);
    const auto oldest = parts_of(one).at("/0/created_at").integer().value();
    EXPECT_GT(oldest, one.member("created_at").integer().value() + 119 * 30);
  }
}

TEST_F(IntercomTraits, PartsMayComeBackwards) {
  for (const core::JsonValue one : with("parts_backwards")) {
    std::int64_t last = INT64_MAX;
    for (const core::JsonValue part : parts_of(one)) {
      EXPECT_LT(part.member("created_at").integer().value(), last);
      last = part.member("created_at").integer().value();
    }
  }
}

TEST_F(IntercomTraits, PartsAreOfEveryKind) {
  std::map<std::string, int> kinds;
  for (const core::JsonValue one : with("many_parts")) {
    for (const core::JsonValue part : parts_of(one)) {
      ++kinds[std::string(part.member("part_type").text())];
      if (part.member("redacted").truthy()) ++kinds["redacted"];
      if (part.at("/author/type").text() == "bot") ++kinds["bot"];
      if (part.member("body").is_null()) ++kinds["without words"];
    }
  }
  for (const char* kind :
       {"comment", "note", "assignment", "close", "open", "quick_reply",
        "conversation_attribute_updated_by_admin", "redacted", "bot", "without words"}) {
    EXPECT_GT(kinds[kind], 0) << kind;
  }
}

TEST_F(IntercomTraits, ContactsMayBeMissingGoneOrMerged) {
  const auto contact = [&](core::JsonValue one) {
    const std::string id(one.at("/contacts/contacts/0/id").text());
    return workspace_.get("/contacts/" + id);
  };
  for (const core::JsonValue one : with("no_contact")) {
    EXPECT_EQ(one.at("/contacts/contacts").size(), 0U);
  }
  for (const core::JsonValue one : with("deleted_contact")) EXPECT_EQ(contact(one).status, 404);
  for (const core::JsonValue one : with("merged_contact")) {
    EXPECT_EQ(contact(one).status, 410);
    EXPECT_TRUE(contact(one).headers.has("link"));
  }
  for (const core::JsonValue one : with("nameless_contact")) {
    const auto lead = document_of(contact(one).body);
    EXPECT_TRUE(lead->root().member("name").is_null());
    EXPECT_EQ(lead->root().member("role").text(), "lead");
  }
  for (const core::JsonValue one : with("group")) {
    EXPECT_EQ(one.at("/contacts/contacts").size(), 3U);
  }
  for (const core::JsonValue one : with("outbound")) {
    EXPECT_EQ(one.at("/source/author/type").text(), "admin");
  }
}

TEST_F(IntercomTraits, PlansAreOfContactOrCompany) {
  for (const core::JsonValue one : with("customer_tier")) {
    const std::string id(one.at("/contacts/contacts/0/id").text());
    const auto contact = document_of(workspace_.get("/contacts/" + id).body);
    if (contact->root().at("/custom_attributes/plan").exists()) continue;
    const std::string company(contact->root().at("/companies/data/0/id").text());
    const auto firm = document_of(workspace_.get("/companies/" + company).body);
    EXPECT_FALSE(firm->root().at("/plan/name").text().empty());
  }
}

TEST_F(IntercomTraits, RatingsAreOfFive) {
  for (const core::JsonValue one : with("rated")) {
    const auto stars = one.at("/conversation_rating/rating").integer().value();
    EXPECT_TRUE(stars >= 1 && stars <= 5);
  }
}

TEST_F(IntercomTraits, PlainTextIsWhatAReaderSees) {
  for (const core::JsonValue one : with("html")) {
    const std::string id(one.member("id").text());
    const auto plain =
        document_of(workspace_.get("/conversations/" + id + "?display_as=plaintext").body);
    const std::string text(plain->root().at("/source/body").text());
    EXPECT_NE(text.find("<urgent>"), std::string::npos);
    EXPECT_EQ(text.find("<p>"), std::string::npos);
  }
}

TEST_F(IntercomTraits, OlderVersionsHaveOtherWords) {
  const auto one = with("unknown_priority").front();
  const core::HttpReply reply =
      workspace_.send("GET", "/conversations/" + std::string(one.member("id").text()), "",
                      {{"Intercom-Version", "2.14"}});
  const auto old = document_of(reply.body);
  EXPECT_EQ(old->root().member("priority").text(), "not_priority");
  EXPECT_TRUE(old->root().member("team_assignee_id").is_null());
  EXPECT_EQ(one.member("team_assignee_id").integer(), 0);
}

}  // namespace
}  // namespace earshot::sandbox

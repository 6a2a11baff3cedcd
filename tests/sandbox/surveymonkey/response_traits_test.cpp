/// What respondents write, and what else is out of the ordinary, as it leaves the sandbox.

#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "sandbox/surveymonkey/surveymonkey_fixture.hpp"

namespace earshot::sandbox {
namespace {

/// The account of seed 1 with 200 responses: all its pages and its truth.
class SurveyMonkeyTraits : public testing::Test {
 protected:
  SurveyMonkeyTraits() : truth_(account_.truth()) {
    for (std::size_t survey = 0; survey < survey_plans().size(); ++survey) {
      for (auto& page : account_.pages(survey, "per_page=100")) {
        for (const core::JsonValue response : page->root().member("data")) {
          responses_.emplace(response.member("id").text(), response);
        }
        pages_.push_back(std::move(page));
      }
    }
  }

  /// The responses that the truth lists under a trait.
  std::vector<core::JsonValue> with(std::string_view trait) {
    std::vector<core::JsonValue> out;
    for (const core::JsonValue id : truth_->root().member("traits").member(trait)) {
      out.push_back(responses_.at(std::string(id.text())));
    }
    EXPECT_FALSE(out.empty()) << trait;
    return out;
  }
  static bool has(core::JsonValue response, std::string_view part) {
    for (const core::JsonValue page : response.member("pages")) {
      for (const core::JsonValue question : page.member("questions")) {
        for (const core::JsonValue answer : question.member("answers")) {
          if (answer.member("text").text().find(part) != std::string_view::npos) return true;
        }
      }
    }
    return false;
  }

  SurveyMonkeyAccount account_;
  std::unique_ptr<core::JsonDocument> truth_;
  std::vector<std::unique_ptr<core::JsonDocument>> pages_;
  std::map<std::string, core::JsonValue> responses_;
};

TEST_F(SurveyMonkeyTraits, AreAllPresent) {
  for (const ResponseTraitSpec& spec : kResponseTraits) with(spec.name);
  with("time_ties");
  EXPECT_GE(with("import").size(), 101U) << "more than a page in one second";
}

TEST_F(SurveyMonkeyTraits, TextsAreWhatTheyAreCalled) {
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
      {"whitespace", "\r\n\r\n\ttab  double"},
      {"other_answer", "A <podcast> & a \"friend\""}};
  for (const auto& [trait, part] : parts) {
    for (const core::JsonValue response : with(trait)) EXPECT_TRUE(has(response, part)) << trait;
  }
}

TEST_F(SurveyMonkeyTraits, StatusesAndModesAreTheDocumentedOnes) {
  for (const char* status : {"partial", "overquota", "disqualified"}) {
    for (const core::JsonValue response : with(status)) {
      EXPECT_EQ(response.member("response_status").text(), status);
    }
  }
  for (const core::JsonValue response : with("preview")) {
    EXPECT_NE(response.member("collection_mode").text().find("preview"), std::string_view::npos);
  }
}

TEST_F(SurveyMonkeyTraits, RespondentsAreKnownInDifferentWays) {
  for (const core::JsonValue response : with("anonymous")) {
    EXPECT_EQ(response.member("email_address").text(), "");
    EXPECT_EQ(response.member("custom_value").text(), "");
    EXPECT_LE(response.member("recipient_id").text().size(), 1U);
  }
  for (const core::JsonValue response : with("recipient_only")) {
    EXPECT_EQ(response.member("email_address").text(), "");
    EXPECT_GT(response.member("recipient_id").text().size(), 1U);
  }
  for (const core::JsonValue response : with("contact_metadata")) {
    EXPECT_EQ(response.member("email_address").text(), "");
    EXPECT_NE(response.at("/metadata/contact/email/value").text(), "");
  }
  for (const core::JsonValue response : with("customer_plan")) {
    EXPECT_EQ(response.at("/custom_variables/plan").text(), "enterprise");
  }
}

TEST_F(SurveyMonkeyTraits, AnswersMayBeMissingOrToWhatIsGone) {
  for (const core::JsonValue response : with("skipped")) {
    for (const core::JsonValue page : response.member("pages")) {
      EXPECT_EQ(page.member("questions").size(), 0U);
    }
  }
  const std::string gone = removed_choice_id({0, 0});
  for (const core::JsonValue response : with("removed_choice")) {
    EXPECT_EQ(response.at("/pages/0/questions/0/answers/0/choice_id").text(), gone);
  }
  const std::string details = account_.get("/v3/surveys/" + survey_id(0) + "/details").body;
  EXPECT_EQ(details.find(gone), std::string::npos);
}

TEST_F(SurveyMonkeyTraits, TimesMayHaveAnOffset) {
  for (const core::JsonValue response : with("offset_timestamps")) {
    EXPECT_TRUE(response.member("date_modified").text().ends_with("+02:00"));
  }
}

TEST_F(SurveyMonkeyTraits, EveryResponseHasTheMembersOfARealOne) {
  for (const auto& entry : responses_) {
    for (const char* member :
         {"id",         "recipient_id", "collection_mode", "response_status", "custom_value",
          "first_name", "last_name",    "email_address",   "ip_address",      "logic_path",
          "metadata",   "page_path",    "collector_id",    "survey_id",       "custom_variables",
          "edit_url",   "analyze_url",  "total_time",      "date_modified",   "date_created",
          "href",       "pages"}) {
      EXPECT_TRUE(entry.second.member(member).exists()) << member;
    }
    EXPECT_TRUE(entry.second.member("id").is_string());
    EXPECT_TRUE(entry.second.member("total_time").is_number());
  }
}

}  // namespace
}  // namespace earshot::sandbox

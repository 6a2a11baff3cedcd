/// Every mapped field, as a run stores it.

#include <earshot/core/json/document.hpp>

#include "surveymonkey_run.hpp"

namespace earshot::core {
namespace {

using testing::Optional;

class SurveyMonkeyMapping : public SurveyMonkeyRun {
 protected:
  Record record(std::string_view name, const std::string& id) {
    const RunSummary run = sync(name);
    EXPECT_EQ(run.outcome, RunOutcome::completed) << run.error;
    auto all = stored();
    EXPECT_TRUE(all.contains(id)) << id;
    return all[id];
  }
  Record of_families(const std::string& id) {
    choose("[318754279]");
    return record("families", id);
  }
  static std::string metadata_of(const Record& record, std::string_view pointer) {
    const auto metadata = JsonDocument::parse(record.metadata);
    EXPECT_TRUE(metadata.has_value());
    return metadata ? metadata.value()->root().at(pointer).dump() : "";
  }
};

TEST_F(SurveyMonkeyMapping, MapsEveryFieldOfAResponse) {
  const Record mapped = record("first_run", "13376299051");
  EXPECT_EQ(mapped.kind, RecordKind::survey_response);
  EXPECT_EQ(mapped.title, "Pets at <work>");
  EXPECT_EQ(mapped.content,
            "How many pets do you have?\n3\n\nWhat are the names of your pets?\n"
            "Donut,\n \"Mango\" & <Phil>");
  EXPECT_THAT(mapped.customer_id, Optional(std::string("jane@example.com")));
  EXPECT_THAT(mapped.customer_email, Optional(std::string("jane@example.com")));
  EXPECT_THAT(mapped.customer_name, Optional(std::string("Jane Example")));
  EXPECT_THAT(mapped.customer_tier, Optional(CustomerTier::enterprise));
  EXPECT_EQ(mapped.category, Category::survey_response);
  EXPECT_EQ(mapped.severity, std::nullopt);
  EXPECT_EQ(mapped.status, RecordStatus::closed);
  EXPECT_EQ(mapped.rating, std::nullopt) << "the survey asks for none";
  EXPECT_THAT(mapped.language, Optional(std::string("en")));
  EXPECT_EQ(mapped.thread_id, std::nullopt);
  EXPECT_EQ(rfc3339(mapped.created_at), "2026-03-02T10:05:46Z");
  EXPECT_EQ(rfc3339(mapped.updated_at), "2026-03-02T10:05:57Z");
  EXPECT_EQ(mapped.version, mapped.updated_at.time_since_epoch().count());
  EXPECT_THAT(mapped.url, Optional(std::string("https://www.surveymonkey.com/analyze/browse/"
                                               "_2Binvented_3D?respondent_id=13376299051")));
}

TEST_F(SurveyMonkeyMapping, KeepsTheProductsOwnWordsAsMetadata) {
  const Record mapped = record("first_run", "13376299051");
  EXPECT_EQ(metadata_of(mapped, "/status"), R"("completed")");
  EXPECT_EQ(metadata_of(mapped, "/survey_id"), R"("318754279")");
  EXPECT_EQ(metadata_of(mapped, "/survey_nickname"), R"("pets")");
  EXPECT_EQ(metadata_of(mapped, "/collector_id"), R"("415838011")");
  EXPECT_EQ(metadata_of(mapped, "/collection_mode"), R"("default")");
  EXPECT_EQ(metadata_of(mapped, "/recipient_id"), R"("5647283401")");
  EXPECT_EQ(metadata_of(mapped, "/custom_value"), R"("crm-7")");
  EXPECT_EQ(metadata_of(mapped, "/custom_variables"), R"({"plan":"enterprise","region":"emea"})");
  EXPECT_EQ(metadata_of(mapped, "/total_time"), "10");
  EXPECT_EQ(metadata_of(mapped, "/edit_url"), "null") << "whoever has it may change the response";
}

TEST_F(SurveyMonkeyMapping, RatesByTheNumberOfAnNpsWhateverItsWeights) {
  const Record mapped = record("first_run", "13376400001");
  ASSERT_TRUE(mapped.rating.has_value());
  EXPECT_EQ(mapped.rating->value, 9);
  EXPECT_EQ(mapped.rating->max, 10);
  EXPECT_EQ(mapped.content, "How likely is it that you would recommend us?\n9\n\nWhy?\nIt works.");
  EXPECT_THAT(mapped.language, Optional(std::string("de")));
  EXPECT_THAT(mapped.customer_id, Optional(std::string("5647283402"))) << "the recipient";
  EXPECT_EQ(mapped.customer_email, std::nullopt);
}

TEST_F(SurveyMonkeyMapping, ReadsOffsetsAndLeavesStrangersAnonymous) {
  const Record mapped = record("first_run", "13376299060");
  EXPECT_EQ(rfc3339(mapped.updated_at), "2026-03-02T11:20:00Z");
  EXPECT_THAT(mapped.customer_id, Optional(std::string("13376299060")))
      << "a recipient \"0\" is nobody";
  EXPECT_EQ(mapped.customer_name, std::nullopt);
  EXPECT_EQ(mapped.customer_tier, std::nullopt);
  EXPECT_EQ(mapped.content, "What are the names of your pets?\n🐈 שלום");
}

TEST_F(SurveyMonkeyMapping, WritesOutEveryFamilyOfQuestions) {
  EXPECT_EQ(of_families("13376500001").content,
            "How did you hear of us?\nOther (please specify): A <parrot>\n\n"
            "Pick & choose\nBold\nThird\nComments: And more\n\n"
            "When?\nMonday: Morning\nFriday: Evening\n\n"
            "How good?\nPrice: Good\nSpeed: Fair\n\n"
            "Rank these\nSupport: 1\nFeatures: 2\n\n"
            "Which device?\nAt work, Device: Phone\nAt work, Often: Daily\n\n"
            "Second wording?\nReworded\n\n"
            "Two things\nTwo: second\n\n"
            "How many?\nAdmins: 12\n\n"
            "Who are you?\nYour name: Kai Sample\ncompany: Acme\nMail: kai@example.com\n\n"
            "When may we call?\nAt: 12/31/2025 11:59 PM\n\n"
            "How easy, 1 to 100?\n53\n\n"
            "A screenshot?\nshot.png (https://files.example.com/shot.png)\n\n"
            "Stars?\n4\n\n"
            "A question that is gone\nAn old choice");
}

TEST_F(SurveyMonkeyMapping, TakesTheMeanOfRowsAndListsAllRatings) {
  const Record mapped = of_families("13376500001");
  ASSERT_TRUE(mapped.rating.has_value());
  EXPECT_EQ(mapped.rating->value, 2.5);
  EXPECT_EQ(mapped.rating->max, 3);
  EXPECT_EQ(metadata_of(mapped, "/ratings"), R"([{"question":"How good?","value":2.5,"max":3},)"
                                             R"({"question":"Stars?","value":4,"max":5}])");
}

TEST_F(SurveyMonkeyMapping, KnowsPeopleFromTheContactOfTheCollector) {
  const Record mapped = of_families("13376500001");
  EXPECT_THAT(mapped.customer_email, Optional(std::string("ann@example.com")));
  EXPECT_THAT(mapped.customer_name, Optional(std::string("Ann Sample")));
  EXPECT_THAT(mapped.customer_id, Optional(std::string("crm-9"))) << "the custom value";
  EXPECT_EQ(metadata_of(mapped, "/quiz_results/score"), "3");
  EXPECT_THAT(mapped.language, Optional(std::string("fr")));
}

TEST_F(SurveyMonkeyMapping, KnowsStrangersFromAContactQuestion) {
  const Record mapped = of_families("13376500002");
  EXPECT_THAT(mapped.customer_email, Optional(std::string("kai@example.com")));
  EXPECT_THAT(mapped.customer_name, Optional(std::string("Kai Sample")));
}

TEST_F(SurveyMonkeyMapping, NamesWhatTheSurveyHasNoLongerAndRatesNoNotApplicable) {
  const Record mapped = of_families("13376500002");
  EXPECT_THAT(mapped.content, testing::StartsWith("How did you hear of us?\nA choice that is gone\n"
                                                  "\nHow good?\nPrice: N/A"));
  EXPECT_EQ(mapped.rating, std::nullopt);
}

}  // namespace
}  // namespace earshot::core

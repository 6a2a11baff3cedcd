#include "surveymonkey_run.hpp"

namespace earshot::core {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Key;

class SurveyMonkeyFetch : public SurveyMonkeyRun {};

TEST_F(SurveyMonkeyFetch, ReadsEverySurveyFromPageToPage) {
  const RunSummary run = sync("first_run");
  EXPECT_EQ(run.outcome, RunOutcome::completed) << run.error;
  EXPECT_EQ(run.counts.fetched(), 4U) << "what two pages share is taken once";
  EXPECT_EQ(run.counts.created, 4U);
  EXPECT_EQ(run.counts.rejected, 0U);
  EXPECT_EQ(run.requests, 6U);
  EXPECT_THAT(stored(), ElementsAre(Key("13376299051"), Key("13376299052"), Key("13376299060"),
                                    Key("13376400001")))
      << "without the preview";
}

TEST_F(SurveyMonkeyFetch, TellsHowManyResponsesAllSurveysHave) {
  sync("first_run");
  EXPECT_THAT(totals, ElementsAre(5U, 4U)) << "until the preview among them is seen";
  sync("second_run");
  EXPECT_THAT(totals, ElementsAre(2U)) << "what is new in surveys that were read before";
}

TEST_F(SurveyMonkeyFetch, TellsNoTotalWhereSurveysAreNotListed) {
  choose("[318760001, 318754279]");
  auto exchanges = cassette("first_run");
  exchanges.erase(exchanges.begin());
  sync(std::move(exchanges));
  EXPECT_THAT(totals, ElementsAre(4U)) << "but at the last of them";
}

TEST_F(SurveyMonkeyFetch, AuthorizesEveryRequest) {
  sync("first_run");
  ASSERT_FALSE(requests.empty());
  for (const HttpRequest& request : requests) {
    EXPECT_EQ(request.headers.get("authorization"), "Bearer invented-token");
  }
}

TEST_F(SurveyMonkeyFetch, ReadsOnlyWhatChangedTheSecondTime) {
  sync("first_run");
  const RunSummary second = sync("second_run");
  EXPECT_EQ(second.outcome, RunOutcome::completed) << second.error;
  EXPECT_EQ(second.counts.created, 1U);
  EXPECT_EQ(second.counts.updated, 1U);
  EXPECT_EQ(second.counts.fetched(), 2U);
  EXPECT_EQ(second.requests, 3U) << "the survey's details still hold";
  EXPECT_THAT(stored().at("13376299052").content, HasSubstr("pets do you have?\n1"));
}

TEST_F(SurveyMonkeyFetch, AsksForNoDetailsWhereNothingIsNew) {
  sync("first_run");
  const RunSummary second = sync("nothing_new");
  EXPECT_EQ(second.outcome, RunOutcome::completed) << second.error;
  EXPECT_EQ(second.counts.fetched(), 0U);
  EXPECT_EQ(second.requests, 3U);
}

TEST_F(SurveyMonkeyFetch, EndsQuietlyWithoutASurvey) {
  EXPECT_EQ(sync("empty_account").outcome, RunOutcome::completed);
  EXPECT_THAT(stored(), IsEmpty());
}

TEST_F(SurveyMonkeyFetch, FailsWhereThereIsNoListOfSurveys) {
  auto nothing = cassette("empty_account").at(0);
  for (const int status : {204, 304, 200}) {
    nothing.response.status = status;
    nothing.response.body = status == 200 ? R"({"data":{}})" : "";
    EXPECT_EQ(sync({nothing}).error_code, "bad_data") << status;
  }
  for (const char* next : {"5", "true", "{}"}) {
    nothing.response.body = std::string(R"({"data":[],"links":{"next":)") + next + "}}";
    EXPECT_EQ(sync({nothing}).error_code, "bad_data") << next;
  }
}

TEST_F(SurveyMonkeyFetch, TellsOfASurveyThatGoesOnNobodyKnowsWhere) {
  choose("[318760001]");
  for (const char* body : {R"({"data":[],"links":{"next":5}})", R"({"data":5})"}) {
    auto responses = cassette("first_run").at(4);
    responses.response.body = body;
    const RunSummary run = sync({responses});
    EXPECT_THAT(run.problems, ElementsAre(HasSubstr("318760001: "))) << body;
  }
}

TEST_F(SurveyMonkeyFetch, ListsNothingWhereSurveysAreNamedById) {
  choose("[318760001]");
  auto exchanges = cassette("first_run");
  exchanges.erase(exchanges.begin(), exchanges.begin() + 4);
  const RunSummary run = sync(std::move(exchanges));
  EXPECT_EQ(run.outcome, RunOutcome::completed) << run.error;
  EXPECT_EQ(run.requests, 2U);
}

TEST_F(SurveyMonkeyFetch, FindsSurveysByTitleAndNickname) {
  choose("[Recommendation, pets, No such title]");
  const RunSummary run = sync("titles");
  EXPECT_EQ(run.outcome, RunOutcome::completed) << run.error;
  EXPECT_THAT(run.problems, ElementsAre("No such title: the account has no survey of this title"));
}

TEST_F(SurveyMonkeyFetch, GoesOnWhereOneSurveyCannotBeRead) {
  choose("[318700001, 318700002, 318760001]");
  const RunSummary run = sync("failing_surveys");
  EXPECT_EQ(run.outcome, RunOutcome::completed) << run.error;
  EXPECT_THAT(run.problems,
              ElementsAre(testing::AllOf(HasSubstr("318700001: "), HasSubstr("404")),
                          testing::AllOf(HasSubstr("318700002: "),
                                         HasSubstr("does not have permission to access the "
                                                   "resource"))));
  EXPECT_THAT(stored(), ElementsAre(Key("13376400001")));
}

TEST_F(SurveyMonkeyFetch, TakesNoOtherShapeForTheEndOfItsSurveys) {
  for (const char* body : {"null", R"({"data":{},"links":{}})", R"({"data":[],"links":[]})"}) {
    auto exchanges = cassette("first_run");
    exchanges.resize(1);
    exchanges.front().response.body = body;
    const RunSummary run = sync(std::move(exchanges));
    EXPECT_EQ(run.error_code, "bad_data") << body;
  }
}

TEST_F(SurveyMonkeyFetch, TakesResponsesWhoseStatusIsNoWord) {
  auto exchanges = cassette("first_run");
  for (auto& exchange : exchanges) {
    std::string& body = exchange.response.body;
    const std::string word = R"("response_status":"completed")";
    for (std::size_t at = body.find(word); at != std::string::npos; at = body.find(word))
      body.replace(at, word.size(), R"("response_status":[])");
  }
  EXPECT_EQ(sync(std::move(exchanges)).counts.fetched(), 4U);
}

TEST_F(SurveyMonkeyFetch, FailsWhereTheAccountMayReadNoSurvey) {
  choose("[318754279, 318760001]");
  const RunSummary no_plan = sync({cassette("auth_fail").at(6)});
  EXPECT_EQ(no_plan.outcome, RunOutcome::failed);
  EXPECT_EQ(no_plan.error_code, "forbidden");
  EXPECT_THAT(no_plan.error, HasSubstr("required plan"));
  const RunSummary no_scope = sync({cassette("auth_fail").at(7)});
  EXPECT_EQ(no_scope.error_code, "forbidden");
  EXPECT_THAT(no_scope.error, HasSubstr("Permission has not been granted"));
}

TEST_F(SurveyMonkeyFetch, BeginsBehindTheSurveyThatWasLastDoneWith) {
  choose("[318754279, 318760001]");
  remember_cursor(kSurvey);
  auto exchanges = cassette("titles");
  EXPECT_EQ(sync({exchanges.at(2), exchanges.at(1)}).outcome, RunOutcome::completed);
}

TEST_F(SurveyMonkeyFetch, FindsWhatMovedWhileOneSecondWasRead) {
  choose("[318754279]");
  configure("page_size", "2");
  const RunSummary run = sync("ties");
  EXPECT_EQ(run.outcome, RunOutcome::completed) << run.error;
  EXPECT_EQ(run.counts.created, 5U);
  EXPECT_EQ(run.counts.updated, 1U);
  EXPECT_EQ(rfc3339(stored().at("13376700002").updated_at), "2026-03-02T12:00:00Z");
}

TEST_F(SurveyMonkeyFetch, GivesASurveyUpWhosePagesNeverEnd) {
  choose("[318754279]");
  configure("page_size", "2");
  auto exchanges = cassette("ties");
  std::vector<CassetteEntry> endless{exchanges.at(0), exchanges.at(1), exchanges.at(2)};
  for (int number = 2; number <= 5; ++number) {
    CassetteEntry again = exchanges.at(2);
    again.target.replace(again.target.find("&page=1"), 7, "&page=" + std::to_string(number));
    endless.push_back(again);
  }
  const RunSummary run = sync(std::move(endless));
  EXPECT_EQ(run.outcome, RunOutcome::completed) << run.error;
  EXPECT_THAT(run.problems, ElementsAre("318754279: there is a page 5 of 5 responses"));
}

TEST_F(SurveyMonkeyFetch, TakesPartialResponsesWhereAskedTo) {
  choose("[318754279]");
  configure("statuses", "[completed, partial]");
  const RunSummary run = sync("partial");
  EXPECT_EQ(run.outcome, RunOutcome::completed) << run.error;
  EXPECT_THAT(stored(), ElementsAre(Key("13376600001"), Key("13376600003")));
  EXPECT_EQ(stored().at("13376600001").status, RecordStatus::pending);
  EXPECT_EQ(stored().at("13376600003").status, RecordStatus::closed);
}

TEST_F(SurveyMonkeyFetch, KeepsToTheWindow) {
  choose("[318754279]");
  auto exchanges = cassette("first_run");
  CassetteEntry page = exchanges.at(3);
  page.target =
      "/v3/surveys/318754279/responses/bulk?per_page=100&page=1&sort_by=date_modified"
      "&sort_order=ASC&simple=true&status=completed"
      "&start_modified_at=2026-03-02T10%3A59%3A59%2B00%3A00"
      "&end_modified_at=2026-03-02T11%3A25%3A01%2B00%3A00";
  const RunSummary run = sync({page, exchanges.at(2)}, {.from = parse_time("2026-03-02T11:00:00Z"),
                                                        .to = parse_time("2026-03-02T11:25:00Z")});
  EXPECT_EQ(run.outcome, RunOutcome::completed) << run.error;
  EXPECT_THAT(stored(), ElementsAre(Key("13376299060")));
}

TEST_F(SurveyMonkeyFetch, YieldsWithTheLastRequestOfTheDay) {
  choose("[318754279]");
  auto exchanges = cassette("quota");
  exchanges.pop_back();
  const RunSummary run = sync(std::move(exchanges));
  EXPECT_EQ(run.outcome, RunOutcome::yielded) << run.error;
  EXPECT_EQ(run.requests, 2U);
  EXPECT_EQ(run.throttled, 0U);
  EXPECT_THAT(stored(), ElementsAre(Key("13376299051")));
}

TEST_F(SurveyMonkeyFetch, YieldsWhereTheQuotaWasUsedUpElsewhere) {
  choose("[318754279]");
  CassetteEntry refused = cassette("quota").at(2);
  refused.target = cassette("first_run").at(1).target;
  const RunSummary run = sync({refused});
  EXPECT_EQ(run.outcome, RunOutcome::yielded) << run.error;
  EXPECT_EQ(run.throttled, 1U);
}

TEST_F(SurveyMonkeyFetch, TriesAgainWhatFailsForAMoment) {
  choose("[318754279]");
  EXPECT_EQ(sync("unavailable").outcome, RunOutcome::completed);
}

TEST_F(SurveyMonkeyFetch, BeginsAnewWhereItsCursorIsReadNoMore) {
  choose("[318760001]");
  remember_cursor("yesterday", kNpsSurvey);
  auto exchanges = cassette("first_run");
  exchanges.erase(exchanges.begin(), exchanges.begin() + 4);
  EXPECT_EQ(sync(std::move(exchanges)).outcome, RunOutcome::completed);
  EXPECT_THAT(stored(), ElementsAre(Key("13376400001")));
}

}  // namespace
}  // namespace earshot::core

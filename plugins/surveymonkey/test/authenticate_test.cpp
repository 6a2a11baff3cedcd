#include "surveymonkey_run.hpp"

namespace earshot::core {
namespace {

using testing::HasSubstr;

class SurveyMonkeyAuthentication : public SurveyMonkeyRun {
 protected:
  /// The n-th way in which a token does not do.
  Error refusal(std::size_t n) { return RecordedRun::refusal("auth_fail", n); }
};

TEST_F(SurveyMonkeyAuthentication, ReportsWhoseTokenItIs) {
  const auto report = authenticate(cassette("authenticate"));
  ASSERT_TRUE(report.has_value()) << report.error().message;
  EXPECT_EQ(report->id, "190011223");
  EXPECT_EQ(report->name, "acmefeedback");
  EXPECT_EQ(requests.at(0).headers.get("authorization"), "Bearer invented-token");
  EXPECT_EQ(requests.at(0).origin.host, "api.surveymonkey.com");
}

TEST_F(SurveyMonkeyAuthentication, GoesToTheRegionOfTheAccount) {
  configure("host", "api.eu.surveymonkey.com");
  EXPECT_TRUE(authenticate(cassette("authenticate")).has_value());
  EXPECT_EQ(requests.at(0).origin.host, "api.eu.surveymonkey.com");
}

TEST_F(SurveyMonkeyAuthentication, DoesWithoutTheAccountsName) {
  const auto report = authenticate(cassette("authenticate_nameless"));
  ASSERT_TRUE(report.has_value()) << report.error().message;
  EXPECT_EQ(report->id, "unnamed");
  EXPECT_THAT(report->name, HasSubstr("users_read"));
}

TEST_F(SurveyMonkeyAuthentication, PassesOnWhyTheTokenIsRefused) {
  EXPECT_EQ(refusal(0).code, Code::auth);
  EXPECT_THAT(refusal(0).message, HasSubstr("The authorization token provided was invalid."));
}

TEST_F(SurveyMonkeyAuthentication, TellsAnExpiredTokenFromAWrongOne) {
  EXPECT_EQ(refusal(1).code, Code::auth_expired);
}

TEST_F(SurveyMonkeyAuthentication, KnowsBothWordsForARevokedToken) {
  EXPECT_EQ(refusal(2).code, Code::auth);
  EXPECT_EQ(refusal(3).code, Code::auth) << "even where it comes with 200";
  EXPECT_THAT(refusal(3).message, HasSubstr("Client revoked access grant"));
}

TEST_F(SurveyMonkeyAuthentication, SaysThatTheAccountIsInAnotherRegion) {
  EXPECT_EQ(refusal(4).code, Code::forbidden);
  EXPECT_THAT(refusal(4).message, HasSubstr("host in this region"));
}

TEST_F(SurveyMonkeyAuthentication, NamesTheScopeThatIsMissing) {
  const Error error = refusal(5);
  EXPECT_EQ(error.code, Code::forbidden);
  EXPECT_THAT(error.message, HasSubstr("'responses_read_detail'"));
  EXPECT_THAT(error.message, HasSubstr("View Response Details"));
}

TEST_F(SurveyMonkeyAuthentication, TakesAPageForPeopleForNoAccount) {
  EXPECT_EQ(refusal(8).code, Code::not_found);
}

}  // namespace
}  // namespace earshot::core

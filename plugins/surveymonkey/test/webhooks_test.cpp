#include <vector>

#include "surveymonkey_run.hpp"

namespace earshot::core {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kUrl = "https://hooks.example.com/webhooks/surveymonkey";
constexpr const char* kHooks = "3285187,3285188";

class SurveyMonkeyHooks : public SurveyMonkeyRun {
 protected:
  SurveyMonkeyHooks() {
    configure("client_id", "vQ3kXh0aRZ2lJ5mB7nT9uw");
    configure("client_secret", "130974165238478123455092143571236548921");
  }

  Result<WebhookReport> register_with(std::string_view name) {
    return register_webhook(cassette(name), kUrl);
  }
  /// Bodies of the requests that change something.
  std::vector<std::string> bodies() {
    std::vector<std::string> sent;
    for (const HttpRequest& request : requests) {
      if (!request.body.empty()) sent.push_back(request.body);
    }
    return sent;
  }
};

TEST_F(SurveyMonkeyHooks, AreMadeOneForEachKindOfEvent) {
  const auto report = register_with("register_webhook");
  ASSERT_TRUE(report.has_value()) << report.error().message;
  EXPECT_EQ(report->hook_id, kHooks);
  EXPECT_THAT(
      bodies(),
      ElementsAre(
          R"({"name":"Earshot response_completed","event_type":"response_completed","object_type":"survey","object_ids":["318754279","318760001"],"subscription_url":"https://hooks.example.com/webhooks/surveymonkey/response_completed"})",
          R"({"name":"Earshot response_deleted","event_type":"response_deleted","object_type":"survey","object_ids":["318754279","318760001"],"subscription_url":"https://hooks.example.com/webhooks/surveymonkey/response_deleted"})"));
}

TEST_F(SurveyMonkeyHooks, OfACallThatWasKilledAreFound) {
  const auto report = register_with("register_webhook_again");
  ASSERT_TRUE(report.has_value()) << report.error().message;
  EXPECT_EQ(report->hook_id, kHooks);
  EXPECT_THAT(bodies(), IsEmpty());
}

TEST_F(SurveyMonkeyHooks, AreNotMadeWhereNobodyKnowsWhichThereAre) {
  auto exchanges = cassette("register_webhook");
  exchanges.resize(2);
  exchanges[1].response.status = 204;
  exchanges[1].response.body = "";
  const auto report = register_webhook(exchanges, kUrl);
  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(report.error().code, Code::bad_data);
}

TEST_F(SurveyMonkeyHooks, ThatWereReportedAreMovedAndWatchNewSurveys) {
  remember_hook(kHooks);
  const auto report = register_with("register_webhook_moved");
  ASSERT_TRUE(report.has_value()) << report.error().message;
  EXPECT_EQ(report->hook_id, kHooks);
  EXPECT_THAT(
      bodies(),
      ElementsAre(
          R"({"object_ids":["318754279","318760001"],"subscription_url":"https://hooks.example.com/webhooks/surveymonkey/response_completed"})",
          R"({"object_ids":["318754279","318760001"],"subscription_url":"https://hooks.example.com/webhooks/surveymonkey/response_deleted"})"));
}

TEST_F(SurveyMonkeyHooks, DoNotTakeAnUrlFromAnother) {
  const auto report = register_with("register_webhook_taken");
  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(report.error().code, Code::conflict);
  EXPECT_THAT(report.error().message, HasSubstr("already exists"));
}

TEST_F(SurveyMonkeyHooks, TakeTheAppsSecret) {
  members.erase("client_id");
  members.erase("client_secret");
  const auto report = register_webhook({}, kUrl);
  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(report.error().code, Code::config);
  EXPECT_THAT(report.error().message, HasSubstr("client_secret"));
}

}  // namespace
}  // namespace earshot::core

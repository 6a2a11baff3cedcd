#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "sandbox/surveymonkey/surveymonkey_fixture.hpp"

namespace earshot::sandbox {
namespace {

std::string webhook(
    std::string_view event, std::string_view url,
    std::string_view rest = R"("object_type":"survey","object_ids":["510203040"])") {
  return fmt::format(R"({{"name":"Earshot","event_type":"{}","subscription_url":"{}"{}{}}})", event,
                     url, rest.empty() ? "" : ",", rest);
}
constexpr std::string_view kUrl = "https://hub.example.com/hooks/surveymonkey/T1";

class SurveyMonkeyWebhook : public testing::Test {
 protected:
  core::HttpReply post(const std::string& body, std::string_view role = "full",
                       const std::string& type = "application/json") {
    return account_.send("POST", "/v3/webhooks", role, body, type);
  }
  /// The number of a refusal, or its status where it has none.
  static std::string refusal(const core::HttpReply& reply) {
    return std::string(SurveyMonkeyAccount::parse(reply.body)->root().at("/error/id").text());
  }

  SurveyMonkeyAccount account_;
};

TEST_F(SurveyMonkeyWebhook, IsMadeListedShownAndRemoved) {
  const core::HttpReply made = post(webhook("response_completed", kUrl));
  ASSERT_EQ(made.status, 201) << made.body;
  const auto answer = SurveyMonkeyAccount::parse(made.body);
  const std::string id(answer->root().member("id").text());
  EXPECT_EQ(answer->root().member("subscription_url").text(), kUrl);
  EXPECT_EQ(answer->root().at("/object_ids/0").text(), "510203040");

  const auto list = account_.json("/v3/webhooks");
  EXPECT_EQ(list->root().at("/data/0").size(), 3U) << "id, name and href alone";
  EXPECT_EQ(list->root().at("/data/0/id").text(), id);
  EXPECT_EQ(account_.get("/v3/webhooks/" + id).body, made.body);
  EXPECT_EQ(account_.send("DELETE", "/v3/webhooks/" + id, "full").status, 200);
  EXPECT_EQ(account_.get("/v3/webhooks/" + id).status, 404);
}

TEST_F(SurveyMonkeyWebhook, HasAnUrlOfItsOwn) {
  ASSERT_EQ(post(webhook("response_completed", kUrl)).status, 201);
  const core::HttpReply taken = post(webhook("response_deleted", kUrl));
  EXPECT_EQ(taken.status, 409);
  EXPECT_EQ(refusal(taken), "1026");
  EXPECT_EQ(post(webhook("response_deleted", std::string(kUrl) + "/deleted")).status, 201);
}

TEST_F(SurveyMonkeyWebhook, ChangesInPartOrAsAWhole) {
  const auto made = SurveyMonkeyAccount::parse(post(webhook("response_completed", kUrl)).body);
  const std::string path = "/v3/webhooks/" + std::string(made->root().member("id").text());
  const core::HttpReply patched =
      account_.send("PATCH", path, "full", R"({"object_ids":["510204151"]})");
  ASSERT_EQ(patched.status, 200);
  const auto changed = SurveyMonkeyAccount::parse(patched.body);
  EXPECT_EQ(changed->root().at("/object_ids/0").text(), "510204151");
  EXPECT_EQ(changed->root().member("subscription_url").text(), kUrl);
  EXPECT_EQ(refusal(account_.send("PUT", path, "full", R"({"name":"Earshot"})")), "1002");
}

TEST_F(SurveyMonkeyWebhook, IsRefusedWhereSomethingIsAmiss) {
  EXPECT_EQ(refusal(post("no JSON")), "1001");
  EXPECT_EQ(refusal(post("[]")), "1002");
  EXPECT_EQ(refusal(post(webhook("response_completed", kUrl), "full", "text/plain")), "1004");
  EXPECT_EQ(refusal(post(webhook("response completed", kUrl))), "1002") << "no such event";
  EXPECT_EQ(refusal(post(webhook("response_completed", kUrl, ""))), "1002") << "of what?";
  EXPECT_EQ(refusal(post(webhook("survey_created", kUrl))), "1002") << "of none in particular";
  EXPECT_EQ(post(webhook("survey_created", kUrl, "")).status, 201);
  EXPECT_EQ(refusal(post(webhook("collector_created", "https://hub.example.com/2",
                                 R"("object_type":"collector","object_ids":["1"])"))),
            "1000");
  EXPECT_EQ(refusal(post(webhook("response_completed", "hub.example.com"))), "1000");
  EXPECT_EQ(refusal(post(webhook("response_completed", "https://nobody.invalid/"))), "1000")
      << "does not answer HEAD";
  EXPECT_EQ(refusal(post(webhook("response_completed", "https://hub.example.com/3",
                                 R"("object_type":"survey","object_ids":["1"])"))),
            "1020");
  EXPECT_EQ(refusal(post(webhook("response_completed", kUrl), "reading")), "1014");
}

}  // namespace
}  // namespace earshot::sandbox

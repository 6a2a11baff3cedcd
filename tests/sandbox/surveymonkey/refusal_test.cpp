/// Each request that SurveyMonkey refuses, and how: status, headers and body as its documents have
/// them.

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "sandbox/surveymonkey/responses.hpp"
#include "sandbox/surveymonkey/surveymonkey_fixture.hpp"

namespace earshot::sandbox {
namespace {

struct Refused {
  std::string name;
  std::string role;  ///< Of the token; empty for none.
  std::string method;
  std::string target;
  int status;
  std::string id;
  std::string error_name;
  std::string message;
};

const std::string kBulk = SurveyMonkeyAccount::bulk(0);

std::string bulk_with(std::string_view query) {
  return SurveyMonkeyAccount::bulk(0, query);
}

Refused invalid(std::string name, std::string target) {
  return {std::move(name),          "full", "GET", std::move(target), 400, "1003", "Bad Request",
          "Invalid URL parameters."};
}

Refused no_token(std::string name, std::string role, std::string id, std::string message) {
  return {std::move(name),       std::move(role),   "GET", "/v3/users/me", 401, std::move(id),
          "Authorization Error", std::move(message)};
}

Refused forbidden(std::string name, std::string role, std::string target, std::string id,
                  std::string message) {
  return {std::move(name),    std::move(role),   "GET", std::move(target), 403, std::move(id),
          "Permission Error", std::move(message)};
}

Refused absent(std::string name, std::string target) {
  return {std::move(name),
          "full",
          "GET",
          std::move(target),
          404,
          "1020",
          "Resource Not Found",
          "There was an error retrieving the requested resource."};
}

std::vector<Refused> refusals() {
  const std::string scope = "Permission has not been granted by the user to make this request.";
  const std::string foreign = "/v3/surveys/" + std::string(kForeignSurvey);
  const std::string access = "The user does not have permission to access the resource.";
  return {
      no_token("no token", "", "1010", "The authorization token was not provided."),
      no_token("an expired token", "expired", "1012",
               "The authorization token provided has expired."),
      no_token("a revoked token", "revoked", "1013",
               "Client revoked access to the authorization token provided."),
      forbidden("another region", "elsewhere", "/v3/surveys", "1018",
                "The user does not have permission to access the host in this region. See Access "
                "URL"),
      forbidden("no scope for the user", "nameless", "/v3/users/me", "1014", scope),
      forbidden("no scope for details", "without_details", kBulk, "1014", scope),
      forbidden("no scope for webhooks", "reading", "/v3/webhooks", "1014", scope),
      forbidden("no paid plan", "free", kBulk, "1015",
                "The user does not have the required plan to make this request."),
      forbidden("a survey of another team", "full", foreign + "/details", "1016", access),
      forbidden("responses of another team", "full", foreign + "/responses/bulk", "1016", access),
      absent("a survey that is none", "/v3/surveys/999/details"),
      absent("responses of a survey that is none", "/v3/surveys/999/responses/bulk"),
      absent("a response that is none", "/v3/surveys/510203040/responses/1/details"),
      absent("a webhook that is none", "/v3/webhooks/1"),
      invalid("a page of none", bulk_with("per_page=0")),
      invalid("a page too large", bulk_with("per_page=101")),
      invalid("a list too large", "/v3/surveys?per_page=1001"),
      invalid("a page before the first", bulk_with("page=0")),
      invalid("a page that is no number", bulk_with("page=two")),
      invalid("a date without an offset", bulk_with("start_modified_at=2026-03-02T10:00:00")),
      invalid("a date whose + is not encoded",
              bulk_with("start_modified_at=2026-03-02T10:00:00+00:00")),
      invalid("a date that ends in Z", bulk_with("end_modified_at=2026-03-02T10:00:00Z")),
      invalid("a date that is none", bulk_with("start_created_at=2026-13-02T10:00:00%2B00:00")),
      invalid("a status that is none", bulk_with("status=finished")),
      invalid("a field to sort by that is none", bulk_with("sort_by=date_created")),
      invalid("an order that is none", bulk_with("sort_order=up")),
      invalid("simple of no kind", bulk_with("simple=yes")),
      invalid("a parameter misspelt", bulk_with("start_modified=2026-03-02T10:00:00%2B00:00")),
      invalid("a parameter of another list", "/v3/surveys?simple=true"),
      {"another method", "full", "POST", "/v3/users/me", 405, "1061", "Method Not Allowed",
       "The method is not allowed for this resource."},
  };
}

TEST(SurveyMonkeyRefusals, AreThoseOfTheDocuments) {
  for (const Refused& refused : refusals()) {
    SCOPED_TRACE(refused.name);
    SurveyMonkeyAccount account;
    const core::HttpReply reply = account.send(refused.method, refused.target, refused.role);
    EXPECT_EQ(reply.status, refused.status);
    EXPECT_EQ(reply.headers.get("content-type"), "application/json");
    EXPECT_EQ(
        reply.body,
        fmt::format(
            R"({{"error": {{"docs": "https://developer.surveymonkey.com/api/v3/#error-codes", "message": "{}", "id": "{}", "name": "{}", "http_status_code": {}}}}})",
            refused.message, refused.id, refused.error_name, refused.status));
  }
}

TEST(SurveyMonkeyRefusals, OfATokenThatIsNoneIsTheRecordedOne) {
  SurveyMonkeyAccount account;
  const core::HttpReply reply = account.send_as("/v3/surveys?page=1", "bearer no-such-token");
  EXPECT_EQ(reply.status, 401);
  EXPECT_EQ(
      reply.body,
      R"({"error": {"docs": "https://developer.surveymonkey.com/api/v3/#error-codes", "message": "The authorization token provided was invalid.", "id": "1011", "name": "Authorization Error", "http_status_code": 401}})");
  EXPECT_FALSE(reply.headers.has("x-ratelimit-app-global-day-limit"));
}

TEST(SurveyMonkeyRefusals, OfARevokedGrantHasAShapeOfItsOwn) {
  SurveyMonkeyAccount account;
  const core::HttpReply reply = account.send("GET", "/v3/surveys", "revoked_grant");
  EXPECT_EQ(reply.status, 401);
  EXPECT_EQ(reply.body, R"({"status":1,"errmsg":"Client revoked access grant"})");
}

TEST(SurveyMonkeyRefusals, OfAPathIsAPageForPeople) {
  SurveyMonkeyAccount account;
  for (const char* target : {"/v3/zurveyz/24601?page=1", "/", "/v3/surveys/1/2/3/4"}) {
    const core::HttpReply reply = account.get(target);
    EXPECT_EQ(reply.status, 404);
    EXPECT_EQ(reply.headers.get("content-type"), "text/html; charset=UTF-8");
    EXPECT_NE(reply.body.find("<title>SurveyMonkey 404</title>"), std::string::npos);
  }
}

TEST(SurveyMonkeyRefusals, SchemeMayBeInAnyCase) {
  SurveyMonkeyAccount account;
  const SurveyMonkeyAccess keys(1);
  EXPECT_EQ(account.send_as("/v3/users/me", "Bearer " + keys.token("full")).status, 200);
}

class SurveyMonkeyLimits : public testing::Test {
 protected:
  SurveyMonkeyAccount account_;
  std::string header(const core::HttpReply& reply, std::string_view name) {
    return std::string(reply.headers.get("x-ratelimit-app-global-" + std::string(name)));
  }
};

TEST_F(SurveyMonkeyLimits, HeadersCountDown) {
  const core::HttpReply reply = account_.get("/v3/users/me");
  EXPECT_EQ(header(reply, "minute-limit"), "120");
  EXPECT_EQ(header(reply, "minute-remaining"), "119");
  EXPECT_EQ(header(reply, "minute-reset"), "41");
  EXPECT_EQ(header(reply, "day-limit"), "500");
  EXPECT_EQ(header(reply, "day-remaining"), "499");
  EXPECT_EQ(header(reply, "day-reset"), "49481") << "until midnight";
}

TEST_F(SurveyMonkeyLimits, RefusalsCountAndTellWhatIsLeft) {
  const core::HttpReply reply = account_.get("/v3/surveys/999/details");
  EXPECT_EQ(reply.status, 404);
  EXPECT_EQ(header(reply, "day-remaining"), "499");
}

TEST_F(SurveyMonkeyLimits, MinuteHasAHundredAndTwenty) {
  for (int call = 0; call < 120; ++call) ASSERT_EQ(account_.get("/v3/users/me").status, 200);
  const core::HttpReply refused = account_.get("/v3/users/me");
  EXPECT_EQ(refused.status, 429);
  EXPECT_NE(refused.body.find(R"("id": "1040")"), std::string::npos);
  EXPECT_FALSE(refused.headers.has("retry-after"));
  EXPECT_EQ(header(refused, "minute-remaining"), "0");
  account_.clock().advance(std::chrono::seconds(40));
  EXPECT_EQ(account_.get("/v3/users/me").status, 429);
  account_.clock().advance(std::chrono::seconds(1));
  EXPECT_EQ(account_.get("/v3/users/me").status, 200);
}

TEST_F(SurveyMonkeyLimits, DayHasFiveHundredAndEndsAtMidnight) {
  for (int call = 0; call < 500; ++call) {
    if (call % 100 == 0) account_.clock().advance(std::chrono::minutes(1));
    ASSERT_EQ(account_.get("/v3/users/me").status, 200) << call;
  }
  account_.clock().advance(std::chrono::minutes(1));
  const core::HttpReply refused = account_.get("/v3/users/me");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(header(refused, "day-remaining"), "0");
  EXPECT_EQ(header(refused, "minute-remaining"), "119");
  account_.clock().advance(std::chrono::seconds(std::stoi(header(refused, "day-reset"))));
  EXPECT_EQ(account_.get("/v3/users/me").status, 200);
}

TEST_F(SurveyMonkeyLimits, LiftedOnesAreSilent) {
  SurveyMonkeyAccount account({.limits = false});
  for (int call = 0; call < 600; ++call) {
    const core::HttpReply reply = account.get("/v3/users/me");
    ASSERT_EQ(reply.status, 200);
    ASSERT_FALSE(reply.headers.has("x-ratelimit-app-global-day-limit"));
  }
}

TEST(SurveyMonkeyDates, AreWrittenInOneWay) {
  EXPECT_EQ(read_date_string("2026-03-02T10:15:29+00:00"), 1772446529);
  EXPECT_EQ(read_date_string("2026-03-02T12:15:29+02:00"), 1772446529);
  EXPECT_EQ(read_date_string("2026-03-02T10:15:29"), std::nullopt);
  EXPECT_EQ(read_date_string("2026-03-02"), std::nullopt);
}

}  // namespace
}  // namespace earshot::sandbox

/// Each request that Zendesk refuses, and how: status, headers and body as its fact sheet has them.

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "sandbox/zendesk/export.hpp"
#include "sandbox/zendesk/zendesk_fixture.hpp"

namespace earshot::sandbox {
namespace {

enum class As { nobody, admin, agent, wrong_token, wrong_user, wrong_password, bad_bearer, writer };

struct Refused {
  std::string name;
  As as;
  std::string target;
  int status;
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers{};
};

std::string authorization(const ZendeskAccount& account, As as) {
  switch (as) {
    case As::nobody: return "";
    case As::admin: return account.admin();
    case As::agent: return account.agent();
    case As::wrong_token: return basic("ops@acme.example/token", "not-the-token");
    case As::wrong_user: return basic("nobody@acme.example/token", account.keys().api_token());
    case As::wrong_password: return basic("ops@acme.example", account.keys().api_token());
    case As::bad_bearer: return "Bearer no-such-token";
    case As::writer: return "Bearer " + account.keys().write_only_token();
  }
  return "";
}

const std::string kUnauthenticated = R"({"error":"Couldn't authenticate you"})";
const std::string kInvalidToken =
    R"({"error":"invalid_token","error_description":"The access token provided is expired, revoked, malformed or invalid for other reasons."})";
const std::string kForbidden =
    R"({"error":{"title":"Forbidden","message":"You do not have access to this page. Please contact the account owner of this help desk for further help."}})";
const std::string kScope =
    R"({"error":"Forbidden","description":"You are missing the following required scopes: read"})";
const std::string kCursor =
    R"({"errors":[{"code":"InvalidCursor","status":"400","title":"cursor is invalid or expired"}]})";
const std::string kTooRecent =
    R"({"error":"InvalidValue","description":"Too recent start_time. Use a start_time older than 5 minutes"})";
const std::string kNoEndpoint = R"({"error":"InvalidEndpoint","description":"Not found"})";
const std::string kNoRecord = R"({"error":"RecordNotFound","description":"Not found"})";

std::string invalid(const std::string& description) {
  return R"({"error":"InvalidValue","description":")" + description + "\"}";
}

std::string export_with(const std::string& query) {
  return std::string(kExportPath) + "?" + query;
}

/// The sandbox's clock stands at 2026-03-02T10:15:19Z, which is 1772446519.
std::vector<Refused> refusals() {
  const std::string good = export_with("start_time=1772000000");
  return {
      {"no credentials",
       As::nobody,
       good,
       401,
       kUnauthenticated,
       {{"www-authenticate", "Basic realm=\"Web Password\""}}},
      {"a wrong API token", As::wrong_token, good, 401, kUnauthenticated},
      {"a wrong API token, asked who", As::wrong_token, "/api/v2/users/me", 401, kUnauthenticated},
      {"an unknown user", As::wrong_user, good, 401, kUnauthenticated},
      {"a password that is none", As::wrong_password, good, 401, kUnauthenticated},
      {"a bearer token that is none", As::bad_bearer, good, 401, kInvalidToken},
      {"a bearer token that is none, asked who", As::bad_bearer, "/api/v2/users/me.json", 401,
       kInvalidToken},
      {"an agent's export", As::agent, good, 403, kForbidden},
      {"an agent's webhooks", As::agent, "/api/v2/webhooks", 403, kForbidden},
      {"a token without the scope", As::writer, good, 403, kScope},
      {"neither start_time nor cursor", As::admin, std::string(kExportPath), 400,
       R"({"error":"ParameterMissing","description":"Parameter start_time is required"})"},
      {"start_time and cursor", As::admin, good + "&cursor=MTc3MjQ0OTMzMS4wfHw1MTU4fA%3D%3D", 400,
       invalid("start_time and cursor exclude each other")},
      {"a start_time that is no number", As::admin, export_with("start_time=yesterday"), 400,
       invalid("start_time must be a Unix time in seconds")},
      {"a start_time before 1970", As::admin, export_with("start_time=-1"), 400,
       invalid("start_time must be a Unix time in seconds")},
      {"a start_time 59 seconds old", As::admin, export_with("start_time=1772446460"), 422,
       kTooRecent},
      {"a start_time to come", As::admin, export_with("start_time=1882446460"), 422, kTooRecent},
      {"a cursor that is none", As::admin, export_with("cursor=tomorrow"), 400, kCursor},
      {"an empty cursor", As::admin, export_with("cursor="), 400, kCursor},
      {"a cursor of another kind", As::admin, export_with("cursor=MTc3MjQ0OTMzMQ%3D%3D"), 400,
       kCursor},
      {"a cursor without its padding", As::admin, export_with("cursor=MTc3MjQ0OTMzMS4wfHw1MTU4fA"),
       400, kCursor},
      {"a page of none", As::admin, good + "&per_page=0", 400,
       invalid("per_page must be from 1 to 1000")},
      {"a page too large", As::admin, good + "&per_page=1001", 400,
       invalid("per_page must be from 1 to 1000")},
      {"a side-load that exports lack", As::admin, good + "&include=last_audits", 400,
       invalid("include does not support last_audits; the sandbox side-loads users")},
      {"an unknown scope", As::admin, good + "&support_type_scope=mine", 400,
       invalid("support_type_scope must be one of all, agent, ai_agent")},
      {"exclude_deleted of no kind", As::admin, good + "&exclude_deleted=perhaps", 400,
       invalid("exclude_deleted must be true or false")},
      {"a parameter misspelt", As::admin, good + "&page_size=3", 400,
       invalid("Parameter page_size is not one of start_time, cursor, include, per_page, "
               "exclude_deleted, support_type_scope")},
      {"a path that is none", As::admin, "/api/v2/incremental/ticket/cursor.json", 404,
       kNoEndpoint},
      {"a path outside", As::nobody, "/", 404, kNoEndpoint},
      {"a ticket that is none", As::admin, "/api/v2/tickets/999999", 404, kNoRecord},
      {"a user who is none", As::admin, "/api/v2/users/5.json", 404, kNoRecord},
      {"a webhook that is none", As::admin, "/api/v2/webhooks/01HFM3TQJ5F7Y2ZK8W9V6N4C3B", 404,
       kNoRecord},
  };
}

TEST(ZendeskRefusals, AreThoseOfTheFactSheet) {
  for (const Refused& refused : refusals()) {
    SCOPED_TRACE(refused.name);
    ZendeskAccount account;
    const core::HttpReply reply =
        account.send("GET", refused.target, authorization(account, refused.as));
    EXPECT_EQ(reply.status, refused.status);
    EXPECT_EQ(reply.body, refused.body);
    EXPECT_EQ(reply.headers.get("content-type"), "application/json; charset=utf-8");
    for (const auto& header : refused.headers) {
      EXPECT_EQ(reply.headers.get(header.first), header.second);
    }
  }
}

TEST(ZendeskRefusals, StartAtAMinuteIsAccepted) {
  ZendeskAccount account;
  EXPECT_EQ(account.get(export_with("start_time=1772446459")).status, 200);
}

TEST(ZendeskRefusals, OtherMethodsHaveNoEndpoint) {
  ZendeskAccount account;
  EXPECT_EQ(account.send("POST", std::string(kExportPath), account.admin(), "{}").body,
            kNoEndpoint);
  EXPECT_EQ(account.send("GET", "/oauth/tokens", account.admin()).body, kNoEndpoint);
}

TEST(ZendeskRefusals, NobodyIsAnAnonymousUser) {
  ZendeskAccount account;
  for (const As as : {As::nobody, As::wrong_password}) {
    const core::HttpReply reply =
        account.send("GET", "/api/v2/users/me.json", authorization(account, as));
    ASSERT_EQ(reply.status, 200);
    const auto me = parsed(reply.body);
    EXPECT_TRUE(me->root().at("/user/id").is_null());
    EXPECT_EQ(me->root().at("/user/name").text(), "Anonymous user");
    EXPECT_EQ(me->root().at("/user/role").text(), "end-user");
  }
}

TEST(ZendeskLimits, HeadersCountDown) {
  ZendeskAccount account;
  const core::HttpReply reply = account.get(export_with("start_time=1772000000"));
  EXPECT_EQ(reply.headers.get("x-rate-limit"), "400");
  EXPECT_EQ(reply.headers.get("x-rate-limit-remaining"), "399");
  EXPECT_EQ(reply.headers.get("ratelimit-limit"), "400");
  EXPECT_EQ(reply.headers.get("ratelimit-remaining"), "399");
  EXPECT_EQ(reply.headers.get("ratelimit-reset"), "41");
  EXPECT_EQ(reply.headers.get("zendesk-ratelimit-incremental-exports"),
            "total=10; remaining=9; resets=41");
  EXPECT_FALSE(
      account.get("/api/v2/users/me").headers.has("zendesk-ratelimit-incremental-exports"));
}

TEST(ZendeskLimits, EleventhExportOfAMinuteIsRefused) {
  ZendeskAccount account;
  const std::string target = export_with("start_time=1772000000");
  for (int call = 0; call < 10; ++call) ASSERT_EQ(account.get(target).status, 200);
  const core::HttpReply refused = account.get(target);
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.headers.get("retry-after"), "41");
  EXPECT_EQ(refused.headers.get("zendesk-ratelimit-incremental-exports"),
            "total=10; remaining=0; resets=41");
  EXPECT_EQ(
      refused.body,
      R"({"errors":[{"code":"RateLimitExceeded","status":"429","title":"Rate limit exceeded. Maximum 10 requests per minute."}]})");
  EXPECT_EQ(account.get("/api/v2/users/me").status, 200);

  account.clock().advance(std::chrono::seconds(40));
  EXPECT_EQ(account.get(target).status, 429);
  account.clock().advance(std::chrono::seconds(1));
  EXPECT_EQ(account.get(target).status, 200);
}

TEST(ZendeskLimits, AccountHasFourHundredAMinute) {
  ZendeskAccount account;
  for (int call = 0; call < 400; ++call) ASSERT_EQ(account.get("/api/v2/users/me").status, 200);
  const core::HttpReply refused = account.get("/api/v2/users/me");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.headers.get("retry-after"), "41");
  EXPECT_EQ(refused.headers.get("x-rate-limit-remaining"), "0");
  EXPECT_EQ(refused.body, "Number of allowed API requests per minute exceeded");
}

TEST(ZendeskLimits, LiftedOnesAreSilent) {
  ZendeskAccount account({.limits = false});
  for (int call = 0; call < 500; ++call) {
    const core::HttpReply reply = account.get(export_with("start_time=1772000000&per_page=1"));
    ASSERT_EQ(reply.status, 200);
    ASSERT_FALSE(reply.headers.has("x-rate-limit"));
  }
}

TEST(ZendeskCursor, IsWrittenAsZendeskWritesIt) {
  EXPECT_EQ(encode_cursor({1772449331, 5158}), "MTc3MjQ0OTMzMS4wfHw1MTU4fA==");
  EXPECT_EQ(decode_cursor("MTc3MjQ0OTMzMS4wfHw1MTU4fA=="), ItemPosition(1772449331, 5158));
}

}  // namespace
}  // namespace earshot::sandbox

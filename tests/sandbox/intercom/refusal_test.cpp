/// Each request that Intercom refuses, and how: status, headers and body as its fact sheet has
/// them.

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "sandbox/intercom/intercom_fixture.hpp"

namespace earshot::sandbox {
namespace {

enum class As { nobody, owner, stranger, revoked, foreigner, blind, shy };

struct Refused {
  std::string name;
  As as;
  std::string method;
  std::string target;
  std::string body;
  int status;
  std::string answer;
  core::HttpHeaders headers{};
};

std::string bearer_of(const IntercomWorkspace& workspace, As as) {
  const IntercomAccess& keys = workspace.keys();
  switch (as) {
    case As::nobody: return "";
    case As::owner: return "Bearer " + keys.token();
    case As::stranger: return "Bearer no-such-token";
    case As::revoked: return "Bearer " + keys.revoked_token();
    case As::foreigner: return "Bearer " + keys.foreign_token();
    case As::blind: return "Bearer " + keys.token_without_conversations();
    case As::shy: return "Bearer " + keys.token_without_people();
  }
  return "";
}

std::string error(const std::string& code, const std::string& message) {
  return R"({"type":"error.list","request_id":"50f1e8d1-cf1a-450c-a7b5-000000000001","errors":[{"code":")" +
         code + R"(","message":")" + message + "\"}]}";
}

std::string query_of_filter(const std::string& filter, const std::string& rest = "") {
  return R"({"query":)" + filter + rest + "}";
}

const std::string kSearch = "/conversations/search";
const std::string kFilter = R"({"field":"updated_at","operator":">","value":1})";
const std::string kUnauthorized = error("unauthorized", "Access Token Invalid");
const std::string kNotFound = error("not_found", "Resource Not Found");
const std::string kCursor =
    error("client_error",
          "Invalid starting_after param. Please try again using a starting_after value from a "
          "paginated response");

std::string nested(int depth) {
  std::string out = kFilter;
  for (; depth > 0; --depth) out = R"({"operator":"AND","value":[)" + out + "]}";
  return out;
}

std::string group_of(int filters) {
  std::string out;
  for (int filter = 0; filter < filters; ++filter) (out += filter == 0 ? "" : ",") += kFilter;
  return R"({"operator":"OR","value":[)" + out + "]}";
}

std::vector<Refused> refused_credentials() {
  return {
      {"no token", As::nobody, "GET", "/me", "", 401, kUnauthorized},
      {"a token that is none", As::stranger, "GET", "/me", "", 401, kUnauthorized},
      {"a token of another region", As::foreigner, "GET", "/me", "", 401, kUnauthorized},
      {"a revoked token", As::revoked, "GET", "/me", "", 401,
       error("token_revoked", "Access Token Revoked")},
      {"a search without the permission", As::blind, "POST", kSearch, query_of_filter(kFilter), 403,
       error("forbidden",
             "You do not have the required scope (read_conversations) to access this resource")},
      {"deletions without the permission", As::blind, "GET", "/conversations/deleted", "", 403,
       error("forbidden",
             "You do not have the required scope (read_conversations) to access this resource")},
      {"a contact without the permission", As::shy, "GET", "/contacts/66eaf772c864ff5d00000000", "",
       403,
       error("forbidden",
             "You do not have the required scope (read_users) to access this resource")},
      {"another Accept",
       As::owner,
       "GET",
       "/me",
       "",
       406,
       R"({"errors":[{"code":"media_type_not_acceptable","message":"The Accept header should send a media type of application/json"}],"type":"error.list"})",
       {{"Accept", "text/html"}}}};
}

std::vector<Refused> refused_searches() {
  const auto search = [](const std::string& name, const std::string& body,
                         const std::string& answer) {
    return Refused{name, As::owner, "POST", kSearch, body, 400, answer};
  };
  const auto invalid = [&](const std::string& name, const std::string& body,
                           const std::string& message) {
    return search(name, body, error("parameter_invalid", message));
  };
  return {
      search(
          "JSON that breaks off", R"({"query":)",
          R"({"status":400,"error":"There was a problem in the JSON you submitted [ddf8bfe97056e23f5d2b1ed92627ad07]: logged with error code"})"),
      invalid("no query", "{}", "query is required"),
      invalid("a member misspelt", query_of_filter(kFilter, R"(,"paging":{})"),
              "Parameter paging is not known"),
      invalid("a page too big", query_of_filter(kFilter, R"(,"pagination":{"per_page":151})"),
              "Per Page is too big"),
      invalid("a page of none", query_of_filter(kFilter, R"(,"pagination":{"per_page":0})"),
              "Per Page must be a number"),
      search("a cursor that is none",
             query_of_filter(kFilter, R"(,"pagination":{"starting_after":"tomorrow"})"), kCursor),
      search("a cursor of another kind",
             query_of_filter(kFilter, R"(,"pagination":{"starting_after":"WzFd"})"), kCursor),
      invalid("an unknown field",
              query_of_filter(R"({"field":"updated","operator":">","value":1})"),
              "Invalid field updated"),
      invalid("an operator for another type",
              query_of_filter(R"({"field":"state","operator":">","value":"open"})"),
              "Invalid operator for field state"),
      invalid("greater or equal, which only contacts have",
              query_of_filter(R"({"field":"updated_at","operator":">=","value":1})"),
              "Invalid operator for field updated_at"),
      invalid("a list for one value",
              query_of_filter(R"({"field":"id","operator":"=","value":["1"]})"),
              "Invalid value for field id"),
      invalid("one value for a list",
              query_of_filter(R"({"field":"id","operator":"IN","value":"1"})"),
              "Invalid value for field id"),
      search("a date that is none",
             query_of_filter(R"({"field":"updated_at","operator":">","value":"yesterday"})"),
             error("type_mismatch", "updated_at must be a UNIX timestamp")),
      invalid("groups too deep", query_of_filter(nested(3)), "queries may be nested twice"),
      invalid("a group too large", query_of_filter(group_of(16)), "a group may have 15 filters"),
      invalid("another order", query_of_filter(kFilter, R"(,"sort":{"field":"id","order":"up"})"),
              "The sandbox sorts by updated_at")};
}

std::vector<Refused> refused_paths() {
  const auto get = [](const std::string& name, const std::string& target, int status,
                      const std::string& answer, core::HttpHeaders headers = {}) {
    return Refused{name, As::owner, "GET", target, "", status, answer, std::move(headers)};
  };
  const std::string version = error("intercom_version_invalid",
                                    "Requested resource is not available in current API version.");
  return {get("a path that is none", "/conversation", 404, kNotFound),
          get("a conversation that is none", "/conversations/7", 404, kNotFound),
          get("a contact that is none", "/contacts/66eaf772c864ff5dffffffff", 404,
              error("not_found", "User Not Found")),
          get("a company that is none", "/companies/531ee472cce572a6000000ff", 404,
              error("company_not_found", "Company Not Found")),
          get("a version that is none", "/me", 400, version, {{"Intercom-Version", "2.99"}}),
          get("deletions in an older version", "/conversations/deleted", 400, version,
              {{"Intercom-Version", "2.14"}}),
          get("a list too long", "/conversations?per_page=151", 400,
              error("parameter_invalid", "Per Page is too big")),
          get("deletions too many", "/conversations/deleted?per_page=61", 400,
              error("parameter_invalid", "Per Page is too big")),
          get("deletions in no order", "/conversations/deleted?order=up", 400,
              error("parameter_invalid", "Parameter order is not known")),
          get("a parameter misspelt", "/conversations?page_size=3", 400,
              error("parameter_invalid", "Parameter page_size is not known")),
          {"a method that is none", As::owner, "DELETE", "/conversations/1", "", 404, kNotFound},
          {"a body of another type",
           As::owner,
           "POST",
           kSearch,
           query_of_filter(kFilter),
           400,
           error("bad_request", "The Content-Type header should be application/json"),
           {{"Content-Type", "text/plain"}}}};
}

void expect_refused(const std::vector<Refused>& table) {
  for (const Refused& refused : table) {
    SCOPED_TRACE(refused.name);
    IntercomWorkspace workspace;
    core::HttpHeaders headers = refused.headers;
    headers.add("Authorization", bearer_of(workspace, refused.as));
    const core::HttpReply reply =
        workspace.send(refused.method, refused.target, refused.body, std::move(headers));
    EXPECT_EQ(reply.status, refused.status);
    EXPECT_EQ(reply.body, refused.answer);
    EXPECT_EQ(reply.headers.get("content-type"), "application/json; charset=utf-8");
  }
}

TEST(IntercomRefusals, OfCredentials) {
  expect_refused(refused_credentials());
}

TEST(IntercomRefusals, OfSearches) {
  expect_refused(refused_searches());
}

TEST(IntercomRefusals, OfPathsAndParameters) {
  expect_refused(refused_paths());
}

TEST(IntercomRefusals, EachHasAnIdOfItsOwn) {
  IntercomWorkspace workspace;
  EXPECT_NE(workspace.get("/nowhere").body, workspace.get("/nowhere").body);
}

TEST(IntercomLimits, HeadersCountDownTenSeconds) {
  IntercomWorkspace workspace;
  const core::HttpReply reply = workspace.get("/me");
  EXPECT_EQ(reply.headers.get("x-ratelimit-limit"), "1666");
  EXPECT_EQ(reply.headers.get("x-ratelimit-remaining"), "1665");
  EXPECT_EQ(reply.headers.get("x-ratelimit-reset"), "1772446520");
}

TEST(IntercomLimits, NextTenSecondsBeginAnew) {
  IntercomWorkspace workspace;
  for (int call = 0; call < 1666; ++call) ASSERT_EQ(workspace.get("/me").status, 200);
  const core::HttpReply refused = workspace.get("/me");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.headers.get("x-ratelimit-remaining"), "0");
  EXPECT_EQ(refused.headers.get("x-ratelimit-reset"), "1772446520");
  EXPECT_FALSE(refused.headers.has("retry-after"));
  EXPECT_EQ(refused.body,
            error("rate_limit_exceeded", "Exceeded rate limit of 1666 in 10_seconds"));
  workspace.clock().advance(std::chrono::seconds(1));
  EXPECT_EQ(workspace.get("/me").status, 200);
}

TEST(IntercomLimits, LiftedOnesAreSilent) {
  IntercomWorkspace workspace({.limits = false});
  EXPECT_FALSE(workspace.get("/me").headers.has("x-ratelimit-limit"));
}

TEST(IntercomLimits, FailureTellsTheWaitInItsHeaders) {
  IntercomWorkspace workspace;
  const core::HttpReply reply = workspace.product().failure(429, std::chrono::seconds(7));
  EXPECT_EQ(reply.status, 429);
  EXPECT_EQ(reply.headers.get("x-ratelimit-remaining"), "0");
  EXPECT_EQ(reply.headers.get("x-ratelimit-reset"), "1772446526");
  EXPECT_EQ(workspace.product().failure(500, {}).status, 500);
  EXPECT_EQ(workspace.product().failure(503, {}).status, 503);
}

}  // namespace
}  // namespace earshot::sandbox

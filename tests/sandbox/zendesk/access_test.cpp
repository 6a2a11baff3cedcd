#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "sandbox/zendesk/zendesk_fixture.hpp"

namespace earshot::sandbox {
namespace {

std::string token_request(const ZendeskAccount& account, std::string_view more = "") {
  return fmt::format(
      R"({{"grant_type":"client_credentials","client_id":"{}","client_secret":"{}"{}}})",
      account.keys().client_id(), account.keys().client_secret(), more);
}

std::string bearer_of(const core::HttpReply& reply) {
  EXPECT_EQ(reply.status, 200) << reply.body;
  return "Bearer " + std::string(parsed(reply.body)->root().member("access_token").text());
}

TEST(ZendeskOauth, TokenOpensTheExportUntilItExpires) {
  ZendeskAccount account;
  const core::HttpReply reply =
      account.send("POST", "/oauth/tokens", "", token_request(account, R"(,"expires_in":600)"));
  const std::string bearer = bearer_of(reply);
  const auto grant = parsed(reply.body);
  EXPECT_EQ(grant->root().member("token_type").text(), "bearer");
  EXPECT_EQ(grant->root().member("scope").text(), "read write");
  EXPECT_EQ(grant->root().member("expires_in").integer(), 600);

  const std::string target = std::string(kExportPath) + "?start_time=1772000000";
  EXPECT_EQ(account.send("GET", target, bearer).status, 200);
  account.clock().advance(std::chrono::seconds(599));
  EXPECT_EQ(account.send("GET", target, bearer).status, 200);
  account.clock().advance(std::chrono::seconds(1));
  EXPECT_EQ(account.send("GET", target, bearer).status, 401);
}

TEST(ZendeskOauth, TokenRequestMayBeAForm) {
  ZendeskAccount account;
  const std::string form =
      fmt::format("grant_type=client_credentials&client_id={}&client_secret={}&scope=read+write",
                  account.keys().client_id(), account.keys().client_secret());
  const core::HttpReply reply =
      account.send("POST", "/oauth/tokens", "", form, "application/x-www-form-urlencoded");
  EXPECT_EQ(account.send("GET", "/api/v2/users/me", bearer_of(reply)).status, 200);
}

TEST(ZendeskOauth, ScopesDecide) {
  ZendeskAccount account;
  const auto bearer = [&](std::string_view scope) {
    return bearer_of(account.send("POST", "/oauth/tokens", "",
                                  token_request(account, fmt::format(R"(,"scope":"{}")", scope))));
  };
  const std::string target = std::string(kExportPath) + "?start_time=1772000000";
  EXPECT_EQ(account.send("GET", target, bearer("tickets:read")).status, 200);
  EXPECT_EQ(account.send("GET", "/api/v2/webhooks", bearer("tickets:read")).status, 403);
  EXPECT_EQ(account.send("GET", target, bearer("no_such_scope")).status, 403);
  EXPECT_EQ(account.send("POST", "/api/v2/webhooks", bearer("read"), "{}").status, 403);
}

TEST(ZendeskOauth, RefusesWhatItCannotGrant) {
  struct Case {
    std::string body;
    int status;
    std::string error;
  };
  ZendeskAccount account;
  const std::string id = account.keys().client_id();
  const std::vector<Case> cases = {
      {"{}", 400, "invalid_request"},
      {"no JSON", 400, "invalid_request"},
      {R"({"grant_type":"client_credentials","client_id":")" + id + R"(","client_secret":"x"})",
       401, "invalid_client"},
      {token_request(account, R"(,"grant_type":"password")"), 400, "unsupported_grant_type"},
      {token_request(account, R"(,"grant_type":"refresh_token")"), 400, "invalid_grant"},
      {token_request(account, R"(,"refresh_token_expires_in":12)"), 400, "invalid_request"},
      {token_request(account, R"(,"expires_in":12)"), 400, "invalid_request"}};
  for (const Case& refused : cases) {
    const core::HttpReply reply = account.send("POST", "/oauth/tokens", "", refused.body);
    EXPECT_EQ(reply.status, refused.status) << refused.body;
    EXPECT_EQ(parsed(reply.body)->root().member("error").text(), refused.error) << refused.body;
  }
}

/// POST /oauth/tokens with the client and these members besides.
core::HttpReply token_of(ZendeskAccount& account, std::string_view members) {
  return account.send(
      "POST", "/oauth/tokens", "",
      fmt::format(R"({{"client_id":"{}","client_secret":"{}",{}}})", account.keys().client_id(),
                  account.keys().client_secret(), members));
}

core::HttpReply refreshed(ZendeskAccount& account, std::string_view token,
                          std::string_view more = "") {
  return token_of(
      account, fmt::format(R"("grant_type":"refresh_token","refresh_token":"{}"{})", token, more));
}

std::string refresh_of(const core::HttpReply& reply) {
  return std::string(parsed(reply.body)->root().member("refresh_token").text());
}

std::string error_of(const core::HttpReply& reply) {
  return std::to_string(reply.status) + " " +
         std::string(parsed(reply.body)->root().member("error").text());
}

TEST(ZendeskOauth, RefreshTokensAreReplacedAtEachUse) {
  ZendeskAccount account;
  const std::string first = account.keys().refresh_token();
  const core::HttpReply one = refreshed(account, first);
  const core::HttpReply two = refreshed(account, refresh_of(one));
  EXPECT_EQ(account.send("GET", "/api/v2/users/me", bearer_of(two)).status, 200);
  EXPECT_EQ(account.send("GET", "/api/v2/users/me", bearer_of(one)).status, 401)
      << "the access token before ends with its refresh token";
  EXPECT_EQ(error_of(refreshed(account, first)), "400 invalid_grant");
  EXPECT_EQ(error_of(refreshed(account, refresh_of(one))), "400 invalid_grant");
}

TEST(ZendeskOauth, RefreshTokensExpire) {
  ZendeskAccount account;
  const core::HttpReply one =
      refreshed(account, account.keys().refresh_token(), R"(,"refresh_token_expires_in":604800)");
  account.clock().advance(std::chrono::seconds(604'800));
  EXPECT_EQ(error_of(refreshed(account, refresh_of(one))), "400 invalid_grant");
}

TEST(ZendeskOauth, RevokingATokenEndsItsRefreshToken) {
  ZendeskAccount account;
  const core::HttpReply one = refreshed(account, account.keys().refresh_token());
  const std::string bearer = bearer_of(one);
  const std::string current = "/api/v2/oauth/tokens/current";
  EXPECT_EQ(account.send("DELETE", current, bearer).status, 204);
  EXPECT_EQ(account.send("DELETE", current, bearer).status, 401);
  EXPECT_EQ(account.send("GET", "/api/v2/users/me", bearer).status, 401);
  EXPECT_EQ(error_of(refreshed(account, refresh_of(one))), "400 invalid_grant");
}

TEST(ZendeskOauth, AnAuthorizationGivesARefreshToken) {
  ZendeskAccount account;
  const std::string grant = R"("grant_type":"authorization_code","code":")";
  const core::HttpReply one =
      token_of(account, grant + std::string(ZendeskAccess::kAuthorizationCode) + '"');
  EXPECT_EQ(account.send("GET", "/api/v2/users/me", bearer_of(one)).status, 200);
  EXPECT_EQ(refreshed(account, refresh_of(one)).status, 200);
  EXPECT_EQ(error_of(token_of(account, grant + "x\"")), "400 invalid_grant");
}

TEST(ZendeskOauth, LifeOfTokensCanBeSet) {
  ZendeskAccount account({.token_life = std::chrono::seconds(5)});
  const std::string bearer =
      bearer_of(account.send("POST", "/oauth/tokens", "", token_request(account)));
  EXPECT_EQ(account.send("GET", "/api/v2/users/me", bearer).status, 200);
  account.clock().advance(std::chrono::seconds(5));
  EXPECT_EQ(account.send("GET", "/api/v2/users/me", bearer).status, 401);
}

TEST(ZendeskMe, NamesRoleAndNumber) {
  ZendeskAccount account;
  const auto admin = parsed(account.get("/api/v2/users/me").body);
  EXPECT_TRUE(admin->root().at("/user/id").is_number());
  EXPECT_EQ(admin->root().at("/user/role").text(), "admin");
  EXPECT_EQ(admin->root().at("/user/email").text(), ZendeskAccess::kAdminEmail);
  const auto agent = parsed(account.send("GET", "/api/v2/users/me", account.agent()).body);
  EXPECT_EQ(agent->root().at("/user/role").text(), "agent");
}

TEST(ZendeskCount, IsWithoutTheDeleted) {
  ZendeskAccount account({.items = 300});
  const auto truth = parsed(account.product().truth());
  const auto count = parsed(account.get("/api/v2/tickets/count").body);
  EXPECT_EQ(count->root().at("/count/value").integer(),
            300 - static_cast<std::int64_t>(truth->root().member("deleted").size()));
}

}  // namespace
}  // namespace earshot::sandbox

#include <map>
#include <string>
#include <utility>

#include "zendesk_run.hpp"

namespace earshot::core {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

const std::map<std::string, std::string> kClientMembers{
    {"subdomain", "acme"}, {"client_id", "earshot"}, {"client_secret", "invented-client-secret"}};
const std::map<std::string, std::string> kRefreshMembers{
    {"subdomain", "acme"},
    {"client_id", "earshot"},
    {"client_secret", "invented-client-secret"},
    {"refresh_token", "invented-refresh-token"}};

using ZendeskAuthentication = ZendeskRun;

TEST_F(ZendeskAuthentication, ReportsTheAccountOfAnAdministrator) {
  const auto report = authenticate(cassette("authenticate"));
  ASSERT_TRUE(report.has_value()) << report.error().message;
  EXPECT_EQ(report->id, "acme");
  EXPECT_EQ(report->name, "acme.zendesk.com");
}

TEST_F(ZendeskAuthentication, IsNotFooledByAnAnonymousUser) {
  const Error error = refusal("auth_fail", 0);
  EXPECT_EQ(error.code, Code::auth);
  EXPECT_THAT(error.message, HasSubstr("anonymous"));
}

TEST_F(ZendeskAuthentication, PassesOnWhyCredentialsAreRefused) {
  const Error error = refusal("auth_fail", 1);
  EXPECT_EQ(error.code, Code::auth);
  EXPECT_THAT(error.message, HasSubstr("Couldn't authenticate you"));
}

TEST_F(ZendeskAuthentication, TellsAnAgentThatExportsNeedAnAdministrator) {
  const Error error = refusal("auth_fail", 2);
  EXPECT_EQ(error.code, Code::forbidden);
  EXPECT_THAT(error.message, HasSubstr("'agent'"));
  EXPECT_THAT(error.message, HasSubstr("'admin'"));
}

TEST_F(ZendeskAuthentication, TellsAnExpiredTokenFromAWrongOne) {
  EXPECT_EQ(refusal("auth_fail", 3).code, Code::auth_expired);
}

TEST_F(ZendeskAuthentication, NamesTheScopeThatIsMissing) {
  const Error error = refusal("auth_fail", 4);
  EXPECT_EQ(error.code, Code::forbidden);
  EXPECT_THAT(error.message, HasSubstr("required scopes: read"));
}

TEST_F(ZendeskAuthentication, SaysThatThereIsNoSuchAccount) {
  EXPECT_EQ(refusal("auth_fail", 6).code, Code::not_found);
}

TEST_F(ZendeskAuthentication, GetsATokenWithClientCredentials) {
  auto exchanges = cassette("oauth_client");
  exchanges.resize(2);
  const auto report = authenticate(std::move(exchanges), kClientMembers);
  ASSERT_TRUE(report.has_value()) << report.error().message;
  ASSERT_EQ(requests.size(), 2U);
  const auto asked = JsonDocument::parse(requests[0].body);
  ASSERT_TRUE(asked.has_value());
  const JsonValue body = asked.value()->root();
  EXPECT_EQ(body.member("grant_type").text(), "client_credentials");
  EXPECT_EQ(body.member("client_id").text(), "earshot");
  EXPECT_EQ(body.member("client_secret").text(), "invented-client-secret");
  EXPECT_EQ(body.member("scope").text(), "read write");
  EXPECT_EQ(requests[1].headers.get("authorization"), "Bearer invented-access-token");
}

TEST_F(ZendeskAuthentication, RefusesAClientThatZendeskDoesNotKnow) {
  const auto report = authenticate({cassette("oauth_client").at(2)}, kClientMembers);
  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(report.error().code, Code::auth);
  EXPECT_THAT(report.error().message, HasSubstr("unknown client"));
}

TEST_F(ZendeskAuthentication, RefreshesATokenOnceForSeveralRuns) {
  auto exchanges = cassette("oauth_refresh");
  exchanges.resize(2);
  const CassetteEntry administrator = exchanges.at(1);
  ASSERT_TRUE(authenticate(std::move(exchanges), kRefreshMembers).has_value());
  ASSERT_EQ(requests.size(), 2U);
  const auto asked = JsonDocument::parse(requests[0].body);
  ASSERT_TRUE(asked.has_value());
  EXPECT_EQ(asked.value()->root().member("grant_type").text(), "refresh_token");
  EXPECT_EQ(asked.value()->root().member("refresh_token").text(), "invented-refresh-token");
  EXPECT_EQ(requests[1].headers.get("authorization"), "Bearer invented-access-token");

  const auto again = authenticate({administrator}, kRefreshMembers);
  ASSERT_TRUE(again.has_value()) << again.error().message;
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(requests[0].headers.get("authorization"), "Bearer invented-access-token");
}

TEST_F(ZendeskAuthentication, NeedsToBeAuthorizedAnewWhereTheRefreshTokenIsTakenNoMore) {
  const auto refused = authenticate({cassette("oauth_refresh").at(2)}, kRefreshMembers);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, Code::auth);
  EXPECT_THAT(refused.error().message, HasSubstr("needs_reauth"));
  EXPECT_THAT(refused.error().message, HasSubstr("authorize again"));
  const auto again = authenticate({}, kRefreshMembers);
  ASSERT_FALSE(again.has_value());
  EXPECT_EQ(again.error().message, refused.error().message);
  EXPECT_THAT(requests, IsEmpty());
  Members changed = kRefreshMembers;
  changed["refresh_token"] = "invented-new-refresh-token";
  auto exchanges = cassette("oauth_refresh");
  exchanges.resize(2);
  EXPECT_TRUE(authenticate(std::move(exchanges), changed).has_value());
}

}  // namespace
}  // namespace earshot::core

#include <algorithm>
#include <string>
#include <vector>

#include <gmock/gmock.h>

#include <earshot/core/traffic/limiter.hpp>

#include "plugin/plugin_folder.hpp"

namespace earshot::core {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class ZendeskManifest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(reading_.manifest.has_value()); }
  [[nodiscard]] const Manifest& manifest() const { return *reading_.manifest; }

 private:
  ManifestReading reading_ = plugin_manifest();
};

TEST_F(ZendeskManifest, NamesTheProductAndWhatItGives) {
  EXPECT_EQ(manifest().name, "zendesk");
  EXPECT_EQ(manifest().required_config(), "subdomain");
  EXPECT_THAT(manifest().provides, ElementsAre("feedback", "webhooks"));
  EXPECT_THAT(manifest().reads_secrets, IsEmpty());
  EXPECT_EQ(manifest().endpoints.at("api").url, "https://{subdomain}.zendesk.com");
}

TEST_F(ZendeskManifest, KeepsEverySecretOutOfTheConfig) {
  for (const char* secret : {"api_token", "access_token", "client_secret", "webhook_secret"}) {
    EXPECT_TRUE(manifest().is_secret(secret)) << secret;
  }
  for (const char* plain : {"subdomain", "email", "client_id", "page_size", "comments"}) {
    EXPECT_FALSE(manifest().is_secret(plain)) << plain;
  }
}

TEST_F(ZendeskManifest, TakesASubdomainThatIsOneLabel) {
  const JsonValue schema = manifest().config_schema();
  const auto is_taken = [&](const std::string& subdomain) {
    const auto config = JsonDocument::parse(R"({"subdomain":")" + subdomain + R"("})");
    return check_schema(schema, config.value()->root()).empty();
  };
  EXPECT_TRUE(is_taken("acme"));
  EXPECT_TRUE(is_taken("acme-support2"));
  EXPECT_FALSE(is_taken(""));
  EXPECT_FALSE(is_taken("acme.zendesk.com"));
  EXPECT_FALSE(is_taken("acme/x"));
  EXPECT_FALSE(is_taken("acme@evil"));
  EXPECT_FALSE(is_taken("-acme"));
}

TEST_F(ZendeskManifest, OffersFourWaysToAuthorize) {
  const auto& auth = manifest().auth;
  ASSERT_EQ(auth.size(), 4U);
  EXPECT_EQ(auth[0].scheme, AuthAlternative::Scheme::oauth2_refresh_token);
  EXPECT_EQ(auth[0].token_url, "{api}/oauth/tokens");
  EXPECT_TRUE(auth[0].token_request_json);
  EXPECT_THAT(auth[0].required, ElementsAre("client_id", "client_secret", "refresh_token"));
  EXPECT_EQ(auth[1].scheme, AuthAlternative::Scheme::oauth2_client_credentials);
  EXPECT_EQ(auth[1].token_url, "{api}/oauth/tokens");
  EXPECT_EQ(auth[1].scope, "read write");
  EXPECT_TRUE(auth[1].token_request_json);
  EXPECT_THAT(auth[1].required, ElementsAre("client_id", "client_secret"));
  EXPECT_EQ(auth[2].scheme, AuthAlternative::Scheme::bearer);
  EXPECT_THAT(auth[2].required, ElementsAre("access_token"));
  EXPECT_EQ(auth[3].scheme, AuthAlternative::Scheme::basic);
  EXPECT_EQ(auth[3].username, "{email}/token");
  EXPECT_THAT(auth[3].required, ElementsAre("email", "api_token"));
}

TEST_F(ZendeskManifest, DrawsExportsOnTheirOwnBudget) {
  const RateLimiter limiter(manifest().limits);
  EXPECT_EQ(limiter.most_specific("/api/v2/incremental/tickets/cursor.json")->bucket,
            "incremental");
  EXPECT_EQ(limiter.most_specific("/api/v2/incremental/tickets/cursor.json")->requests, 10U);
  EXPECT_EQ(limiter.most_specific("/api/v2/users/me")->bucket, "account");
  EXPECT_EQ(limiter.most_specific("/api/v2/users/me")->requests, 400U);
}

TEST_F(ZendeskManifest, LetsTheProductsHeadersCorrectTheBudgets) {
  RateLimiter limiter(manifest().limits);
  const LimitDraw draw{.path = "/api/v2/incremental/tickets/cursor.json", .key = {}};
  const Tick now{};
  limiter.book(draw, now);
  limiter.learn(draw,
                {{"X-Rate-Limit", "700"},
                 {"X-Rate-Limit-Remaining", "650"},
                 {"ratelimit-reset", "41"},
                 {"zendesk-ratelimit-incremental-exports", "total=30; remaining=0; resets=41"}},
                now, Time{});
  EXPECT_GT(limiter.delay(draw, now), std::chrono::seconds(30));
  EXPECT_EQ(limiter.delay({.path = "/api/v2/users/me", .key = {}}, now), Micros(0));
  const auto views = limiter.view(now);
  const auto account = std::find_if(
      views.begin(), views.end(), [](const BudgetView& view) { return view.bucket == "account"; });
  ASSERT_NE(account, views.end());
  EXPECT_EQ(account->limit, 700U);
  EXPECT_EQ(account->left, 650U);
}

}  // namespace
}  // namespace earshot::core

#include <string>
#include <vector>

#include <gmock/gmock.h>

#include <earshot/core/traffic/limiter.hpp>

#include "plugin/plugin_folder.hpp"

namespace earshot::core {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

class IntercomManifest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(reading_.manifest.has_value()); }
  [[nodiscard]] const Manifest& manifest() const { return *reading_.manifest; }
  [[nodiscard]] bool is_taken(const std::string& config) const {
    const auto document = JsonDocument::parse(config);
    return check_schema(manifest().config_schema(), document.value()->root()).empty();
  }

 private:
  ManifestReading reading_ = plugin_manifest();
};

TEST_F(IntercomManifest, NamesTheProductAndWhatItGives) {
  EXPECT_EQ(manifest().name, "intercom");
  EXPECT_EQ(manifest().required_config(), "access_token");
  EXPECT_THAT(manifest().provides, ElementsAre("feedback", "webhooks"));
  EXPECT_THAT(manifest().reads_secrets, IsEmpty());
}

TEST_F(IntercomManifest, AsksAlwaysForTheVersionItWasWrittenFor) {
  EXPECT_THAT(manifest().endpoints.at("api").headers,
              ElementsAre(Pair("Intercom-Version", "2.16")));
}

TEST_F(IntercomManifest, KnowsTheThreeRegions) {
  EXPECT_EQ(manifest().endpoints.at("api").url, "https://{api_host}");
  for (const char* host : {"api.intercom.io", "api.eu.intercom.io", "api.au.intercom.io"}) {
    EXPECT_TRUE(is_taken(R"({"access_token":"x","api_host":")" + std::string(host) + "\"}"));
    EXPECT_THAT(manifest().endpoints.at("api").suffixes, testing::Contains(host));
  }
  EXPECT_FALSE(is_taken(R"({"access_token":"x","api_host":"api.evil.example"})"));
}

TEST_F(IntercomManifest, KeepsEverySecretOutOfTheConfig) {
  EXPECT_TRUE(manifest().is_secret("access_token"));
  EXPECT_TRUE(manifest().is_secret("client_secret"));
  for (const char* plain : {"api_host", "contacts", "page_size"}) {
    EXPECT_FALSE(manifest().is_secret(plain)) << plain;
  }
}

TEST_F(IntercomManifest, TakesPagesThatIntercomTakes) {
  EXPECT_TRUE(is_taken(R"({"access_token":"x","page_size":150})"));
  EXPECT_FALSE(is_taken(R"({"access_token":"x","page_size":151})"));
  EXPECT_FALSE(is_taken(R"({"access_token":"x","page_size":0})"));
  EXPECT_FALSE(is_taken(R"({"page_size":10})"));
}

TEST_F(IntercomManifest, AuthorizesWithTheTokenFromTheEnvironmentToo) {
  ASSERT_EQ(manifest().auth.size(), 1U);
  EXPECT_EQ(manifest().auth[0].scheme, AuthAlternative::Scheme::bearer);
  EXPECT_EQ(manifest().auth[0].token, "{access_token}");
  EXPECT_EQ(manifest().config_schema().at("/properties/access_token/x-env").text(),
            "INTERCOM_ACCESS_TOKEN");
}

TEST_F(IntercomManifest, ChecksDeliveriesAsIntercomSignsThem) {
  const JsonValue signature = manifest().document->root().at("/webhooks/signature");
  EXPECT_EQ(signature.member("scheme").text(), "hmac-sha1");
  EXPECT_EQ(signature.member("header").text(), "x-hub-signature");
  EXPECT_EQ(signature.member("prefix").text(), "sha1=");
  EXPECT_EQ(signature.member("signed").text(), "{body}");
  EXPECT_EQ(signature.member("secret").text(), "client_secret");
}

TEST_F(IntercomManifest, StartsWithFiveHundredAMinuteAndABurstOfAThousand) {
  RateLimiter limiter(manifest().limits);
  const LimitDraw draw{.path = "/conversations/search", .key = {}};
  const Tick now{};
  for (int request = 0; request < 1000; ++request) {
    ASSERT_EQ(limiter.book(draw, now), Micros(0)) << request;
  }
  const Micros next = limiter.delay(draw, now);
  EXPECT_GT(next, std::chrono::milliseconds(100));
  EXPECT_LT(next, std::chrono::milliseconds(130));
}

TEST_F(IntercomManifest, LetsTheProductsWindowsWin) {
  RateLimiter limiter(manifest().limits);
  const LimitDraw draw{.path = "/conversations/1", .key = {}};
  const Tick now{};
  for (int request = 0; request < 1000; ++request) limiter.book(draw, now);
  limiter.learn(draw,
                {{"X-RateLimit-Limit", "1666"},
                 {"X-RateLimit-Remaining", "666"},
                 {"X-RateLimit-Reset", "1772456407"}},
                now, *parse_time("2026-03-02T13:00:00Z"));
  EXPECT_EQ(limiter.delay(draw, now), Micros(0));
  EXPECT_EQ(limiter.view(now).front().left, 666U);
}

TEST_F(IntercomManifest, LetsTheProductsHeadersStopIt) {
  RateLimiter limiter(manifest().limits);
  const LimitDraw draw{.path = "/me", .key = {}};
  const Tick now{};
  const Time calendar = *parse_time("2026-03-02T13:00:00Z");
  limiter.book(draw, now);
  limiter.learn(draw,
                {{"X-RateLimit-Limit", "166"},
                 {"X-RateLimit-Remaining", "0"},
                 {"X-RateLimit-Reset", "1772456407"}},
                now, calendar);
  EXPECT_EQ(limiter.delay(draw, now), std::chrono::seconds(7));
}

}  // namespace
}  // namespace earshot::core

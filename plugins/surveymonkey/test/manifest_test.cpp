#include <chrono>
#include <string>

#include <gmock/gmock.h>

#include <earshot/core/traffic/limiter.hpp>

#include "plugin/plugin_folder.hpp"

namespace earshot::core {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

class SurveyMonkeyManifest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(reading_.manifest.has_value()); }
  [[nodiscard]] const Manifest& manifest() const { return *reading_.manifest; }
  [[nodiscard]] bool takes(const std::string& config) const {
    const auto parsed = JsonDocument::parse(config);
    return check_schema(manifest().config_schema(), parsed.value()->root()).empty();
  }

 private:
  ManifestReading reading_ = plugin_manifest();
};

TEST_F(SurveyMonkeyManifest, NamesTheProductAndWhatItGives) {
  EXPECT_EQ(manifest().name, "surveymonkey");
  EXPECT_EQ(manifest().required_config(), "access_token");
  EXPECT_THAT(manifest().provides, ElementsAre("feedback", "webhooks"));
  EXPECT_THAT(manifest().needs, ElementsAre("ear.text/1"));
  EXPECT_THAT(manifest().reads_secrets, IsEmpty());
  EXPECT_THAT(manifest().events,
              UnorderedElementsAre("survey_response.created", "survey_response.updated",
                                   "survey_response.deleted"));
}

TEST_F(SurveyMonkeyManifest, KeepsEverySecretOutOfTheConfig) {
  for (const char* secret : {"access_token", "client_secret"}) {
    EXPECT_TRUE(manifest().is_secret(secret)) << secret;
  }
  for (const char* plain : {"host", "surveys", "statuses", "page_size", "client_id"}) {
    EXPECT_FALSE(manifest().is_secret(plain)) << plain;
  }
}

TEST_F(SurveyMonkeyManifest, TakesItsTokenFromTheEnvironment) {
  EXPECT_EQ(manifest().config_schema().at("/properties/access_token/x-env").text(),
            "SURVEYMONKEY_ACCESS_TOKEN");
}

TEST_F(SurveyMonkeyManifest, TakesTheThreeRegionsAndPagesOfAHundred) {
  EXPECT_TRUE(takes(R"({"access_token":"t","host":"api.surveymonkey.ca"})"));
  EXPECT_FALSE(takes(R"({"access_token":"t","host":"api.example.com"})"));
  EXPECT_FALSE(takes(R"({"access_token":"t","page_size":101})"));
  EXPECT_FALSE(takes(R"({"access_token":"t","surveys":[]})"));
  EXPECT_FALSE(takes(R"({"access_token":"t","statuses":["finished"]})"));
  EXPECT_FALSE(takes(R"({"access_token":"t","client_id":"c"})")) << "without its secret";
  EXPECT_FALSE(takes(R"({"host":"api.surveymonkey.com"})"));
}

TEST_F(SurveyMonkeyManifest, DrawsOnTheMinuteAndOnTheDay) {
  RateLimiter limiter(manifest().limits);
  const LimitDraw draw{.path = "/v3/surveys", .key = {}};
  const Tick now{};
  const auto told = [&](const char* minute, const char* day) {
    limiter.book(draw, now);
    limiter.learn(draw,
                  {{"x-ratelimit-app-global-minute-limit", "120"},
                   {"x-ratelimit-app-global-minute-remaining", minute},
                   {"x-ratelimit-app-global-minute-reset", "54"},
                   {"x-ratelimit-app-global-day-limit", "500"},
                   {"x-ratelimit-app-global-day-remaining", day},
                   {"x-ratelimit-app-global-day-reset", "72714"}},
                  now, Time{});
  };
  told("119", "245");
  EXPECT_EQ(limiter.delay(draw, now), Micros(0));
  told("0", "244");
  EXPECT_EQ(limiter.delay(draw, now), std::chrono::seconds(54));
  told("0", "0");
  EXPECT_GE(limiter.delay(draw, now), std::chrono::seconds(72714));
  EXPECT_EQ(limiter.delay(draw, now + std::chrono::seconds(72716)), Micros(0))
      << "the day's quota is whole again at once";
}

}  // namespace
}  // namespace earshot::core

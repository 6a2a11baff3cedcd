#include <gmock/gmock.h>

#include "core/config/config_fixture.hpp"

namespace earshot::core {
namespace {

using testing::HasSubstr;

TEST_F(Config, FillsInFromVariablesWhatIsAbsent) {
  environment_ = {{"ACME_SIZE", "7"}};
  EXPECT_EQ(integration(kMembers).config->root().member("size").integer(), 7);
  EXPECT_EQ(integration("    config: {account: shop, size: 3}\n"
                        "    credentials: {token: \"${TOKEN}\"}\n")
                .config->root()
                .member("size")
                .integer(),
            3);
}

TEST_F(Config, LeavesValuesOfVariablesAsTheyAre) {
  environment_ = {{"ACME_KEY_ID", "1"}, {"ACME_KEY", "file:${HOME}"}};
  manifest_.auth.pop_back();
  EXPECT_EQ(integration(kMembers).credentials.at("key").reveal(), "file:${HOME}");
}

TEST_F(Config, TakesNoOtherCredentialsThanThoseThatTheFileHas) {
  environment_ = {{"ACME_KEY_ID", "1"}, {"ACME_KEY", "k"}};
  const IntegrationSettings settings = integration(kMembers);
  EXPECT_FALSE(settings.credentials.contains("key")) << "the token authorizes already";
  EXPECT_FALSE(settings.config->root().member("key_id").exists());
}

TEST_F(Config, FillsInNothingForTwoIntegrationsAtOnce) {
  environment_ = {{"ACME_SIZE", "7"}};
  const std::string members(kMembers);
  EXPECT_EQ(issues("integrations:\n  desk:\n    plugin: acme\n" + members +
                   "  shop:\n    plugin: acme\n" + members),
            "earshot.yaml:4: integrations.desk.config.size: is left out, and ACME_SIZE would fill "
            "it in for 2 integrations at once; say it in each of them, as ${VARIABLE} of its own\n"
            "earshot.yaml:8: integrations.shop.config.size: is left out, and ACME_SIZE would fill "
            "it in for 2 integrations at once; say it in each of them, as ${VARIABLE} of its "
            "own\n");
}

TEST_F(Config, NamesTheVariableOfWhatIsWrong) {
  environment_ = {{"ACME_SIZE", "seven"}};
  EXPECT_THAT(issues("integrations:\n  desk:\n    plugin: acme\n" + std::string(kMembers)),
              HasSubstr("integrations.desk.config.size: expected an integer, found \"seven\"; it "
                        "comes from ACME_SIZE\n"));
}

TEST_F(Config, ChecksAnIntegrationOfTheEnvironmentAlone) {
  const std::map<std::string, std::string> variables{{"ACME_KEY_ID", "1"}, {"ACME_KEY", "k"}};
  const Environment environment = [&](const std::string& name) {
    const auto set = variables.find(name);
    return set == variables.end() ? std::nullopt : std::optional(set->second);
  };
  const ConfigReading reading =
      check_integration("acme", manifest_, {{"account", "shop"}, {"token", "t-1"}}, environment);
  ASSERT_TRUE(reading.settings.has_value());
  EXPECT_FALSE(reading.settings->integrations.at(0).credentials.contains("key"));
  const ConfigReading lacking = check_integration("acme", manifest_, {}, environment);
  EXPECT_FALSE(lacking.settings.has_value());
}

}  // namespace
}  // namespace earshot::core

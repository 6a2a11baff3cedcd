#include <algorithm>

#include <gmock/gmock.h>

#include <earshot/core/base/file.hpp>

#include "core/config/config_fixture.hpp"

namespace earshot::core {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST_F(Config, TakesListsAsPeopleTypeThem) {
  const auto typed = [this](const std::string& boards) {
    return check_integration("acme", manifest_,
                             {{"account", "shop"}, {"token", "t-1"}, {"boards", boards}});
  };
  const ConfigReading reading = typed("[7, two words, '${NOT_FILLED_IN}']");
  ASSERT_TRUE(reading.settings.has_value());
  EXPECT_EQ(reading.settings->integrations.at(0).config->root().member("boards").dump(),
            R"(["7","two words","${NOT_FILLED_IN}"])");
  EXPECT_FALSE(typed("seven").settings.has_value());
  EXPECT_FALSE(typed("[7, ").settings.has_value());
}

TEST_F(Config, TakesTypesFromTheSchema) {
  const IntegrationSettings settings = integration(
      "    config: {account: \"${ACCOUNT}\", page_size: \"${SIZE:-20}\", drafts: true}\n"
      "    credentials: {token: \"${TOKEN}\"}\n");
  ASSERT_NE(settings.config, nullptr);
  EXPECT_EQ(settings.config->root().member("account").text(), "007");
  EXPECT_TRUE(settings.config->root().member("account").is_string());
  EXPECT_EQ(settings.config->root().member("page_size").integer(), 20);
  EXPECT_TRUE(settings.config->root().member("drafts").truthy());
  EXPECT_FALSE(settings.config->root().member("token").exists()) << "secrets are no config";
  EXPECT_EQ(settings.credentials.at("token").reveal(), "t-123");
}

TEST_F(Config, FillsInDefaults) {
  EXPECT_EQ(integration(kMembers).config->root().member("page_size").integer(), 50);
}

TEST_F(Config, TellsAllMistakesAtOnce) {
  EXPECT_EQ(
      issues("data_dri: x\n"
             "integrations:\n"
             "  desk:\n"
             "    plugin: acme\n"
             "    base_url: http://desk.example.com\n"
             "    config:\n"
             "      acount: shop\n"
             "      token: t-1\n"
             "      page_size: 0\n"
             "    limits:\n"
             "      acount: off\n"
             "  other:\n"
             "    plugin: acne\n"
             "    config: {account: \"${UNSET}\"}\n"),
      R"(earshot.yaml:14: integrations.other.config.account: environment variable UNSET is not set; set it, or give a default as ${UNSET:-...}
earshot.yaml:1: data_dri: is unknown; did you mean "data_dir"?
earshot.yaml:5: integrations.desk.base_url: would send credentials in the clear; http is for 127.0.0.1 only, use https
earshot.yaml:11: integrations.desk.limits.acount: is no bucket of plugin 'acme'; there are: account, search
earshot.yaml:7: integrations.desk.config.acount: is no setting of plugin 'acme'; did you mean 'account'?
earshot.yaml:8: integrations.desk.config.token: is a secret; move it to 'credentials' as ${VARIABLE} or file:PATH
earshot.yaml:6: integrations.desk.config.account: is required (Account)
earshot.yaml:9: integrations.desk.config.page_size: must be at least 1, found 0
earshot.yaml:3: warning: integrations.desk.credentials.token: is a literal secret in a file; better ${VARIABLE} or file:PATH
earshot.yaml:13: integrations.other.plugin: there is no plugin 'acne' in plugin_dirs; did you mean 'acme'?
)");
}

TEST_F(Config, NamesItsIntegrationsWhereTheyHaveMistakesToo) {
  EXPECT_THAT(read("integrations:\n  desk:\n    plugin: acme\n  other: {plugin: none}\n").names,
              ElementsAre("desk", "other"));
}

TEST_F(Config, LeavesSecretsInTheFileWithAWarning) {
  const ConfigReading reading = read(
      "integrations:\n  desk:\n    plugin: acme\n    config: {account: shop}\n"
      "    credentials:\n      token: t-1\n");
  ASSERT_TRUE(reading.settings.has_value());
  ASSERT_EQ(reading.issues.size(), 1U);
  EXPECT_TRUE(reading.issues.front().warning);
  EXPECT_EQ(reading.issues.front().line, 6);
  EXPECT_EQ(reading.issues.front().path, "integrations.desk.credentials.token");
}

TEST_F(Config, WarnsOfASecretThatStandsThereAsADefault) {
  const auto warned = [this](const std::string& token) {
    return issues(
        "integrations:\n  desk:\n    plugin: acme\n    config: {account: shop}\n"
        "    credentials: {token: \"" +
        token + "\"}\n");
  };
  for (const char* literal : {"${NOPE:-sekrit}", "${TOKEN:-sekrit}"}) {
    EXPECT_EQ(
        warned(literal),
        "earshot.yaml:5: warning: integrations.desk.credentials.token: is a literal secret in "
        "a file; better ${VARIABLE} or file:PATH\n")
        << literal;
  }
  EXPECT_EQ(warned("${TOKEN:-}"), "");
}

TEST_F(Config, ShowsNoSecretThatIsNotWellFormed) {
  const std::string told = issues(
      "integrations:\n  desk:\n    plugin: acme\n    config: {account: shop}\n"
      "    credentials: {token: CANARY_31415926}\n");
  EXPECT_THAT(told, HasSubstr("integrations.desk.credentials.token"));
  EXPECT_THAT(told, Not(HasSubstr("CANARY")));
}

TEST_F(Config, ReadsSecretsFromFilesBesideIt) {
  ASSERT_TRUE(write_file(dir_.path() / "token", "from-a-file\n", 0600).has_value());
  const IntegrationSettings settings =
      integration("    config: {account: shop}\n    credentials: {token: file:token}\n");
  EXPECT_EQ(settings.credentials.at("token").reveal(), "from-a-file");
}

TEST_F(Config, SaysWhichSecretFileIsMissing) {
  EXPECT_THAT(issues("integrations:\n  desk:\n    plugin: acme\n    config: {account: shop}\n"
                     "    credentials: {token: \"file:nowhere\"}\n"),
              HasSubstr("earshot.yaml:5: integrations.desk.credentials.token: "));
}

TEST_F(Config, SaysWhichSecretFileIsEmpty) {
  ASSERT_TRUE(write_file(dir_.path() / "token", " \n", 0600).has_value());
  EXPECT_EQ(issues("integrations:\n  desk:\n    plugin: acme\n    config: {account: shop}\n"
                   "    credentials: {token: \"file:token\"}\n"),
            "earshot.yaml:5: integrations.desk.credentials.token: " +
                (dir_.path() / "token").string() + " is empty; put the secret into it\n");
}

TEST_F(Config, ChecksWhatASecretFileHolds) {
  ASSERT_TRUE(write_file(dir_.path() / "token", "CANARY_31415926", 0600).has_value());
  const std::string told = issues(
      "integrations:\n  desk:\n    plugin: acme\n    config: {account: shop}\n"
      "    credentials: {token: \"file:token\"}\n");
  EXPECT_THAT(told, HasSubstr("earshot.yaml:5: integrations.desk.credentials.token: "));
  EXPECT_THAT(told, Not(HasSubstr("CANARY")));
}

TEST_F(Config, ResolvesPathsAgainstItself) {
  const ConfigReading reading = read("data_dir: state\nplugin_dirs: [plugins, /opt/plugins]\n");
  ASSERT_TRUE(reading.settings.has_value());
  EXPECT_EQ(reading.settings->data_dir, dir_.path() / "state");
  EXPECT_THAT(reading.settings->plugin_dirs,
              ElementsAre(dir_.path() / "plugins", std::filesystem::path("/opt/plugins")));
}

TEST_F(Config, GivesWayToOverrides) {
  const ConfigReading reading =
      read("data_dir: state\n", {.plugin_dirs = {"/a"}, .data_dir = "/b"});
  ASSERT_TRUE(reading.settings.has_value());
  EXPECT_EQ(reading.settings->data_dir, "/b");
  EXPECT_THAT(reading.settings->plugin_dirs, ElementsAre(std::filesystem::path("/a")));
}

TEST_F(Config, ChangesLimitsOrTurnsThemOff) {
  const IntegrationSettings settings =
      integration(std::string(kMembers) +
                  "    limits: {account: {requests: 5, per: 1s, burst: 2}, search: \"off\"}\n");
  ASSERT_EQ(settings.limits.size(), 2U);
  ASSERT_TRUE(settings.limits.at("account").has_value());
  EXPECT_EQ(settings.limits.at("account")->requests, 5U);
  EXPECT_EQ(settings.limits.at("account")->per, std::chrono::seconds(1));
  EXPECT_EQ(settings.limits.at("account")->burst, 2U);
  EXPECT_FALSE(settings.limits.at("search").has_value());
}

TEST_F(Config, RefusesDurationsThatCannotBeMeant) {
  EXPECT_EQ(issues("http:\n  timeout: 0s\n  connect_timeout: 0ms\n  max_wait: 99999999999d\n"
                   "  retry_delay: 0s\n"
                   "integrations:\n  desk:\n    plugin: acme\n" +
                   std::string(kMembers) +
                   "    limits: {account: {requests: 5, per: 0s}}\n"
                   "    schedule:\n      every: 0m\n"
                   "    http:\n      timeout: 3651d\n"),
            "earshot.yaml:2: http.timeout: must be more than 0\n"
            "earshot.yaml:3: http.connect_timeout: must be more than 0\n"
            "earshot.yaml:4: http.max_wait: is too long; at most 3650d\n"
            "earshot.yaml:15: integrations.desk.http.timeout: is too long; at most 3650d\n"
            "earshot.yaml:13: integrations.desk.schedule.every: must be more than 0\n"
            "earshot.yaml:11: integrations.desk.limits.account.per: must be more than 0\n");
}

TEST_F(Config, RefusesHttpExceptToThisMachine) {
  const auto with = [](const std::string& url) {
    return "integrations:\n  desk:\n    plugin: acme\n" + std::string(kMembers) +
           "    base_url: " + url + "\n";
  };
  for (const char* good : {"http://127.0.0.1:8080", "http://localhost:1", "https://desk.example"})
    EXPECT_EQ(issues(with(good)), "") << good;
  EXPECT_EQ(issues(with("http://desk.example.com")),
            "earshot.yaml:6: integrations.desk.base_url: would send credentials in the clear; "
            "http is for 127.0.0.1 only, use https\n");
}

TEST_F(Config, TellsABaseUrlThatIsNoneOnce) {
  for (const char* none : {"nonsense", "ftp://desk.example.com", "https://desk.example.com/path"}) {
    const std::string told = issues("integrations:\n  desk:\n    plugin: acme\n" +
                                    std::string(kMembers) + "    base_url: " + none + "\n");
    EXPECT_EQ(std::count(told.begin(), told.end(), '\n'), 1) << told;
    EXPECT_THAT(told, HasSubstr("earshot.yaml:6: integrations.desk.base_url: "));
    EXPECT_NE(base_url_mistake(none), "") << none;
  }
}

TEST_F(Config, FindsMistakesInAMappingByLine) {
  const std::string told =
      issues("integrations:\n  desk:\n    plugin: acme\n" + std::string(kMembers) +
             "    mapping:\n      itme:\n        title: /subject\n"
             "      item:\n        titel: /subject\n");
  EXPECT_THAT(told, HasSubstr("earshot.yaml:7: integrations.desk.mapping.itme: is no record of "
                              "plugin 'acme'; did you mean 'item'?\n"));
  EXPECT_THAT(told, HasSubstr("earshot.yaml:10: integrations.desk.mapping.item.titel: "));
}

TEST_F(Config, RefusesKeysThatStandTwice) {
  EXPECT_THAT(issues("data_dir: a\ndata_dir: b\n"),
              HasSubstr("earshot.yaml:2: data_dir: stands twice; keep one\n"));
}

TEST_F(Config, RefusesNumbersBeyondAllMeasure) {
  EXPECT_THAT(issues("data_dir: a\nhttp:\n  max_retries: 1e999\n"),
              HasSubstr("earshot.yaml:3: http.max_retries: "));
  EXPECT_THAT(issues("integrations:\n  desk:\n    plugin: acme\n"
                     "    config: {account: shop, page_size: -1e999}\n"
                     "    credentials: {token: \"${TOKEN}\"}\n"),
              HasSubstr("earshot.yaml:4: integrations.desk.config.page_size: "));
}

TEST_F(Config, TakesTextThatLooksLikeAHugeNumber) {
  const IntegrationSettings settings =
      integration("    config: {account: 1e999}\n    credentials: {token: \"${TOKEN}\"}\n");
  ASSERT_NE(settings.config, nullptr);
  EXPECT_EQ(settings.config->root().member("account").text(), "1e999");
}

TEST_F(Config, DoesNotBeginWithAComma) {
  EXPECT_EQ(issues(","), "earshot.yaml:1: is not valid YAML: begins with no value\n");
  EXPECT_EQ(issues("data_dir: a\n---\n, b"),
            "earshot.yaml:3: is not valid YAML: begins with no value\n");
}

TEST_F(Config, IsOneDocument) {
  EXPECT_EQ(issues("data_dir: a\n---\nhttp: {}\n"),
            "earshot.yaml:3: begins a second document; remove the '---' before\n");
  for (const char* one :
       {"---\ndata_dir: a\n", "data_dir: a\n---\n", "---\n", "data_dir: a\n...\n"})
    EXPECT_EQ(issues(one), "") << one;
}

TEST_F(Config, IsEmptyWhereTheFileIs) {
  const ConfigReading reading = read("");
  ASSERT_TRUE(reading.settings.has_value());
  EXPECT_TRUE(reading.settings->integrations.empty());
  EXPECT_EQ(reading.settings->data_dir, dir_.path() / "data");
}

TEST_F(Config, SurvivesWhatIsNoConfiguration) {
  std::string aliases = "a0: &a0 [x, x]\n";
  for (int i = 1; i < 40; ++i) {
    const std::string last = "*a" + std::to_string(i - 1);
    aliases +=
        "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + last + ", " + last + "]\n";
  }
  const std::string open(100'000, '[');
  const std::string deep = "data_dir: " + std::string(200, '[') + std::string(200, ']');
  for (const std::string& text :
       {aliases, open, deep, std::string("integrations: [a, b]"), std::string("integrations: 5"),
        std::string("integrations: {desk: [a]}"), std::string("[a]"), std::string("5"),
        std::string("a: &a [*a]"), std::string("{"), std::string("? [a]\n: b"),
        std::string((1U << 20) + 1, '#')}) {
    const ConfigReading reading = read(text);
    EXPECT_FALSE(reading.settings.has_value()) << text.substr(0, 60);
    EXPECT_FALSE(reading.issues.empty()) << text.substr(0, 60);
  }
}

TEST_F(Config, SaysWhereTheLogGoes) {
  const ConfigReading reading =
      read("log: {file: logs/earshot.log, level: debug, max_size: 512KiB, max_files: 5}\n");
  ASSERT_TRUE(reading.settings.has_value());
  const LogSettings& log = reading.settings->log;
  EXPECT_EQ(log.file, dir_.path() / "logs" / "earshot.log");
  EXPECT_EQ(log.level, LogLevel::debug);
  EXPECT_EQ(log.max_size, 512U * 1024);
  EXPECT_EQ(log.max_files, 5U);
}

TEST_F(Config, LogsToStandardErrorWithoutAWord) {
  const ConfigReading reading = read("");
  ASSERT_TRUE(reading.settings.has_value());
  EXPECT_TRUE(reading.settings->log.file.empty());
  EXPECT_EQ(reading.settings->log.level, std::nullopt);
  EXPECT_EQ(reading.settings->log.max_size, 10U << 20);
  EXPECT_EQ(reading.settings->log.max_files, 3U);
}

TEST_F(Config, RefusesALogThatIsNone) {
  for (const char* bad : {"log: {level: loud}", "log: {max_size: 10}", "log: {max_size: 0MiB}",
                          "log: {max_files: 0}", "log: {fiel: x}"})
    EXPECT_FALSE(read(bad).settings.has_value()) << bad;
}

TEST_F(Config, SaysWhenToBackfill) {
  const ConfigReading reading = read("backfill: {hours: 22:00-06:00, time_zone: Europe/Berlin}\n");
  ASSERT_TRUE(reading.settings.has_value());
  ASSERT_TRUE(reading.settings->backfill_hours.has_value());
  EXPECT_EQ(reading.settings->backfill_hours->text(), "22:00-06:00 Europe/Berlin");
  EXPECT_EQ(read("backfill: {hours: 22:00-06:00}").settings->backfill_hours->text(),
            "22:00-06:00 UTC");
  EXPECT_FALSE(read("").settings->backfill_hours.has_value());
}

TEST_F(Config, NamesTheLineOfHoursThatAreNone) {
  EXPECT_EQ(issues("data_dir: x\nbackfill: {hours: 22-6}\n"),
            "earshot.yaml:2: backfill: '22-6' are no hours; give them as 22:00-06:00\n");
}

TEST_F(Config, TellsWhyThePluginWasRefused) {
  const auto open_catalog = [](const std::vector<std::filesystem::path>&) {
    return PluginCatalog{
        .find = [](std::string_view) -> const Manifest* { return nullptr; },
        .names = {},
        .refusal = [](std::string_view name) { return std::string(name) + ".so: is empty"; }};
  };
  const auto environment = [](const std::string&) { return std::optional<std::string>(); };
  const ConfigReading reading = read_config(file_, "integrations:\n  desk:\n    plugin: acme\n", {},
                                            environment, open_catalog);
  ASSERT_EQ(reading.issues.size(), 1U);
  EXPECT_EQ(reading.issues.front().message,
            "there is no plugin 'acme' in plugin_dirs; acme.so: is empty");
}

}  // namespace
}  // namespace earshot::core

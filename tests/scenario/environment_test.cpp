#include <filesystem>
#include <map>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenario.hpp"

namespace earshot::scenario {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr int kUsage = 2;

/// The program in a folder without earshot.yaml, with variables as its only settings.
class FromEnvironment : public Scenario {
 protected:
  void SetUp() override {
    serve(40);
    const auto way = core::JsonDocument::parse(access("API token").credentials);
    ASSERT_TRUE(way);
    variables_ = {
        {"ZENDESK_SUBDOMAIN", "acme"},
        {"ZENDESK_EMAIL", "ops@acme.example"},
        {"ZENDESK_API_TOKEN", std::string(way.value()->root().member("api_token").text())}};
  }

  Finished run_there(const std::vector<std::string>& words) {
    std::vector<std::string> all{"/usr/bin/env", "-C", folder().string()};
    for (const auto& [name, value] : variables_) all.push_back(name + "=" + value);
    all.insert(all.end(), {EARSHOT_PROGRAM, "--plugin-dir", EARSHOT_PLUGIN_DIR});
    all.insert(all.end(), words.begin(), words.end());
    return Child(folder(), std::move(all)).wait();
  }
  Finished sync_there() {
    return run_there({"sync", "--plugin", "zendesk", "--base-url", base_url(), "--json"});
  }
  void write_dotenv(std::filesystem::perms mode = std::filesystem::perms::owner_read |
                                                  std::filesystem::perms::owner_write) {
    std::string text = "# from the vault\n";
    for (const auto& [name, value] : variables_) text += "export " + name + "='" + value + "'\n";
    write_file(".env", text);
    std::filesystem::permissions(folder() / ".env", mode);
    variables_.clear();
  }

  std::map<std::string, std::string> variables_;
};

TEST_F(FromEnvironment, APluginFetches) {
  const Finished synced = sync_there();
  EXPECT_EQ(synced.exit_code, 0) << synced.out << synced.err;
  EXPECT_THAT(synced.out, HasSubstr(R"("integration":"zendesk")"));
  const Finished exported = run_there({"export", "--deleted"});
  EXPECT_EQ(ids_of(exported.out).size(), 40U);
  EXPECT_TRUE(std::filesystem::exists(folder() / "data" / "earshot.db"));
}

TEST_F(FromEnvironment, VariablesMayStandInDotenv) {
  write_dotenv();
  const Finished synced = sync_there();
  EXPECT_EQ(synced.exit_code, 0) << synced.out << synced.err;
  EXPECT_THAT(synced.err, Not(HasSubstr("warning")));
}

TEST_F(FromEnvironment, WhatIsSetGoesBeforeDotenv) {
  write_dotenv();
  variables_["ZENDESK_API_TOKEN"] = "wrong-token-value";
  EXPECT_EQ(sync_there().exit_code, 3);
}

TEST_F(FromEnvironment, OthersAreNotToReadDotenv) {
  write_dotenv(std::filesystem::perms(0644));
  const Finished synced = sync_there();
  EXPECT_EQ(synced.exit_code, 0) << synced.err;
  EXPECT_THAT(synced.err, HasSubstr("chmod 600"));
}

TEST_F(FromEnvironment, MistakesInDotenvAreToldByLine) {
  write_file(".env", "A=1\nnonsense\n");
  const Finished refused = sync_there();
  EXPECT_EQ(refused.exit_code, kUsage);
  EXPECT_THAT(refused.out + refused.err, HasSubstr(".env:2: is no NAME=value"));
}

TEST_F(FromEnvironment, WhatIsMissingIsToldWithItsVariable) {
  variables_.erase("ZENDESK_SUBDOMAIN");
  const Finished refused = sync_there();
  EXPECT_EQ(refused.exit_code, kUsage);
  EXPECT_THAT(refused.out + refused.err, HasSubstr("the variable ZENDESK_SUBDOMAIN"));
}

TEST_F(FromEnvironment, AFileMayLeaveToItWhatItDoesNotSay) {
  write_file("earshot.yaml", "integrations: {acme: {plugin: zendesk, base_url: '" + base_url() +
                                 "', config: {email: ops@acme.example}}}\n");
  const Finished synced = run_there({"sync", "--json"});
  EXPECT_EQ(synced.exit_code, 0) << synced.out << synced.err;
}

TEST_F(FromEnvironment, APluginNeedsNothingOfAFileBesideIt) {
  write_file("earshot.yaml",
             "integrations: {other: {plugin: zendesk, config: {subdomain: other, email: "
             "ops@other.example}, credentials: {api_token: '${NOT_SET_ANYWHERE}'}}}\n");
  const Finished synced = sync_there();
  EXPECT_EQ(synced.exit_code, 0) << synced.out << synced.err;
  EXPECT_THAT(synced.err, Not(HasSubstr("NOT_SET_ANYWHERE")));
  variables_["NOT_SET_ANYWHERE"] = "invented";
  const Finished good = sync_there();
  EXPECT_EQ(good.exit_code, 0) << good.out << good.err;
}

TEST_F(FromEnvironment, AFileThatWasNamedHasToBeGood) {
  write_file("named.yaml", "integrations: {other: {plugin: zendesk, confg: {}}}\n");
  const Finished refused = run_there(
      {"sync", "--config", "named.yaml", "--plugin", "zendesk", "--base-url", base_url()});
  EXPECT_EQ(refused.exit_code, kUsage);
  EXPECT_THAT(refused.err, HasSubstr("named.yaml:1: integrations.other"));
}

TEST_F(FromEnvironment, APluginDoesNotTakeTheNameOfAnIntegration) {
  write_file("earshot.yaml",
             "integrations: {zendesk: {plugin: zendesk, credentials: {api_token: "
             "'${NOT_SET_ANYWHERE}'}}}\n");
  const Finished refused = sync_there();
  EXPECT_EQ(refused.exit_code, kUsage);
  EXPECT_THAT(refused.err, HasSubstr("earshot.yaml configures an integration 'zendesk'"));
}

TEST_F(FromEnvironment, TwoIntegrationsDoNotShareIt) {
  const std::string one = "{plugin: zendesk, base_url: '" + base_url() + "'}";
  write_file("earshot.yaml", "integrations:\n  acme: " + one + "\n  beta: " + one + "\n");
  const Finished refused = run_there({"config", "check"});
  EXPECT_EQ(refused.exit_code, kUsage);
  EXPECT_THAT(refused.out, HasSubstr("earshot.yaml:3: integrations.beta.credentials.api_token: is "
                                     "left out, and ZENDESK_API_TOKEN would fill it in for 2"));
}

}  // namespace
}  // namespace earshot::scenario

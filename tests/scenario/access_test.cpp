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
constexpr int kAuthentication = 3;

class AccessTo : public Scenario {
 protected:
  void SetUp() override { serve(40); }

  void write_way(const std::string& title) {
    const Access way = access(title);
    write_config({.config = way.config, .credentials = way.credentials});
  }
};

TEST_F(AccessTo, WrongTokenIsTold) {
  write_config({.credentials = R"({"api_token": "wrong-token-value"})"});
  const auto refused = sync({}, kAuthentication);
  EXPECT_EQ(text(*refused, "outcome"), "failed");
  EXPECT_EQ(text(*refused, "error_code"), "auth");
  EXPECT_FALSE(text(*refused, "error").empty());
  EXPECT_THAT(text(*refused, "error"), Not(HasSubstr("wrong-token-value")));
}

TEST_F(AccessTo, AgentMayNotExport) {
  write_way("API token of an agent, who may not export");
  const auto refused = sync({}, kAuthentication);
  EXPECT_EQ(text(*refused, "error_code"), "forbidden");
  EXPECT_FALSE(text(*refused, "error").empty());
}

TEST_F(AccessTo, OauthClientFetches) {
  write_way("OAuth client");
  sync();
  expect_oracle();
}

TEST_F(AccessTo, AccessTokenFetches) {
  write_way("OAuth access token");
  sync();
  expect_oracle();
}

TEST_F(AccessTo, TestGoesThroughTheStages) {
  write_config();
  const Finished tested = run({"test", "acme", "--json"});
  EXPECT_EQ(tested.exit_code, 0) << tested.out << tested.err;
  for (const char* stage : {"\"tcp\"", "\"http\"", "\"credentials\""})
    EXPECT_THAT(tested.out, HasSubstr(stage));
  EXPECT_THAT(tested.out, HasSubstr(R"("ok":true)"));
}

TEST_F(AccessTo, UnsavedCredentialsAreTested) {
  write_config();
  const auto first = core::JsonDocument::parse(access("OAuth access token").credentials);
  ASSERT_TRUE(first);
  const std::string token(first.value()->root().member("access_token").text());
  const std::vector<std::string> words{"test",           "--plugin",   "zendesk",  "--set",
                                       "subdomain=acme", "--base-url", base_url(), "--set"};
  std::vector<std::string> right = words;
  right.push_back("access_token=" + token);
  const Finished good = run(right);
  EXPECT_EQ(good.exit_code, 0) << good.out << good.err;
  std::vector<std::string> wrong = words;
  wrong.emplace_back("access_token=nonsense");
  EXPECT_EQ(run(wrong).exit_code, kAuthentication);
  EXPECT_FALSE(std::filesystem::exists(data()));
}

TEST_F(AccessTo, TestGoesNowhereElseThanItIsTold) {
  write_config();
  const std::vector<std::string> unsaved{"test",           "--plugin",       "zendesk",
                                         "--set",          "subdomain=acme", "--set",
                                         "access_token=t", "--base-url"};
  for (const char* url : {"nonsense", "http://desk.example.com", "https://127.0.0.1/path"}) {
    std::vector<std::string> words = unsaved;
    words.emplace_back(url);
    const Finished refused = run(words);
    EXPECT_EQ(refused.exit_code, kUsage) << url;
    EXPECT_THAT(refused.err, HasSubstr("--base-url ")) << url;
  }
  for (const std::vector<std::string>& saved :
       {std::vector<std::string>{"test", "acme", "--base-url", base_url()},
        {"test", "acme", "--set", "access_token=t"}}) {
    const Finished refused = run(saved);
    EXPECT_EQ(refused.exit_code, kUsage);
    EXPECT_THAT(refused.err, HasSubstr("go with --plugin"));
  }
}

TEST_F(AccessTo, UnknownNamesHaveNearOnes) {
  write_config();
  const Finished integration = run({"sync", "acmee"});
  EXPECT_EQ(integration.exit_code, kUsage);
  EXPECT_THAT(integration.err, HasSubstr("did you mean 'acme'?"));
  const Finished plugin = run({"test", "--plugin", "zendeks"});
  EXPECT_EQ(plugin.exit_code, kUsage);
  EXPECT_THAT(plugin.err, HasSubstr("did you mean 'zendesk'?"));
}

TEST_F(AccessTo, UnknownIntegrationsOfTheStoreHaveNearOnesToo) {
  write_config();
  sync();
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"records", "--integration", "acmee"},
        {"export", "--integration", "acmee"},
        {"runs", "--integration", "acmee"},
        {"state", "list", "acmee"},
        {"state", "get", "acmee"}}) {
    const Finished refused = run(words);
    EXPECT_EQ(refused.exit_code, kUsage) << words.front();
    EXPECT_THAT(refused.err, HasSubstr("did you mean 'acme'?")) << words.front();
  }
  EXPECT_EQ(run({"integrations", "remove", "acme", "--purge"}).exit_code, 0);
  EXPECT_EQ(run({"runs", "--integration", "acme"}).exit_code, 0) << "configured, nothing stored";
}

TEST_F(AccessTo, ConfigurationMistakesAreToldAtOnce) {
  write_file("earshot.yaml", std::string("plugin_dirs: [") + EARSHOT_PLUGIN_DIR +
                                 "]\n"
                                 "integrations:\n"
                                 "  acme:\n"
                                 "    plugin: zendesk\n"
                                 "    config: {subdomian: acme}\n"
                                 "  other:\n"
                                 "    plugin: zendeks\n");
  const Finished refused = run({"sync"});
  EXPECT_EQ(refused.exit_code, kUsage);
  EXPECT_THAT(refused.err, HasSubstr("earshot.yaml:5"));
  EXPECT_THAT(refused.err, HasSubstr("did you mean 'subdomain'?"));
  EXPECT_THAT(refused.err, HasSubstr("earshot.yaml:7"));
  EXPECT_THAT(refused.err, HasSubstr("did you mean 'zendesk'?"));
}

TEST_F(AccessTo, QuotaYieldsAndTheNextSyncGoesOnExactly) {
  serve(150, 1, true);
  write_config({.page_size = 5, .limits = "{}", .http = "{retry_delay: 10ms, max_wait: 1ms}"});
  const auto first = sync({}, 4);
  EXPECT_EQ(text(*first, "outcome"), "yielded");
  EXPECT_FALSE(text(*first, "until").empty());
  EXPECT_EQ(number(*first, "throttled"), 0);
  const std::int64_t got = number(*first, "fetched");
  EXPECT_GT(got, 0);
  EXPECT_LT(got, 150);
  control().post("/_sandbox/clock", R"({"advance_seconds":60})");
  write_config({.page_size = 1000});
  const auto second = sync();
  EXPECT_EQ(number(*second, "fetched"), 150 - got);
  EXPECT_EQ(number(*second, "throttled"), 0);
  expect_oracle();
}

class AccessToIntercom : public Scenario {
 protected:
  AccessToIntercom() : Scenario(intercom()) {}
  void SetUp() override { serve(20); }

  void write_way(const std::string& title) {
    write_config({.credentials = access(title).credentials});
  }
};

TEST_F(AccessToIntercom, TellsWrongRevokedAndForbiddenTokensApart) {
  for (const auto& [title, code] : std::map<std::string, std::string>{
           {"Access token of another region", "auth"},
           {"Access token that was revoked", "auth_expired"},
           {"Access token that may not read conversations", "forbidden"},
           {"Access token that may not read users and companies", "forbidden"}}) {
    write_way(title);
    const auto refused = sync({}, kAuthentication);
    EXPECT_EQ(text(*refused, "error_code"), code) << title;
    EXPECT_FALSE(text(*refused, "error").empty());
  }
}

TEST_F(AccessToIntercom, MayDoWithoutUsersAndCompanies) {
  const Access way = access("Access token that may not read users and companies");
  write_config({.config = R"({"contacts": false})", .credentials = way.credentials});
  sync();
  expect_oracle();
}

TEST_F(AccessToIntercom, TestProvesThatConversationsMayBeRead) {
  write_config();
  EXPECT_EQ(run({"test", "acme"}).exit_code, 0);
  write_way("Access token that may not read conversations");
  const Finished blind = run({"test", "acme"});
  EXPECT_EQ(blind.exit_code, kAuthentication);
  EXPECT_THAT(blind.out + blind.err, HasSubstr("read_conversations"));
}

TEST_F(AccessToIntercom, RegistersAWebhookByTellingHow) {
  write_config();
  const Finished told =
      run({"webhooks", "register", "acme", "--url", "https://hooks.example.com/webhooks/intercom"});
  EXPECT_THAT(told.out, HasSubstr("Developer Hub")) << told.err;
  EXPECT_THAT(told.out, HasSubstr("https://hooks.example.com/webhooks/intercom"));
}

}  // namespace
}  // namespace earshot::scenario

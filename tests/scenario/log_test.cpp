/// What the log tells, where, and what it never tells.

#include <filesystem>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <earshot/core/base/text.hpp>
#include <earshot/sdk/text.hpp>

#include "scenario.hpp"

namespace earshot::scenario {
namespace {

using testing::HasSubstr;
using testing::Not;

class Logging : public Scenario {
 protected:
  void SetUp() override { serve(60); }

  /// Adds `log:` with that content.
  void log_to(const std::string& members) {
    write_file("earshot.yaml", content("earshot.yaml") + "log: {" + members + "}\n");
  }
  void write_way(const std::string& title) {
    const Access way = access(title);
    write_config({.config = way.config, .credentials = way.credentials, .page_size = 10});
  }

  /// The secret as it stands, percent-encoded, and as it shows within base64 of any alignment.
  static std::set<std::string> forms_of(const std::string& secret) {
    std::set<std::string> forms{secret, sdk::percent_encode(secret), core::hex_encode(secret)};
    for (std::size_t before = 0; before < 3; ++before) {
      const std::string encoded = core::base64_encode(std::string(before, '\0') + secret);
      const std::size_t begin = (before * 8 + 5) / 6;
      forms.insert(encoded.substr(begin, (before + secret.size()) * 8 / 6 - begin));
    }
    return forms;
  }
  static void expect_without(const std::string& log, const std::string& secret) {
    ASSERT_GE(secret.size(), 8U);
    for (const std::string& form : forms_of(secret)) EXPECT_THAT(log, Not(HasSubstr(form)));
  }
  static std::vector<std::string> secrets_of(const Access& way) {
    std::vector<std::string> secrets;
    const auto credentials = core::JsonDocument::parse(way.credentials);
    for (const core::JsonValue member : credentials.value()->root())
      secrets.emplace_back(member.text());
    return secrets;
  }
};

TEST_F(Logging, GoesToTheConfiguredFile) {
  write_config({.page_size = 10});
  log_to("file: logs/earshot.log, level: debug");
  const Finished done = run({"sync"});
  EXPECT_EQ(done.exit_code, 0);
  EXPECT_EQ(done.err, "");
  const std::string log = content("logs/earshot.log");
  EXPECT_THAT(log, HasSubstr("GET " + base_url() + "/api/v2/incremental/tickets/cursor.json?"));
  EXPECT_THAT(log, HasSubstr(" 200 in "));
  EXPECT_THAT(log, HasSubstr("integration=acme"));
}

TEST_F(Logging, TheCommandLineNamesAnotherFile) {
  write_config();
  log_to("file: configured.log, level: debug");
  const std::string named = (folder() / "named.log").string();
  EXPECT_EQ(run({"sync", "--log-file", named}).exit_code, 0);
  EXPECT_THAT(content("named.log"), HasSubstr(" 200 in "));
  EXPECT_FALSE(std::filesystem::exists(folder() / "configured.log"));
}

TEST_F(Logging, VerboseTellsOfEveryExchangeOnStandardError) {
  write_config({.page_size = 10});
  const Finished done = run({"sync", "--verbose"});
  EXPECT_EQ(done.exit_code, 0);
  std::size_t exchanges = 0;
  for (std::size_t at = 0; (at = done.err.find(" 200 in ", at)) != std::string::npos; ++at)
    ++exchanges;
  EXPECT_EQ(exchanges, targets().size());
}

TEST_F(Logging, WithoutAWordTellsNothing) {
  write_config();
  EXPECT_EQ(run({"sync"}).err, "");
}

TEST_F(Logging, IsRotatedAtItsSize) {
  write_config({.page_size = 2});
  log_to("file: earshot.log, level: debug, max_size: 2KiB, max_files: 2");
  EXPECT_EQ(run({"sync"}).exit_code, 0);
  for (const char* name : {"earshot.log", "earshot.1.log", "earshot.2.log"})
    EXPECT_LE(std::filesystem::file_size(folder() / name), 2048U) << name;
  EXPECT_FALSE(std::filesystem::exists(folder() / "earshot.3.log"));
}

TEST_F(Logging, HasNoSecretAtItsMostVerbose) {
  for (const char* title : {"API token", "OAuth client", "OAuth access token"}) {
    write_way(title);
    log_to("file: earshot.log, level: trace");
    EXPECT_EQ(run({"sync", "--full"}).exit_code, 0) << title;
    EXPECT_EQ(run({"test", "acme"}).exit_code, 0) << title;
    EXPECT_EQ(run({"webhooks", "register", "acme", "--url",
                   "https://hooks.example.com/in?token=planted-canary-1618"})
                  .exit_code,
              0)
        << title;
    const std::string log = content("earshot.log");
    EXPECT_THAT(log, HasSubstr("Authorization: [secret]"));
    for (const std::string& secret : secrets_of(access(title))) expect_without(log, secret);
    expect_without(log, "planted-canary-1618");
    EXPECT_THAT(log, Not(HasSubstr("Bearer ")));
    EXPECT_THAT(log, Not(HasSubstr("Basic ")));
  }
}

TEST_F(Logging, HasNoSecretOfARefusal) {
  write_config({.credentials = R"({"api_token": "wrong-token-canary-2718"})"});
  log_to("file: earshot.log, level: trace");
  const Finished refused = run({"sync", "--verbose"});
  EXPECT_EQ(refused.exit_code, 3);
  expect_without(content("earshot.log") + refused.out + refused.err, "wrong-token-canary-2718");
}

}  // namespace
}  // namespace earshot::scenario

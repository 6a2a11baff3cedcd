#include <chrono>
#include <string>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <earshot/core/base/random.hpp>

#include "scenario.hpp"

namespace earshot::scenario {
namespace {

using std::chrono::milliseconds;
using testing::AnyOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr int kAuthentication = 3;

/// An integration that lives by a refresh token which is replaced at each use.
class Refresh : public Scenario {
 protected:
  void SetUp() override {
    serve(40);
    const auto first = core::JsonDocument::parse(access("OAuth refresh token").credentials);
    ASSERT_TRUE(first);
    client_id_ = first.value()->root().member("client_id").text();
    client_secret_ = first.value()->root().member("client_secret").text();
    write_refresh_token(std::string(first.value()->root().member("refresh_token").text()));
  }

  void write_refresh_token(const std::string& token) {
    token_ = token;
    write_config({.config = R"({"subdomain": "acme"})",
                  .credentials = fmt::format(
                      R"({{"client_id": "{}", "client_secret": "{}", "refresh_token": "{}"}})",
                      client_id_, client_secret_, token)});
  }
  /// What another program gets for these members.
  std::unique_ptr<core::JsonDocument> token_for(const std::string& members) {
    return control().post("/oauth/tokens",
                          fmt::format(R"({{"client_id": "{}", "client_secret": "{}", {}}})",
                                      client_id_, client_secret_, members));
  }
  void authorize_again() {
    const auto tokens = token_for(R"("grant_type": "authorization_code", "code": "sandbox-code")");
    write_refresh_token(std::string(tokens->root().member("refresh_token").text()));
  }
  /// Another program uses the refresh token, so that it is no good any more.
  void use_up_elsewhere() {
    token_for(fmt::format(R"("grant_type": "refresh_token", "refresh_token": "{}")", token_));
  }
  void expire_access_tokens() {
    control().post("/_sandbox/clock", R"({"advance_seconds":172801})");
  }
  /// How often the product was asked for a token.
  std::size_t refreshes() {
    std::size_t count = 0;
    for (const std::string& target : targets()) count += target == "/oauth/tokens" ? 1U : 0U;
    return count;
  }
  /// A sync either completes or says that the integration needs to be authorized anew.
  bool works() {
    const Finished finished = run({"sync", "acme", "--json"});
    EXPECT_THAT(finished.exit_code, AnyOf(0, kAuthentication)) << finished.out << finished.err;
    if (finished.exit_code == 0) return true;
    EXPECT_THAT(finished.out, HasSubstr("needs_reauth"));
    return false;
  }

 private:
  std::string client_id_;
  std::string client_secret_;
  std::string token_;
};

TEST_F(Refresh, ServesManySyncsAndSurvivesExpiry) {
  sync();
  sync();
  EXPECT_EQ(refreshes(), 1U) << "the access token is kept too";
  expire_access_tokens();
  sync();
  EXPECT_EQ(refreshes(), 2U);
  expect_oracle();
}

TEST_F(Refresh, NeedsReauthOnceTheTokenIsUsedUp) {
  use_up_elsewhere();
  forget_requests();
  const auto refused = sync({}, kAuthentication);
  EXPECT_EQ(text(*refused, "error_code"), "auth");
  EXPECT_THAT(text(*refused, "error"), HasSubstr("needs_reauth"));
  EXPECT_THAT(text(*refused, "error"), HasSubstr("authorize again"));
  EXPECT_THAT(targets(), ElementsAre("/oauth/tokens"));

  forget_requests();
  const auto again = sync({}, kAuthentication);
  EXPECT_EQ(text(*again, "error"), text(*refused, "error"));
  EXPECT_THAT(targets(), IsEmpty()) << "the product is not asked again";
  EXPECT_THAT(run({"status"}).out, HasSubstr("needs_reauth"));
  EXPECT_THAT(run({"status", "--json"}).out, HasSubstr(R"("needs_reauth":"needs_reauth: )"));
  EXPECT_THAT(run({"integrations"}).out, HasSubstr("needs_reauth"));

  authorize_again();
  sync();
  expect_oracle();
  EXPECT_THAT(run({"status"}).out, Not(HasSubstr("needs_reauth")));
}

TEST_F(Refresh, KilledWhileTheProductAnswersNeedsReauth) {
  control().post("/_sandbox/faults", R"({"fault":"slow","on":"/oauth/tokens","delay_ms":60000})");
  const auto child = start({"sync", "acme"});
  await_requests(1);
  child->send(SIGKILL);
  EXPECT_EQ(child->wait().signal, SIGKILL);
  EXPECT_FALSE(works()) << "the product has replaced the token, and nobody heard of it";
  authorize_again();
  EXPECT_TRUE(works());
  expect_oracle();
}

TEST_F(Refresh, InterruptedWhileTheProductAnswersKeepsTheNewToken) {
  control().post("/_sandbox/faults", R"({"fault":"slow","on":"/oauth/tokens","delay_ms":700})");
  const auto child = start({"sync", "acme"});
  await_requests(1);
  child->send(SIGINT);
  EXPECT_EQ(child->wait().exit_code, 130);
  EXPECT_TRUE(works());
  EXPECT_EQ(refreshes(), 1U);
}

TEST_F(Refresh, KilledAtAnyInstantWorksOrNeedsReauth) {
  core::Random random(21);
  sync();
  for (int kill = 0; kill < 25; ++kill) {
    expire_access_tokens();
    const auto child = start({"sync", "acme", "--quiet"});
    if (!child->ends_within(milliseconds(random.below(250)))) child->send(SIGKILL);
    child->wait();
    if (!works()) {
      EXPECT_FALSE(works());
      authorize_again();
      EXPECT_TRUE(works());
    }
  }
  expect_oracle();
}

}  // namespace
}  // namespace earshot::scenario

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "scenario.hpp"

namespace earshot::scenario {
namespace {

using testing::ContainsRegex;

class Webhook : public Scenario {
 protected:
  void SetUp() override {
    serve(20);
    write_config();
  }

  static std::vector<std::string> words() {
    return {"webhooks", "register", "acme",
            "--json",   "--url",    "https://hooks.example.com/webhooks/zendesk"};
  }

  core::HttpHeaders authorized() {
    const auto way = core::JsonDocument::parse(access("OAuth access token").credentials);
    EXPECT_TRUE(way);
    return {{"Authorization",
             "Bearer " + std::string(way.value()->root().member("access_token").text())}};
  }
  std::size_t at_product() {
    return control().get("/api/v2/webhooks", authorized())->root().member("webhooks").size();
  }

  /// How many signing secrets are in the store.
  std::string secrets() {
    return ask(data() / "earshot.db", "SELECT count(*) FROM secrets WHERE name = 'webhook_secret'");
  }
};

TEST_F(Webhook, IsRegisteredOnce) {
  const Finished first = run(words());
  EXPECT_EQ(first.exit_code, 0) << first.err;
  const Finished second = run(words());
  EXPECT_EQ(second.out, first.out) << second.err;
  EXPECT_EQ(at_product(), 1U);
  EXPECT_EQ(secrets(), "1");
}

TEST_F(Webhook, ThatDeliversNothingIsMadeTo) {
  control().post(
      "/api/v2/webhooks",
      R"({"webhook":{"name":"Earshot","endpoint":"https://hooks.example.com/webhooks/zendesk",)"
      R"("http_method":"POST","request_format":"json","status":"inactive",)"
      R"("subscriptions":["zen:event-type:ticket.created"]}})",
      authorized());
  const Finished mended = run(words());
  EXPECT_EQ(mended.exit_code, 0) << mended.out << mended.err;
  const auto hooks = control().get("/api/v2/webhooks", authorized());
  EXPECT_EQ(hooks->root().member("webhooks").size(), 1U);
  EXPECT_EQ(hooks->root().at("/webhooks/0/status").text(), "active");
  EXPECT_EQ(hooks->root().at("/webhooks/0/subscriptions").size(), 22U);
}

TEST_F(Webhook, OfALostAnswerIsFoundAgain) {
  control().post("/_sandbox/faults",
                 R"({"fault":"reset","on":"/api/v2/webhooks","after":1,"executed":true})");
  static_cast<void>(run(words()));
  const std::string asked = control().get("/_sandbox/requests")->root().member("log").dump();
  EXPECT_THAT(asked, ContainsRegex(R"("POST","target":"[^"]*webhooks[^}]*"fault":"reset")"));
  const Finished again = run(words());
  EXPECT_EQ(again.exit_code, 0) << again.out << again.err;
  EXPECT_EQ(at_product(), 1U);
}

/// Where the product keeps its answer back while the host is killed.
struct Instant {
  const char* name;
  const char* fault;
  std::size_t requests;  ///< That the product has seen by then.
};
class KilledWebhook : public Webhook, public testing::WithParamInterface<Instant> {};

TEST_P(KilledWebhook, IsCompletedByTheNextCall) {
  control().post("/_sandbox/faults", GetParam().fault);
  const auto child = start(words());
  await_requests(GetParam().requests);
  child->send(SIGKILL);
  EXPECT_EQ(child->wait().signal, SIGKILL);
  EXPECT_EQ(at_product(), 1U);
  EXPECT_EQ(secrets(), "0");
  control().remove("/_sandbox/faults");

  const Finished again = run(words());
  EXPECT_EQ(again.exit_code, 0) << again.out << again.err;
  EXPECT_EQ(at_product(), 1U);
  EXPECT_EQ(secrets(), "1");
}

INSTANTIATE_TEST_SUITE_P(
    Host, KilledWebhook,
    testing::Values(
        Instant{"AfterCreation",
                R"({"fault":"slow","on":"/api/v2/webhooks","after":1,"delay_ms":60000})", 2},
        Instant{"BeforeTheSecretIsStored",
                R"({"fault":"slow","on":"/api/v2/webhooks/*/signing_secret","delay_ms":60000})",
                3}),
    [](const testing::TestParamInfo<Instant>& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace earshot::scenario

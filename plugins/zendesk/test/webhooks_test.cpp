#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "zendesk_run.hpp"

namespace earshot::core {
namespace {

constexpr const char* kUrl = "https://hooks.example.com/webhooks/zendesk";
constexpr const char* kHook = "01JN8EXAMPLE0000000000HOOK";

class ZendeskHooks : public ZendeskRun {
 protected:
  Result<WebhookReport> register_webhook(std::string_view name) {
    return RecordedRun::register_webhook(cassette(name), kUrl);
  }

  /// The one webhook there is has something else in place of `good`, and is then mended.
  Result<WebhookReport> register_where(std::string_view good, std::string_view wrong) {
    auto exchanges = cassette("register_webhook_again");
    std::string& listed = exchanges.at(0).response.body;
    listed.replace(listed.rfind(good), good.size(), wrong);
    exchanges.insert(exchanges.begin() + 1, cassette("register_webhook_moved").at(1));
    return RecordedRun::register_webhook(std::move(exchanges), kUrl);
  }
};

TEST_F(ZendeskHooks, RegistersOneWebhookAndKeepsItsSecret) {
  const auto report = register_webhook("register_webhook");
  ASSERT_TRUE(report.has_value()) << report.error().message;
  EXPECT_EQ(report->hook_id, kHook);
  EXPECT_EQ(stored_secret("webhook_secret"), "invented-signing-secret");
}

TEST_F(ZendeskHooks, SubscribesToWhatTheManifestsEventsAreMadeOf) {
  ASSERT_TRUE(register_webhook("register_webhook").has_value());
  const auto made = JsonDocument::parse(requests.at(2).body);
  ASSERT_TRUE(made.has_value());
  const JsonValue webhook = made.value()->root().member("webhook");
  EXPECT_EQ(webhook.member("endpoint").text(), kUrl);
  EXPECT_EQ(webhook.member("http_method").text(), "POST");
  EXPECT_EQ(webhook.member("request_format").text(), "json");
  EXPECT_EQ(webhook.member("status").text(), "active");
  std::vector<std::string> subscribed;
  for (const JsonValue one : webhook.member("subscriptions")) {
    subscribed.emplace_back(one.text());
  }
  const ManifestReading reading = plugin_manifest();
  ASSERT_TRUE(reading.manifest.has_value());
  std::vector<std::string> declared;
  for (const JsonValue event : reading.manifest->document->root().at("/webhooks/events")) {
    for (const JsonValue one : event) declared.emplace_back(one.text());
  }
  EXPECT_THAT(subscribed, testing::UnorderedElementsAreArray(declared));
}

TEST_F(ZendeskHooks, FindsTheWebhookOfACallThatWasKilled) {
  const auto report = register_webhook("register_webhook_again");
  ASSERT_TRUE(report.has_value()) << report.error().message;
  EXPECT_EQ(report->hook_id, kHook);
  EXPECT_EQ(stored_secret("webhook_secret"), "invented-signing-secret");
}

TEST_F(ZendeskHooks, MovesTheWebhookThatItReported) {
  remember_hook(kHook);
  const auto report = register_webhook("register_webhook_moved");
  ASSERT_TRUE(report.has_value()) << report.error().message;
  EXPECT_EQ(report->hook_id, kHook);
  EXPECT_EQ(requests.at(1).body,
            R"({"webhook":{"endpoint":"https://hooks.example.com/webhooks/zendesk"}})");
}

TEST_F(ZendeskHooks, WakesAWebhookThatDeliversNothing) {
  const auto report = register_where(R"("status":"active")", R"("status":"inactive")");
  ASSERT_TRUE(report.has_value()) << report.error().message;
  EXPECT_EQ(report->hook_id, kHook);
  EXPECT_EQ(requests.at(1).body, R"({"webhook":{"status":"active"}})");
  EXPECT_EQ(stored_secret("webhook_secret"), "invented-signing-secret");
}

TEST_F(ZendeskHooks, SubscribesAWebhookToWhatItLacks) {
  ASSERT_TRUE(register_where(R"("zen:event-type:ticket.merged",)", "").has_value());
  const auto sent = JsonDocument::parse(requests.at(1).body);
  ASSERT_TRUE(sent.has_value());
  const JsonValue webhook = sent.value()->root().member("webhook");
  EXPECT_EQ(webhook.size(), 1U);
  EXPECT_EQ(webhook.member("subscriptions").size(), 22U);
}

TEST_F(ZendeskHooks, MakesAWebhookPost) {
  ASSERT_TRUE(register_where(R"("http_method":"POST")", R"("http_method":"GET")").has_value());
  EXPECT_EQ(requests.at(1).body, R"({"webhook":{"http_method":"POST"}})");
}

TEST_F(ZendeskHooks, MakesAWebhookSpeakJson) {
  ASSERT_TRUE(
      register_where(R"("request_format":"json")", R"("request_format":"xml")").has_value());
  EXPECT_EQ(requests.at(1).body, R"({"webhook":{"request_format":"json"}})");
}

TEST_F(ZendeskHooks, WakesTheWebhookThatItReported) {
  remember_hook(kHook);
  auto exchanges = cassette("register_webhook_moved");
  std::string& shown = exchanges.at(0).response.body;
  const std::string_view old = "https://old.example.com/webhooks/zendesk";
  shown.replace(shown.find(old), old.size(), kUrl);
  const std::string_view active = R"("status":"active")";
  shown.replace(shown.find(active), active.size(), R"("status":"inactive")");
  const auto report = RecordedRun::register_webhook(std::move(exchanges), kUrl);
  ASSERT_TRUE(report.has_value()) << report.error().message;
  EXPECT_EQ(requests.at(1).body, R"({"webhook":{"status":"active"}})");
}

TEST_F(ZendeskHooks, MakesAWebhookAnewWhereTheReportedOneIsGone) {
  remember_hook("01JN8EXAMPLE00000000000OLD");
  const auto report = register_webhook("register_webhook_gone");
  ASSERT_TRUE(report.has_value()) << report.error().message;
  EXPECT_EQ(report->hook_id, kHook);
}

}  // namespace
}  // namespace earshot::core

#include <string>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "sandbox/zendesk/zendesk_fixture.hpp"

namespace earshot::sandbox {
namespace {

std::string webhook(std::string_view subscriptions,
                    std::string_view endpoint = "https://hub.example.com/hooks",
                    std::string_view status = "active") {
  return fmt::format(
      R"({{"webhook":{{"name":"Earshot","endpoint":"{}","http_method":"POST","request_format":"json","status":"{}","subscriptions":[{}]}}}})",
      endpoint, status, subscriptions);
}
constexpr std::string_view kCreated = R"("zen:event-type:ticket.created")";

TEST(ZendeskWebhooks, RegisterAndTellTheirSecret) {
  ZendeskAccount account;
  const core::HttpReply made =
      account.send("POST", "/api/v2/webhooks", account.admin(), webhook(kCreated));
  ASSERT_EQ(made.status, 201) << made.body;
  const auto answer = parsed(made.body);
  const std::string id(answer->root().at("/webhook/id").text());
  EXPECT_EQ(id.size(), 26U);
  EXPECT_EQ(answer->root().at("/webhook/subscriptions/0").text(), "zen:event-type:ticket.created");

  const std::string path = "/api/v2/webhooks/" + id;
  const auto secret = parsed(account.get(path + "/signing_secret").body);
  EXPECT_EQ(secret->root().at("/signing_secret/algorithm").text(), "SHA256");
  const std::string first(secret->root().at("/signing_secret/secret").text());
  EXPECT_FALSE(first.empty());
  const core::HttpReply reset = account.send("POST", path + "/signing_secret", account.admin());
  EXPECT_EQ(reset.status, 201);
  EXPECT_NE(parsed(reset.body)->root().at("/signing_secret/secret").text(), first);
}

TEST(ZendeskWebhooks, MayBeDoubledAsAtTheProduct) {
  ZendeskAccount account;
  for (int time = 0; time < 3; ++time) {
    account.send("POST", "/api/v2/webhooks", account.admin(), webhook(kCreated));
  }
  const auto first = parsed(account.get("/api/v2/webhooks?page%5Bsize%5D=2").body);
  EXPECT_EQ(first->root().member("webhooks").size(), 2U);
  EXPECT_TRUE(first->root().at("/meta/has_more").truthy());
  const std::string after = sdk::percent_encode(first->root().at("/meta/after_cursor").text());
  const auto second =
      parsed(account.get("/api/v2/webhooks?page[size]=2&page[after]=" + after).body);
  EXPECT_EQ(second->root().member("webhooks").size(), 1U);
  EXPECT_FALSE(second->root().at("/meta/has_more").truthy());
  EXPECT_EQ(account.get("/api/v2/webhooks?page[after]=x").status, 400);
}

TEST(ZendeskWebhooks, ChangeAndGo) {
  ZendeskAccount account;
  const auto made =
      parsed(account.send("POST", "/api/v2/webhooks", account.admin(), webhook(kCreated)).body);
  const std::string path = "/api/v2/webhooks/" + std::string(made->root().at("/webhook/id").text());
  const auto patch = [&](const std::string& body) {
    return account.send("PATCH", path, account.admin(), body).status;
  };
  EXPECT_EQ(patch(R"({"webhook":{"endpoint":"https://other.example.com/"}})"), 204);
  EXPECT_EQ(parsed(account.get(path).body)->root().at("/webhook/endpoint").text(),
            "https://other.example.com/");
  EXPECT_EQ(patch(R"({"webhook":{"status":"inactive"}})"), 204);
  EXPECT_EQ(patch(R"({"webhook":{"subscriptions":["zen:event-type:ticket.merged"]}})"), 204);
  const auto changed = parsed(account.get(path).body);
  EXPECT_EQ(changed->root().at("/webhook/status").text(), "inactive");
  EXPECT_EQ(changed->root().at("/webhook/endpoint").text(), "https://other.example.com/");
  EXPECT_EQ(changed->root().at("/webhook/subscriptions").dump(),
            R"(["zen:event-type:ticket.merged"])");
  EXPECT_EQ(account.send("DELETE", path, account.admin()).status, 204);
  EXPECT_EQ(account.get(path).status, 404);
  EXPECT_EQ(account.send("DELETE", path, account.admin()).status, 404);
}

TEST(ZendeskWebhooks, RefuseChangesThatAreNotValid) {
  ZendeskAccount account;
  const auto made =
      parsed(account.send("POST", "/api/v2/webhooks", account.admin(), webhook(kCreated)).body);
  const std::string path = "/api/v2/webhooks/" + std::string(made->root().at("/webhook/id").text());
  const std::string before = account.get(path).body;
  for (const char* body : {R"({"status":"inactive"})", R"({"webhook":{"status":true}})",
                           R"({"webhook":{"status":"sleepy"}})",
                           R"({"webhook":{"state":"active"}})", R"({"webhook":{"endpoint":null}})",
                           R"({"webhook":{"subscriptions":"zen:event-type:ticket.merged"}})",
                           R"({"webhook":{"subscriptions":[5]}})",
                           R"({"webhook":{"subscriptions":["zen:event-type:ticket.exploded"]}})",
                           R"({"webhook":{"subscriptions":["conditional_ticket_events"]}})"}) {
    EXPECT_EQ(account.send("PATCH", path, account.admin(), body).status, 400) << body;
  }
  EXPECT_EQ(account.get(path).body, before);
}

TEST(ZendeskWebhooks, RefusesWhatIsNotValid) {
  ZendeskAccount account;
  const auto status = [&](const std::string& body, const std::string& type = "application/json") {
    return account.send("POST", "/api/v2/webhooks", account.admin(), body, type).status;
  };
  EXPECT_EQ(status(webhook(R"("zen:event-type:ticket.exploded")")), 400);
  EXPECT_EQ(status(webhook(R"("conditional_ticket_events",)" + std::string(kCreated))), 400);
  EXPECT_EQ(status(webhook(R"("conditional_ticket_events")")), 201);
  EXPECT_EQ(status(webhook(kCreated, "hub.example.com")), 400);
  EXPECT_EQ(status(webhook(kCreated, "https://hub.example.com/", "sleepy")), 400);
  EXPECT_EQ(status(R"({"webhook":{}})"), 400);
  EXPECT_EQ(status(R"({"hook":{}})"), 400);
  EXPECT_EQ(status(webhook(kCreated), "text/plain"), 400);
}

}  // namespace
}  // namespace earshot::sandbox

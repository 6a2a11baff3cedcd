#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>

#include "plugin/recorded_run.hpp"

namespace earshot::core {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::map<std::string, std::string> kTokenMembers{
    {"subdomain", "acme"}, {"email", "me@example.com"}, {"api_token", "invented-token"}};
const std::map<std::string, std::string> kClientMembers{
    {"subdomain", "acme"}, {"client_id", "earshot"}, {"client_secret", "invented-client-secret"}};
const std::map<std::string, std::string> kRefreshMembers{
    {"subdomain", "acme"},
    {"client_id", "earshot"},
    {"client_secret", "invented-client-secret"},
    {"refresh_token", "invented-refresh-token"}};
constexpr const char* kUrl = "https://hooks.example.com/webhooks/zendesk";
constexpr const char* kHook = "01JN8EXAMPLE0000000000HOOK";

class ZendeskRun : public RecordedRun {
 protected:
  ZendeskRun() : RecordedRun(kTokenMembers) {}

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

TEST_F(ZendeskRun, FetchesEveryPageThroughRefusalAndFailure) {
  const RunSummary run = sync("first_run");
  EXPECT_EQ(run.outcome, RunOutcome::completed) << run.error;
  EXPECT_EQ(run.counts.fetched(), 6U);
  EXPECT_EQ(run.counts.created, 4U);
  EXPECT_EQ(run.counts.updated, 1U) << "the ticket that stands in both pages";
  EXPECT_EQ(run.counts.deleted, 1U);
  EXPECT_EQ(run.counts.rejected, 0U);
  EXPECT_EQ(run.requests, 4U);
  EXPECT_EQ(run.throttled, 1U);
  EXPECT_THAT(ids(false),
              testing::UnorderedElementsAre("5158", "5159", "9007199254740993", "5160"));
}

TEST_F(ZendeskRun, AuthorizesEveryRequestWithTheToken) {
  sync("first_run");
  ASSERT_FALSE(requests.empty());
  for (const HttpRequest& request : requests) {
    EXPECT_EQ(request.headers.get("authorization"),
              "Basic " + base64_encode("me@example.com/token:invented-token"));
  }
}

TEST_F(ZendeskRun, FetchesOnlyWhatChangedTheSecondTime) {
  sync("first_run");
  const RunSummary second = sync("second_run");
  EXPECT_EQ(second.outcome, RunOutcome::completed) << second.error;
  EXPECT_EQ(second.counts.created, 1U);
  EXPECT_EQ(second.counts.deleted, 1U);
  EXPECT_EQ(second.counts.fetched(), 2U);
  EXPECT_THAT(ids(false),
              testing::UnorderedElementsAre("5158", "5160", "5161", "9007199254740993"));

  const RunSummary third = sync("nothing_new");
  EXPECT_EQ(third.outcome, RunOutcome::completed) << third.error;
  EXPECT_EQ(third.counts.fetched(), 0U);
}

TEST_F(ZendeskRun, KeepsNothingPersonalOfADeletedTicket) {
  sync("first_run");
  RecordQuery query;
  query.deleted = true;
  query.status = RecordStatus::deleted;
  const auto gone = records(query);
  ASSERT_EQ(gone.size(), 1U);
  EXPECT_EQ(gone.front().record.source_id, "5090");
  const Record& record = gone.front().record;
  EXPECT_EQ(record.title + record.content, "");
  EXPECT_EQ(record.customer_id, std::nullopt);
  EXPECT_EQ(record.customer_email, std::nullopt);
  EXPECT_EQ(record.customer_name, std::nullopt);
  EXPECT_EQ(record.metadata, "{}");
  EXPECT_EQ(gone.front().raw, "");
}

TEST_F(ZendeskRun, EndsQuietlyWhereThereIsNothingYet) {
  EXPECT_EQ(sync("empty_account").outcome, RunOutcome::completed);
  EXPECT_EQ(sync("too_recent").outcome, RunOutcome::completed);
  EXPECT_THAT(ids(true), IsEmpty());
}

TEST_F(ZendeskRun, FailsWhereAnExportIsAnsweredWithoutAPage) {
  for (const char* comments : {"false", "true"}) {
    members["comments"] = comments;
    for (const int status : {202, 204, 304}) {
      auto page = cassette("empty_account").at(0);
      page.response.status = status;
      page.response.body = status == 202 ? "{}" : "";
      const RunSummary run = sync({page});
      EXPECT_EQ(run.outcome, RunOutcome::failed) << status;
      EXPECT_EQ(run.error_code, "bad_data") << status;
      EXPECT_THAT(run.error, HasSubstr(std::to_string(status)));
    }
  }
}

TEST_F(ZendeskRun, FailsWhereTheCursorIsNone) {
  for (const char* cursor : {"5", "true", R"({"c":"x"})", R"([])"}) {
    for (const char* last : {"true", "false"}) {
      auto page = cassette("empty_account").at(0);
      page.response.body = std::string(R"({"tickets":[],"users":[],"after_cursor":)") + cursor +
                           R"(,"end_of_stream":)" + last + "}";
      const RunSummary run = sync({page});
      EXPECT_EQ(run.outcome, RunOutcome::failed) << cursor;
      EXPECT_EQ(run.error_code, "bad_data") << cursor;
      EXPECT_THAT(run.error, HasSubstr("/after_cursor"));
    }
  }
}

TEST_F(ZendeskRun, BeginsAnewWhereItsCursorIsReadNoMore) {
  remember_cursor("MTc3MjQ1MjIwMC4wfHw1MTU4fA==");
  auto exchanges = cassette("bad_cursor");
  exchanges.push_back(cassette("empty_account").at(0));
  const RunSummary run = sync(std::move(exchanges));
  EXPECT_EQ(run.outcome, RunOutcome::completed) << run.error;
  EXPECT_EQ(run.requests, 2U);
}

TEST_F(ZendeskRun, BeginsAtTheWindowAndKeepsToIt) {
  auto page = cassette("first_run").at(3);
  page.target =
      "/api/v2/incremental/tickets/cursor.json?start_time=1772451600"
      "&per_page=1000&include=users";
  const RunSummary run = sync({page}, {.from = parse_time("2026-03-02T11:40:00Z"),
                                       .to = parse_time("2026-03-02T11:50:00Z")});
  EXPECT_EQ(run.outcome, RunOutcome::completed) << run.error;
  EXPECT_THAT(ids(true), testing::UnorderedElementsAre("5090", "5160"));
}

TEST_F(ZendeskRun, NeverBeginsWithinTheLastMinute) {
  time_passes = false;
  auto page = cassette("empty_account").at(0);
  page.target =
      "/api/v2/incremental/tickets/cursor.json?start_time=1772456339"
      "&per_page=1000&include=users";
  const RunSummary run = sync({page}, {.from = parse_time("2026-03-02T12:59:50Z")});
  EXPECT_EQ(run.outcome, RunOutcome::completed) << run.error;
}

TEST_F(ZendeskRun, AsksForNoMoreTicketsThanAreWanted) {
  auto page = cassette("empty_account").at(0);
  page.target =
      "/api/v2/incremental/tickets/cursor.json?start_time=946684800"
      "&per_page=5&include=users";
  const RunSummary run = sync({page}, {.limit = 5});
  EXPECT_EQ(run.outcome, RunOutcome::completed) << run.error;
}

TEST_F(ZendeskRun, MakesPublicCommentsTheContentWhereTheyAreAskedFor) {
  members["comments"] = "true";
  auto exchanges = cassette("comments");
  exchanges.pop_back();
  const RunSummary run = sync(std::move(exchanges));
  EXPECT_EQ(run.outcome, RunOutcome::completed) << run.error;
  EXPECT_EQ(run.counts.created, 2U);
  EXPECT_EQ(run.counts.deleted, 1U);
  for (const StoredRecord& stored : records()) {
    if (stored.record.source_id != "5158") continue;
    EXPECT_EQ(stored.record.content,
              "Jane Example:\nExport fails with \"500\"\n\n"
              "Bob Sample:\nPlease see this (https://example.com/fix).\n\n"
              "Jane Example:\nThanks <3\n\n"
              "Support:\nme too");
  }
}

TEST_F(ZendeskRun, KeepsTheDescriptionOfATicketThatIsGone) {
  members["comments"] = "true";
  auto exchanges = cassette("comments");
  exchanges.pop_back();
  sync(std::move(exchanges));
  EXPECT_THAT(ids(false), testing::UnorderedElementsAre("5158", "5159"));
  for (const StoredRecord& stored : records()) EXPECT_NE(stored.record.content, "");
}

TEST_F(ZendeskRun, AsksForNoCommentsOfWhatItKnows) {
  members["comments"] = "true";
  auto exchanges = cassette("comments");
  const CassetteEntry again = exchanges.back();
  exchanges.pop_back();
  sync(std::move(exchanges));
  const RunSummary second = sync({again});
  EXPECT_EQ(second.outcome, RunOutcome::completed) << second.error;
  EXPECT_EQ(second.requests, 1U);
  EXPECT_EQ(second.counts.fetched(), 0U);
}

TEST_F(ZendeskRun, ReportsTheAccountOfAnAdministrator) {
  const auto report = authenticate(cassette("authenticate"));
  ASSERT_TRUE(report.has_value()) << report.error().message;
  EXPECT_EQ(report->id, "acme");
  EXPECT_EQ(report->name, "acme.zendesk.com");
}

TEST_F(ZendeskRun, IsNotFooledByAnAnonymousUser) {
  const Error error = refusal("auth_fail", 0);
  EXPECT_EQ(error.code, Code::auth);
  EXPECT_THAT(error.message, HasSubstr("anonymous"));
}

TEST_F(ZendeskRun, PassesOnWhyCredentialsAreRefused) {
  const Error error = refusal("auth_fail", 1);
  EXPECT_EQ(error.code, Code::auth);
  EXPECT_THAT(error.message, HasSubstr("Couldn't authenticate you"));
}

TEST_F(ZendeskRun, TellsAnAgentThatExportsNeedAnAdministrator) {
  const Error error = refusal("auth_fail", 2);
  EXPECT_EQ(error.code, Code::forbidden);
  EXPECT_THAT(error.message, HasSubstr("'agent'"));
  EXPECT_THAT(error.message, HasSubstr("'admin'"));
}

TEST_F(ZendeskRun, TellsAnExpiredTokenFromAWrongOne) {
  EXPECT_EQ(refusal("auth_fail", 3).code, Code::auth_expired);
}

TEST_F(ZendeskRun, NamesTheScopeThatIsMissing) {
  const Error error = refusal("auth_fail", 4);
  EXPECT_EQ(error.code, Code::forbidden);
  EXPECT_THAT(error.message, HasSubstr("required scopes: read"));
}

TEST_F(ZendeskRun, SaysThatThereIsNoSuchAccount) {
  EXPECT_EQ(refusal("auth_fail", 6).code, Code::not_found);
}

TEST_F(ZendeskRun, FailsForbiddenWhereTheExportIsNotForThisUser) {
  const RunSummary run = sync({cassette("auth_fail").at(5)});
  EXPECT_EQ(run.outcome, RunOutcome::failed);
  EXPECT_EQ(run.error_code, "forbidden");
  EXPECT_THAT(run.error, HasSubstr("do not have access to this page"));
}

TEST_F(ZendeskRun, GetsATokenWithClientCredentials) {
  auto exchanges = cassette("oauth_client");
  exchanges.resize(2);
  const auto report = authenticate(std::move(exchanges), kClientMembers);
  ASSERT_TRUE(report.has_value()) << report.error().message;
  ASSERT_EQ(requests.size(), 2U);
  const auto asked = JsonDocument::parse(requests[0].body);
  ASSERT_TRUE(asked.has_value());
  const JsonValue body = asked.value()->root();
  EXPECT_EQ(body.member("grant_type").text(), "client_credentials");
  EXPECT_EQ(body.member("client_id").text(), "earshot");
  EXPECT_EQ(body.member("client_secret").text(), "invented-client-secret");
  EXPECT_EQ(body.member("scope").text(), "read write");
  EXPECT_EQ(requests[1].headers.get("authorization"), "Bearer invented-access-token");
}

TEST_F(ZendeskRun, RefusesAClientThatZendeskDoesNotKnow) {
  const auto report = authenticate({cassette("oauth_client").at(2)}, kClientMembers);
  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(report.error().code, Code::auth);
  EXPECT_THAT(report.error().message, HasSubstr("unknown client"));
}

TEST_F(ZendeskRun, RefreshesATokenOnceForSeveralRuns) {
  auto exchanges = cassette("oauth_refresh");
  exchanges.resize(2);
  const CassetteEntry administrator = exchanges.at(1);
  ASSERT_TRUE(authenticate(std::move(exchanges), kRefreshMembers).has_value());
  ASSERT_EQ(requests.size(), 2U);
  const auto asked = JsonDocument::parse(requests[0].body);
  ASSERT_TRUE(asked.has_value());
  EXPECT_EQ(asked.value()->root().member("grant_type").text(), "refresh_token");
  EXPECT_EQ(asked.value()->root().member("refresh_token").text(), "invented-refresh-token");
  EXPECT_EQ(requests[1].headers.get("authorization"), "Bearer invented-access-token");

  const auto again = authenticate({administrator}, kRefreshMembers);
  ASSERT_TRUE(again.has_value()) << again.error().message;
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(requests[0].headers.get("authorization"), "Bearer invented-access-token");
}

TEST_F(ZendeskRun, NeedsToBeAuthorizedAnewWhereTheRefreshTokenIsTakenNoMore) {
  const auto refused = authenticate({cassette("oauth_refresh").at(2)}, kRefreshMembers);
  ASSERT_FALSE(refused.has_value());
  EXPECT_EQ(refused.error().code, Code::auth);
  EXPECT_THAT(refused.error().message, HasSubstr("needs_reauth"));
  EXPECT_THAT(refused.error().message, HasSubstr("authorize again"));
  const auto again = authenticate({}, kRefreshMembers);
  ASSERT_FALSE(again.has_value());
  EXPECT_EQ(again.error().message, refused.error().message);
  EXPECT_THAT(requests, IsEmpty());
  Members changed = kRefreshMembers;
  changed["refresh_token"] = "invented-new-refresh-token";
  auto exchanges = cassette("oauth_refresh");
  exchanges.resize(2);
  EXPECT_TRUE(authenticate(std::move(exchanges), changed).has_value());
}

TEST_F(ZendeskRun, RegistersOneWebhookAndKeepsItsSecret) {
  const auto report = register_webhook("register_webhook");
  ASSERT_TRUE(report.has_value()) << report.error().message;
  EXPECT_EQ(report->hook_id, kHook);
  EXPECT_EQ(stored_secret("webhook_secret"), "invented-signing-secret");
}

TEST_F(ZendeskRun, SubscribesToWhatTheManifestsEventsAreMadeOf) {
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

TEST_F(ZendeskRun, FindsTheWebhookOfACallThatWasKilled) {
  const auto report = register_webhook("register_webhook_again");
  ASSERT_TRUE(report.has_value()) << report.error().message;
  EXPECT_EQ(report->hook_id, kHook);
  EXPECT_EQ(stored_secret("webhook_secret"), "invented-signing-secret");
}

TEST_F(ZendeskRun, MovesTheWebhookThatItReported) {
  remember_hook(kHook);
  const auto report = register_webhook("register_webhook_moved");
  ASSERT_TRUE(report.has_value()) << report.error().message;
  EXPECT_EQ(report->hook_id, kHook);
  EXPECT_EQ(requests.at(1).body,
            R"({"webhook":{"endpoint":"https://hooks.example.com/webhooks/zendesk"}})");
}

TEST_F(ZendeskRun, WakesAWebhookThatDeliversNothing) {
  const auto report = register_where(R"("status":"active")", R"("status":"inactive")");
  ASSERT_TRUE(report.has_value()) << report.error().message;
  EXPECT_EQ(report->hook_id, kHook);
  EXPECT_EQ(requests.at(1).body, R"({"webhook":{"status":"active"}})");
  EXPECT_EQ(stored_secret("webhook_secret"), "invented-signing-secret");
}

TEST_F(ZendeskRun, SubscribesAWebhookToWhatItLacks) {
  ASSERT_TRUE(register_where(R"("zen:event-type:ticket.merged",)", "").has_value());
  const auto sent = JsonDocument::parse(requests.at(1).body);
  ASSERT_TRUE(sent.has_value());
  const JsonValue webhook = sent.value()->root().member("webhook");
  EXPECT_EQ(webhook.size(), 1U);
  EXPECT_EQ(webhook.member("subscriptions").size(), 22U);
}

TEST_F(ZendeskRun, MakesAWebhookPost) {
  ASSERT_TRUE(register_where(R"("http_method":"POST")", R"("http_method":"GET")").has_value());
  EXPECT_EQ(requests.at(1).body, R"({"webhook":{"http_method":"POST"}})");
}

TEST_F(ZendeskRun, MakesAWebhookSpeakJson) {
  ASSERT_TRUE(
      register_where(R"("request_format":"json")", R"("request_format":"xml")").has_value());
  EXPECT_EQ(requests.at(1).body, R"({"webhook":{"request_format":"json"}})");
}

TEST_F(ZendeskRun, WakesTheWebhookThatItReported) {
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

TEST_F(ZendeskRun, MakesAWebhookAnewWhereTheReportedOneIsGone) {
  remember_hook("01JN8EXAMPLE00000000000OLD");
  const auto report = register_webhook("register_webhook_gone");
  ASSERT_TRUE(report.has_value()) << report.error().message;
  EXPECT_EQ(report->hook_id, kHook);
}

}  // namespace
}  // namespace earshot::core

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
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::Optional;
using testing::UnorderedElementsAre;

const std::map<std::string, std::string> kMembers{{"access_token", "invented-token"}};
constexpr const char* kUrl = "https://hooks.example.com/webhooks/intercom";

class IntercomRun : public RecordedRun {
 protected:
  IntercomRun() : RecordedRun(kMembers) {}

  Record record(const std::string& id) {
    for (const StoredRecord& stored : records()) {
      if (stored.record.source_id == id) return stored.record;
    }
    ADD_FAILURE() << "no record " << id;
    return {};
  }
  std::vector<std::string> asked(std::string_view part) {
    std::vector<std::string> targets;
    for (const HttpRequest& request : requests) {
      if (request.target.find(part) != std::string::npos) targets.push_back(request.target);
    }
    return targets;
  }
};

TEST_F(IntercomRun, FetchesEveryPageThroughRefusalAndFailure) {
  const RunSummary run = sync("first_run");
  EXPECT_EQ(run.outcome, RunOutcome::completed) << run.error;
  EXPECT_EQ(run.counts.fetched(), 5U);
  EXPECT_EQ(run.counts.created, 4U);
  EXPECT_EQ(run.counts.deleted, 1U);
  EXPECT_EQ(run.counts.rejected, 0U);
  EXPECT_EQ(run.requests, 13U);
  EXPECT_EQ(run.throttled, 1U);
  EXPECT_THAT(ids(false), UnorderedElementsAre("215472904411871", "9007199254740993",
                                               "215472904411873", "215472904411875"));
}

TEST_F(IntercomRun, TellsHowManyConversationsThereAre) {
  sync("first_run");
  EXPECT_THAT(totals, ElementsAre(4U)) << "of two pages, before the first is stored";
  sync("second_run");
  EXPECT_THAT(totals, ElementsAre(3U)) << "two that are known already are none of them";
}

TEST_F(IntercomRun, SendsTokenAndVersionWithEveryRequest) {
  sync("first_run");
  ASSERT_FALSE(requests.empty());
  for (const HttpRequest& request : requests) {
    EXPECT_EQ(request.headers.get("authorization"), "Bearer invented-token");
    EXPECT_EQ(request.headers.get("intercom-version"), "2.16");
    EXPECT_EQ(request.headers.get("accept"), "application/json");
    if (request.method != "POST") continue;
    EXPECT_EQ(request.headers.get("content-type"), "application/json");
  }
}

TEST_F(IntercomRun, TellsWhatCustomersSawInOrderWithItsSpeakers) {
  sync("first_run");
  EXPECT_EQ(record("215472904411871").content,
            "Jane Example:\nExport fails with \"500\"\n\n"
            "See this page (https://app.acme.example/export?a=1&b=2)\n\n"
            "Jane Example:\nIt happens to everybody here 🧨\n\n"
            "Clark Sample:\nSince when?\n\n"
            "Jane Example:\nYes\n\n"
            "Fin:\nA fix is on its way\n\n"
            "Clark Sample:\nFixed in release 42 (https://example.com/r/42).");
  EXPECT_EQ(record("9007199254740993").content,
            "Clark Sample:\nHello Kai & team,\n\nHow is the trial?\n\n"
            "Kai Sample:\nWorks <fine>\n\n- one\n- two");
}

TEST_F(IntercomRun, LeavesNotesAndRedactedPartsOut) {
  sync("first_run");
  EXPECT_THAT(record("215472904411871").content, Not(HasSubstr("ACME-7")));
  EXPECT_THAT(record("215472904411871").content, Not(HasSubstr("deleted")));
  EXPECT_EQ(record("215472904411875").content, "") << "its first message was redacted";
}

TEST_F(IntercomRun, TakesTheOpeningAsTitleWhereThereIsNone) {
  sync("first_run");
  EXPECT_EQ(record("215472904411873").title, "Can I pay");
  EXPECT_EQ(record("215472904411873").content, "Customer:\nCan I pay\nby invoice?");
  EXPECT_EQ(record("215472904411875").title, "");
}

TEST_F(IntercomRun, FindsPeopleAndTheirPlans) {
  sync("first_run");
  const Record jane = record("215472904411871");
  EXPECT_THAT(jane.customer_email, Optional(std::string("jane@example.com")));
  EXPECT_THAT(jane.customer_tier, Optional(CustomerTier::enterprise));
  EXPECT_THAT(jane.url,
              Optional(std::string("https://app.intercom.com/a/inbox/abc12def/inbox/conversation/"
                                   "215472904411871")));
  EXPECT_THAT(record("9007199254740993").customer_tier, Optional(CustomerTier::professional));
  const Record gone = record("215472904411873");
  EXPECT_THAT(gone.customer_id, Optional(std::string("66eaf772c864ff5de8d2e183")));
  EXPECT_EQ(gone.customer_email, std::nullopt);
  EXPECT_EQ(gone.url, std::nullopt);
  EXPECT_EQ(gone.category, Category::call);
}

TEST_F(IntercomRun, ListsTagsByName) {
  sync("first_run");
  EXPECT_THAT(record("215472904411871").metadata, HasSubstr(R"("tags":["vip","Bug"])"));
  EXPECT_THAT(record("215472904411873").metadata, HasSubstr(R"("tags":[])"));
  EXPECT_THAT(record("215472904411871").metadata, Not(HasSubstr("parts_missing")));
}

TEST_F(IntercomRun, FetchesDetailsOnlyOfWhatChangedTheSecondTime) {
  sync("first_run");
  const RunSummary second = sync("second_run");
  EXPECT_EQ(second.outcome, RunOutcome::completed) << second.error;
  EXPECT_EQ(second.counts.created, 1U);
  EXPECT_EQ(second.counts.updated, 1U);
  EXPECT_EQ(second.counts.deleted, 1U) << "the one that was gone when it was asked for";
  EXPECT_EQ(second.counts.fetched(), 3U);
  EXPECT_THAT(record("215472904411871").content, EndsWith("Jane Example:\nThank you!"));
  EXPECT_EQ(record("215472904411871").status, RecordStatus::closed);

  const RunSummary third = sync("nothing_new");
  EXPECT_EQ(third.outcome, RunOutcome::completed) << third.error;
  EXPECT_EQ(third.counts.fetched(), 0U);
  EXPECT_EQ(third.requests, 2U);
}

TEST_F(IntercomRun, MakesDoWithTheAuthorWherePeopleAreNotToBeFetched) {
  members["contacts"] = "false";
  const auto exchanges = cassette("no_permission");
  const RunSummary run = sync({exchanges.at(2), exchanges.at(3), cassette("empty_account").at(1)});
  EXPECT_EQ(run.outcome, RunOutcome::completed) << run.error;
  const Record jane = record("215472904411871");
  EXPECT_THAT(jane.customer_email, Optional(std::string("jane@example.com")));
  EXPECT_EQ(jane.customer_tier, std::nullopt);
  EXPECT_EQ(jane.url, std::nullopt);
}

TEST_F(IntercomRun, EndsQuietlyWhereThereIsNothing) {
  EXPECT_EQ(sync("empty_account").outcome, RunOutcome::completed);
  EXPECT_THAT(ids(true), IsEmpty());
}

TEST_F(IntercomRun, TakesNoAnswerThatIsAboutNoConversation) {
  auto exchanges = cassette("first_run");
  exchanges.resize(3);  // the first page and the two conversations that it lists
  ASSERT_EQ(exchanges[1].target, "/conversations/215472904411871");
  exchanges[1].response.body = "[]";
  const RunSummary run = sync(std::move(exchanges));
  EXPECT_EQ(run.error_code, "bad_data");
  EXPECT_THAT(run.error, HasSubstr("215472904411871"));
}

TEST_F(IntercomRun, ReportsTheWorkspace) {
  const auto report = authenticate(cassette("authenticate"));
  ASSERT_TRUE(report.has_value()) << report.error().message;
  EXPECT_EQ(report->id, "abc12def");
  EXPECT_EQ(report->name, "Acme");
}

TEST_F(IntercomRun, TellsWhyATokenDoesNotDo) {
  EXPECT_EQ(refusal("auth_fail", 0).code, Code::auth);
  EXPECT_THAT(refusal("auth_fail", 0).message, HasSubstr("Access Token Invalid"));
  EXPECT_EQ(refusal("auth_fail", 1).code, Code::auth_expired);
  EXPECT_EQ(refusal("auth_fail", 2).code, Code::auth_expired);
  EXPECT_EQ(refusal("auth_fail", 3).code, Code::forbidden);
  EXPECT_EQ(refusal("auth_fail", 4).code, Code::forbidden);
  EXPECT_THAT(refusal("auth_fail", 4).message, HasSubstr("Active subscription needed."));
}

TEST_F(IntercomRun, IsNotFooledByAnAnswerThatNamesNobody) {
  EXPECT_EQ(refusal("auth_fail", 5).code, Code::auth);
  EXPECT_EQ(refusal("auth_fail", 6).code, Code::auth);
  EXPECT_EQ(refusal("auth_fail", 8).code, Code::auth);
}

TEST_F(IntercomRun, NamesTheHostOfTheWorkspacesRegion) {
  const Error error = refusal("auth_fail", 7);
  EXPECT_EQ(error.code, Code::config);
  EXPECT_THAT(error.message, HasSubstr("set api_host to api.eu.intercom.io"));
}

TEST_F(IntercomRun, ProvesThatTheTokenMayReadConversations) {
  auto exchanges = cassette("no_permission");
  exchanges.resize(2);
  const auto report = authenticate(std::move(exchanges));
  ASSERT_FALSE(report.has_value());
  EXPECT_EQ(report.error().code, Code::forbidden);
  EXPECT_THAT(report.error().message, HasSubstr("read_conversations"));
}

TEST_F(IntercomRun, NamesWhatToDoWhereContactsAreForbidden) {
  auto exchanges = cassette("no_permission");
  exchanges.erase(exchanges.begin(), exchanges.begin() + 2);
  const RunSummary run = sync(std::move(exchanges));
  EXPECT_EQ(run.outcome, RunOutcome::failed);
  EXPECT_EQ(run.error_code, "forbidden");
  EXPECT_THAT(run.error, HasSubstr("read_users"));
  EXPECT_THAT(run.error, HasSubstr("`contacts: false`"));
}

TEST_F(IntercomRun, SaysWhatToEnterInTheDeveloperHub) {
  const auto report = register_webhook({}, kUrl);
  ASSERT_TRUE(report.has_value()) << report.error().message;
  EXPECT_EQ(report->hook_id, "");
  EXPECT_THAT(report->manual, HasSubstr(kUrl));
  EXPECT_THAT(report->manual, HasSubstr("Developer Hub"));
  EXPECT_THAT(report->manual, HasSubstr("`client_secret`"));
  const ManifestReading reading = plugin_manifest();
  ASSERT_TRUE(reading.manifest.has_value());
  for (const JsonValue event : reading.manifest->document->root().at("/webhooks/events")) {
    for (const JsonValue topic : event) {
      EXPECT_THAT(report->manual, HasSubstr(std::string(topic.text()))) << event.key();
    }
  }
}

}  // namespace
}  // namespace earshot::core

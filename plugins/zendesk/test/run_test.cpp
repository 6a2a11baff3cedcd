#include <string>
#include <utility>
#include <vector>

#include "zendesk_run.hpp"

namespace earshot::core {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

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
  EXPECT_EQ(second.counts.updated, 1U);
  EXPECT_EQ(second.counts.deleted, 1U);
  EXPECT_EQ(second.counts.fetched(), 3U);
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

TEST_F(ZendeskRun, TakesAnEmptyCursorForTheEndOnlyAtTheEnd) {
  for (const char* last : {"true", "false"}) {
    auto page = cassette("empty_account").at(0);
    page.response.body =
        std::string(R"({"tickets":[],"users":[],"after_cursor":"","end_of_stream":)") + last + "}";
    const RunSummary run = sync({page});
    EXPECT_EQ(run.error_code, last == std::string("true") ? "" : "bad_data") << run.error;
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

TEST_F(ZendeskRun, FailsForbiddenWhereTheExportIsNotForThisUser) {
  const RunSummary run = sync({cassette("auth_fail").at(5)});
  EXPECT_EQ(run.outcome, RunOutcome::failed);
  EXPECT_EQ(run.error_code, "forbidden");
  EXPECT_THAT(run.error, HasSubstr("do not have access to this page"));
}

}  // namespace
}  // namespace earshot::core

/// What is asked for, from where to where, and where the next run goes on.

#include <map>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>

#include "plugin/recorded_run.hpp"

namespace earshot::core {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

CassetteEntry answer(std::string method, std::string target, std::string body) {
  return {.method = std::move(method),
          .target = std::move(target),
          .response = {200, {{"content-type", "application/json"}}, std::move(body)}};
}

constexpr const char* kDeletedPage = "/conversations/deleted?page={}&per_page=60&order=desc";

CassetteEntry deletions(const std::string& list, int page = 1, const std::string& next = "null") {
  return answer("GET", fmt::format(fmt::runtime(kDeletedPage), page),
                fmt::format(R"({{"conversations":[{}],"pages":{{"next":{}}}}})", list, next));
}

std::string listed(int id, int updated) {
  return fmt::format(R"({{"id":"{}","created_at":1772400000,"updated_at":{}}})", id, updated);
}

CassetteEntry found(const std::string& list, const std::string& after = "") {
  const std::string next =
      after.empty() ? "null" : fmt::format(R"({{"page":2,"starting_after":"{}"}})", after);
  return answer("POST", "/conversations/search",
                fmt::format(R"({{"conversations":[{}],"pages":{{"next":{}}}}})", list, next));
}

CassetteEntry details(int id, int updated, const std::string& more = "") {
  return answer(
      "GET", fmt::format("/conversations/{}", id),
      fmt::format(R"({{"id":"{}","created_at":1772400000,"updated_at":{}{}}})", id, updated, more));
}

/// A workspace whose conversations are about nobody, at 13:00 on the second of March 2026.
class IntercomWindow : public RecordedRun {
 protected:
  IntercomWindow() : RecordedRun({{"access_token", "invented-token"}}) { time_passes = false; }

  /// "SINCE..UNTIL AFTER" of every search, the bounds included.
  std::vector<std::string> searched() {
    std::vector<std::string> spans;
    for (const HttpRequest& request : requests) {
      if (request.method != "POST") continue;
      const auto body = JsonDocument::parse(request.body);
      if (!body) continue;
      const JsonValue root = body.value()->root();
      EXPECT_EQ(root.at("/query/operator").text(), "AND");
      EXPECT_EQ(root.at("/query/value/0/field").text(), "updated_at");
      EXPECT_EQ(root.at("/query/value/0/operator").text(), ">");
      EXPECT_EQ(root.at("/query/value/1/operator").text(), "<");
      EXPECT_EQ(root.at("/sort/order").text(), "ascending");
      spans.push_back(fmt::format("{}..{} {}",
                                  root.at("/query/value/0/value").integer().value() + 1,
                                  root.at("/query/value/1/value").integer().value() - 1,
                                  root.at("/pagination/starting_after").text()));
    }
    return spans;
  }
};

// 13:00 is 1772456400; what changed within the last five seconds waits.

TEST_F(IntercomWindow, BeginsWithEverythingThatHasSettled) {
  EXPECT_EQ(sync({found(""), deletions("")}).outcome, RunOutcome::completed);
  EXPECT_THAT(searched(), ElementsAre("1..1772456395 "));
}

TEST_F(IntercomWindow, GoesOnALittleBeforeWhatWasNewest) {
  sync({found(listed(1, 1772450000)), details(1, 1772450000), deletions("")});
  sync({found(listed(1, 1772450000)), deletions("")});
  EXPECT_THAT(searched(), ElementsAre("1772449700..1772456395 "));
  EXPECT_EQ(requests.size(), 2U) << "the conversation is known";
}

TEST_F(IntercomWindow, GoesOnWithinASearchThatWasCutOff) {
  remember_cursor("1772440000 1772450000 1772444444 WzFd");
  sync({found(listed(7, 1772449000)), details(7, 1772449000), found(""), deletions("")});
  EXPECT_THAT(searched(), ElementsAre("1772440000..1772450000 WzFd", "1772448700..1772456395 "));
}

TEST_F(IntercomWindow, IsReadOnceWhereItWasCutOffThisVerySecond) {
  remember_cursor("1772456000 1772456395 1772456200 WzFd");
  EXPECT_EQ(sync({found(listed(7, 1772456200)), details(7, 1772456200), deletions("")}).outcome,
            RunOutcome::completed);
  EXPECT_THAT(searched(), ElementsAre("1772456000..1772456395 WzFd"));
}

TEST_F(IntercomWindow, KeepsBoundsFromPageToPage) {
  sync({found(listed(1, 1772440001), "QQ=="), details(1, 1772440001), found(listed(2, 1772440001)),
        details(2, 1772440001), deletions("")});
  EXPECT_THAT(searched(), ElementsAre("1..1772456395 ", "1..1772456395 QQ=="));
}

TEST_F(IntercomWindow, FetchesAgainWhatChangedWhileItWasFetched) {
  const RunSummary first = sync(
      {found(listed(1, 1772450000)), details(1, 1772456399, R"(,"title":"half")"), deletions("")});
  EXPECT_EQ(first.counts.created, 1U);
  const RunSummary second = sync(
      {found(listed(1, 1772456390)), details(1, 1772456399, R"(,"title":"whole")"), deletions("")});
  EXPECT_EQ(second.counts.updated, 1U) << "within one second there may be two changes";
  EXPECT_EQ(records().at(0).record.title, "whole");
}

TEST_F(IntercomWindow, KeepsToTheWindowThatIsAskedFor) {
  const RunOptions window{.from = parse_time("2026-03-02T08:00:00Z"),
                          .to = parse_time("2026-03-02T10:00:00Z")};
  const RunSummary run = sync({found(listed(1, 1772438400) + "," + listed(2, 1772445600)),
                               details(1, 1772438400), details(2, 1772445600), deletions("")},
                              window);
  EXPECT_THAT(searched(), ElementsAre("1772438400..1772445600 "));
  EXPECT_EQ(run.counts.created, 1U) << "the end is not part of it";
  EXPECT_THAT(ids(false), ElementsAre("1"));
}

TEST_F(IntercomWindow, AsksForSmallPagesWhereFewAreWanted) {
  sync({found(""), deletions("")}, {.limit = 5});
  EXPECT_THAT(requests.at(0).body, HasSubstr(R"("per_page":10)"));
  sync({found(""), deletions("")});
  EXPECT_THAT(requests.at(0).body, HasSubstr(R"("per_page":150)"));
}

TEST_F(IntercomWindow, BeginsAnewWhereItsCursorIsReadNoMore) {
  remember_cursor("1772440000 1772450000 1772444444 WzFd");
  const RunSummary run = sync({cassette("bad_cursor").at(0), found(""), deletions("")});
  EXPECT_EQ(run.outcome, RunOutcome::completed) << run.error;
  EXPECT_EQ(searched().back(), "1..1772456395 ");

  remember_cursor("half a cursor");
  EXPECT_EQ(sync({found(""), deletions("")}).outcome, RunOutcome::completed);
}

TEST_F(IntercomWindow, RefusesAListThatIsNone) {
  const RunSummary run = sync({answer("POST", "/conversations/search", R"({"type":"list"})")});
  EXPECT_EQ(run.outcome, RunOutcome::failed);
  EXPECT_EQ(run.error_code, "bad_data");
}

TEST_F(IntercomWindow, RefusesAnAnswerWithoutAList) {
  auto nothing = answer("POST", "/conversations/search", "");
  for (const int status : {204, 304}) {
    nothing.response.status = status;
    EXPECT_EQ(sync({nothing}).error_code, "bad_data") << status;
  }
}

TEST_F(IntercomWindow, RefusesAListThatGoesOnNobodyKnowsWhere) {
  for (const char* next : {"5", "true", R"({"starting_after":5})", R"({"starting_after":{}})"}) {
    const auto page = answer("POST", "/conversations/search",
                             fmt::format(R"({{"conversations":[],"pages":{{"next":{}}}}})", next));
    EXPECT_EQ(sync({page}).error_code, "bad_data") << next;
  }
  for (const char* next : {"5", "true", R"({"page":2})"}) {
    EXPECT_EQ(sync({found(""), deletions("", 1, next)}).error_code, "bad_data") << next;
  }
}

TEST_F(IntercomWindow, LosesNoConversationToOneThatIsOddlyShaped) {
  const std::string odd = R"({"id":null,"updated_at":1772440000},{"id":"5","updated_at":"soon"})";
  const RunSummary run = sync(
      {found(odd + "," + listed(1, 1772450000)),
       answer("GET", "/conversations/5", R"({"id":"5","created_at":1772400000,"updated_at":null})"),
       details(1, 1772450000), deletions("")});
  EXPECT_EQ(run.outcome, RunOutcome::completed) << run.error;
  EXPECT_EQ(run.counts.rejected, 1U);
  EXPECT_THAT(ids(false), testing::UnorderedElementsAre("1", "5"));
}

TEST_F(IntercomWindow, ReadsDeletionsBackToWhereItWas) {
  const auto gone = [](int id, int at) {
    return fmt::format(R"({{"id":"{}","deleted_at":{}}})", id, at);
  };
  const std::string next = R"("https://api.intercom.io/conversations/deleted?page=2")";
  const RunSummary first = sync({found(""), deletions(gone(3, 1772450000), 1, next),
                                 deletions(gone(2, 1772440000) + "," + gone(1, 1772430000), 2)});
  EXPECT_EQ(first.counts.deleted, 3U);
  const RunSummary second =
      sync({found(""), deletions(gone(4, 1772451000) + "," + gone(3, 1772450000), 1, next),
            deletions(gone(2, 1772440000) + "," + gone(1, 1772430000), 2, next)});
  EXPECT_EQ(second.counts.fetched(), 1U) << "the others are known";
  EXPECT_EQ(second.requests, 3U) << "older pages are not asked for";
}

TEST_F(IntercomWindow, TellsOfPartsThatIntercomKeeps) {
  std::string parts;
  for (int part = 0; part < 500; ++part) {
    parts += fmt::format(
        R"({}{{"id":"{}","part_type":"comment","created_at":{},"body":"<p>{}</p>","author":{{"type":"user","name":"A"}}}})",
        part == 0 ? "" : ",", part, 1772400001 + part, part);
  }
  const std::string more = fmt::format(
      R"(,"conversation_parts":{{"conversation_parts":[{}],"total_count":620}})", parts);
  sync({found(listed(1, 1772450000)), details(1, 1772450000, more), deletions("")});
  EXPECT_THAT(records().at(0).record.metadata, HasSubstr(R"("parts_missing":120)"));
  EXPECT_THAT(records().at(0).record.content, testing::EndsWith("A:\n498\n\nA:\n499"));
}

}  // namespace
}  // namespace earshot::core

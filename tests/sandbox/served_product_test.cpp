#include "sandbox/served_product.hpp"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <earshot/core/base/clock.hpp>
#include <earshot/core/base/text.hpp>
#include <earshot/core/json/document.hpp>

namespace earshot::sandbox {
namespace {

constexpr std::string_view kExport = "/api/v2/incremental/tickets/cursor.json";

std::unique_ptr<core::JsonDocument> parsed(std::string text) {
  auto document = core::JsonDocument::parse(std::move(text));
  EXPECT_TRUE(document) << document.error().message;
  return std::move(document).value();
}

const ProductEntry& zendesk() {
  return *std::find_if(products().begin(), products().end(),
                       [](const ProductEntry& entry) { return entry.name == "zendesk"; });
}

/// The first product as it is served, and somebody who reads its tickets.
class ServedZendesk : public testing::Test {
 protected:
  static ProductSetup setup() {
    return {.items = 250,
            .now = *core::parse_time("2026-03-02T10:15:19Z"),
            .limits = false,
            .page_cap = 100};
  }
  ServedZendesk() : clock_(setup().now), served_(zendesk(), setup(), clock_) {
    for (const auto& way : served_.product().access()) {
      if (way.title != "OAuth access token") continue;
      const auto bearer = parsed(way.credentials);
      bearer_ = "Bearer " + std::string(bearer->root().member("access_token").text());
    }
  }

  core::HttpReply send(std::string method, std::string target, std::string body = "") {
    core::HttpIncoming request;
    request.method = std::move(method);
    request.target = std::move(target);
    request.headers.add("authorization", bearer_);
    request.headers.add("content-type", "application/json");
    request.body = std::move(body);
    return served_.handle(request);
  }
  core::HttpReply export_page(const std::string& cursor) {
    return send("GET", cursor.empty()
                           ? std::string(kExport) + "?start_time=946684800"
                           : fmt::format("{}?cursor={}", kExport, sdk::percent_encode(cursor)));
  }
  void fault(const std::string& json) {
    const core::HttpReply reply = send("POST", "/_sandbox/faults", json);
    ASSERT_EQ(reply.status, 200) << reply.body;
  }
  /// Reads to the end as a client does that upserts by id: ids, each with its status.
  std::map<std::string, std::string> read_all(int* pages = nullptr) {
    std::map<std::string, std::string> tickets;
    std::string cursor;
    for (int page = 1; page < 100; ++page) {
      const core::HttpReply reply = export_page(cursor);
      EXPECT_EQ(reply.status, 200) << reply.body;
      const auto document = parsed(reply.body);
      for (const core::JsonValue ticket : document->root().member("tickets")) {
        tickets.insert_or_assign(std::string(ticket.member("id").text()),
                                 std::string(ticket.member("status").text()));
      }
      cursor = document->root().member("after_cursor").text();
      if (pages) *pages = page;
      if (document->root().member("end_of_stream").truthy()) return tickets;
    }
    ADD_FAILURE() << "no end";
    return tickets;
  }
  std::unique_ptr<core::JsonDocument> truth() {
    return parsed(send("GET", "/_sandbox/truth").body);
  }

  core::VirtualClock clock_;
  ServedProduct served_;
  std::string bearer_;
};

TEST_F(ServedZendesk, RateLimitFaultSpeaksAsTheProduct) {
  fault(R"({"fault":"rate_limit","on":"/api/v2/incremental/*","times":2,"retry_after":7})");
  for (int time = 0; time < 2; ++time) {
    const core::HttpReply reply = export_page("");
    EXPECT_EQ(reply.status, 429);
    EXPECT_EQ(reply.headers.get("retry-after"), "7");
  }
  EXPECT_EQ(export_page("").status, 200);
}

TEST_F(ServedZendesk, ServerErrorsHaveTheirBodies) {
  fault(R"({"fault":"error500"})");
  fault(R"({"fault":"error503","retry_after":2})");
  EXPECT_EQ(export_page("").body, R"({"status":500,"error":"Internal Server Error"})");
  const core::HttpReply unavailable = export_page("");
  EXPECT_EQ(unavailable.status, 503);
  EXPECT_EQ(unavailable.headers.get("retry-after"), "2");
  EXPECT_EQ(unavailable.headers.get("content-type"), "text/html; charset=utf-8");
}

TEST_F(ServedZendesk, ConnectionFaultsAreLeftToTheServer) {
  fault(R"({"fault":"reset"})");
  fault(R"({"fault":"slow","delay_ms":1500})");
  fault(R"({"fault":"truncate"})");
  EXPECT_TRUE(export_page("").reset);
  const core::HttpReply slow = export_page("");
  EXPECT_EQ(slow.delay, std::chrono::milliseconds(1500));
  EXPECT_EQ(slow.status, 200);
  const core::HttpReply cut = export_page("");
  EXPECT_EQ(cut.cut_body_after, cut.body.size() / 2);
  EXPECT_GT(cut.body.size(), 100'000U);
}

TEST_F(ServedZendesk, InvalidJsonIsACompleteAnswer) {
  fault(R"({"fault":"invalid_json"})");
  const core::HttpReply reply = export_page("");
  EXPECT_EQ(reply.status, 200);
  EXPECT_FALSE(reply.cut_body_after);
  EXPECT_FALSE(core::JsonDocument::parse(reply.body));
}

TEST_F(ServedZendesk, DuplicatePageComesOnceMoreAndNothingIsLost) {
  fault(R"({"fault":"duplicate_page"})");
  int pages = 0;
  const auto tickets = read_all(&pages);
  EXPECT_EQ(pages, 4);
  EXPECT_EQ(tickets.size(), 250U);
}

TEST_F(ServedZendesk, MutationsWhilePagingEndInTheTruth) {
  fault(R"({"fault":"mutate_while_paging","on":"/api/*","after":1,"times":2})");
  const auto tickets = read_all();
  const auto document = truth();
  std::vector<std::string> ids;
  std::vector<std::string> deleted;
  for (const auto& [id, status] : tickets) {
    ids.push_back(id);
    if (status == "deleted") deleted.push_back(id);
  }
  const auto texts = [](core::JsonValue array) {
    std::vector<std::string> out;
    for (const core::JsonValue element : array) out.emplace_back(element.text());
    return out;
  };
  EXPECT_EQ(ids.size(), 252U);
  EXPECT_EQ(ids, texts(document->root().member("ids")));
  EXPECT_EQ(deleted, texts(document->root().member("deleted")));
}

TEST_F(ServedZendesk, FaultMayStrikeAfterTheRequestWasExecuted) {
  fault(R"({"fault":"reset","on":"/api/v2/webhooks","executed":true})");
  const std::string hook =
      R"({"webhook":{"name":"a","endpoint":"https://hub.example.com/","http_method":"POST","request_format":"json","status":"active","subscriptions":[]}})";
  EXPECT_TRUE(send("POST", "/api/v2/webhooks", hook).reset);
  EXPECT_EQ(parsed(send("GET", "/api/v2/webhooks").body)->root().member("webhooks").size(), 1U);
}

TEST_F(ServedZendesk, FaultsAreListedAndCleared) {
  fault(R"({"fault":"error500","times":3})");
  export_page("");
  const auto list = parsed(send("GET", "/_sandbox/faults").body);
  EXPECT_EQ(list->root().at("/faults/0/fault").text(), "error500");
  EXPECT_EQ(list->root().at("/faults/0/struck").integer(), 1);
  send("DELETE", "/_sandbox/faults");
  EXPECT_EQ(export_page("").status, 200);
  EXPECT_EQ(send("POST", "/_sandbox/faults", R"({"fault":"explode"})").status, 400);
}

TEST_F(ServedZendesk, RequestsAreCountedAndLogged) {
  export_page("");
  fault(R"({"fault":"error500"})");
  export_page("");
  send("GET", "/nowhere");
  const auto all = parsed(send("GET", "/_sandbox/requests").body);
  EXPECT_EQ(all->root().member("total").integer(), 3);
  EXPECT_EQ(all->root().member("counts").size(), 3U);
  EXPECT_EQ(all->root().at("/log/0/target").text(),
            "/api/v2/incremental/tickets/cursor.json?start_time=946684800");
  EXPECT_EQ(all->root().at("/log/1/status").integer(), 500);
  EXPECT_EQ(all->root().at("/log/1/fault").text(), "error500");
  const auto late = parsed(send("GET", "/_sandbox/requests?since=3").body);
  EXPECT_EQ(late->root().member("log").size(), 1U);
  EXPECT_EQ(late->root().at("/log/0/status").integer(), 404);
  send("DELETE", "/_sandbox/requests");
  EXPECT_EQ(parsed(send("GET", "/_sandbox/requests").body)->root().member("total").integer(), 0);
}

TEST_F(ServedZendesk, ChangeTellsWhatItChanged) {
  const auto changed =
      parsed(send("POST", "/_sandbox/change", R"({"update":3,"delete":2,"add":1})").body);
  EXPECT_EQ(changed->root().member("updated").size(), 3U);
  EXPECT_EQ(changed->root().member("deleted").size(), 2U);
  EXPECT_EQ(changed->root().member("added").size(), 1U);
  EXPECT_EQ(send("POST", "/_sandbox/change", R"({"update":-1})").status, 400);
  EXPECT_EQ(send("POST", "/_sandbox/change", "three").status, 400);
}

TEST_F(ServedZendesk, ResetGivesTheFirstAccountBack) {
  const std::string before = send("GET", "/_sandbox/truth").body;
  send("POST", "/_sandbox/change", R"({"update":3})");
  fault(R"({"fault":"error500"})");
  EXPECT_NE(send("GET", "/_sandbox/truth").body, before);
  EXPECT_EQ(send("POST", "/_sandbox/reset").status, 200);
  EXPECT_EQ(send("GET", "/_sandbox/truth").body, before);
  EXPECT_EQ(export_page("").status, 200);
}

TEST_F(ServedZendesk, ClockMovesOnDemand) {
  const std::string target = std::string(kExport) + "?start_time=1772446470";
  EXPECT_EQ(send("GET", target).status, 422);
  EXPECT_EQ(send("POST", "/_sandbox/clock", R"({"advance_seconds":11})").body,
            R"({"now":"2026-03-02T10:15:30Z"})");
  EXPECT_EQ(send("GET", target).status, 200);
}

TEST_F(ServedZendesk, UnknownControlSaysWhatThereIs) {
  const core::HttpReply reply = send("GET", "/_sandbox/nothing");
  EXPECT_EQ(reply.status, 404);
  EXPECT_NE(reply.body.find("POST change"), std::string::npos);
}

}  // namespace
}  // namespace earshot::sandbox

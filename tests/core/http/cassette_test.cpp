#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <earshot/core/http/cassette.hpp>

#include "client_fixture.hpp"
#include "temp_file.hpp"

namespace earshot::core {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kTwoPages = R"({"log": {"version": "1.2",
  "creator": {"name": "earshot", "version": "0.1"},
  "entries": [
    {"request": {"method": "GET", "url": "https://acme.example/tickets?page=1&size=2"},
     "response": {"status": 200, "headers": [
         {"name": "Content-Type", "value": "application/json"},
         {"name": "content-encoding", "value": "gzip"},
         {"name": "Content-Length", "value": "999"}],
       "content": {"mimeType": "application/json", "text": "{\"page\":1}"}}},
    {"request": {"method": "GET", "url": "https://acme.example/tickets?page=2&size=2"},
     "response": {"status": 429, "headers": [{"name": "Retry-After", "value": "5"}],
       "content": {"text": "c2xvdyBkb3du", "encoding": "base64"}}}
  ]}})";

/// A cassette on a loop of its own.
class CassetteRig : public TransportRig {
 public:
  explicit CassetteRig(std::vector<CassetteEntry> entries)
      : TransportRig(clock(), [&entries](Loop& loop) {
          return std::make_unique<CassetteTransport>(loop, std::move(entries));
        }) {}
  CassetteTransport& cassette() { return dynamic_cast<CassetteTransport&>(transport()); }

 private:
  static Clock& clock() {
    static SystemClock system;
    return system;
  }
};

HttpRequest ask(std::string target, std::string method = "GET") {
  HttpRequest request = get(443, std::move(target), "other.example");
  request.method = std::move(method);
  return request;
}

std::vector<CassetteEntry> entries(std::vector<std::pair<std::string, std::string>> recorded) {
  std::vector<CassetteEntry> made;
  for (auto& [target, body] : recorded) {
    made.push_back({.target = target, .response = {.status = 200, .body = body}});
  }
  return made;
}

TEST(LoadCassette, ReadsHar) {
  const TempFile file(kTwoPages);
  const auto cassette = load_cassette(file.path());
  ASSERT_TRUE(cassette) << cassette.error().message;
  ASSERT_EQ(cassette->size(), 2U);
  const CassetteEntry& first = cassette->front();
  EXPECT_EQ(first.target, "/tickets?page=1&size=2");
  EXPECT_EQ(first.response.body, "{\"page\":1}");
  EXPECT_EQ(first.response.headers.size(), 1U);
  EXPECT_EQ(first.response.headers.get("Content-Type"), "application/json");
  const CassetteEntry& second = cassette->back();
  EXPECT_EQ(second.response.status, 429);
  EXPECT_EQ(second.response.headers.get("Retry-After"), "5");
  EXPECT_EQ(second.response.body, "slow down");
}

TEST(LoadCassette, NamesWhatItCannotUse) {
  EXPECT_EQ(load_cassette("/nonexistent.har").has_value(), false);
  const std::pair<const char*, const char*> cases[] = {
      {"{", "x.har"},
      {"{}", "no log.entries"},
      {R"({"log":{"entries":[{}]}})", "log.entries[0] has no request.url"},
      {R"({"log":{"entries":[{"request":{"url":"https://a.example/"}}]}})", "no request.method"},
      {R"({"log":{"entries":[{"request":{"url":"https://a.example/","method":"GET"},
        "response":{"status":0}}]}})",
       "response.status"},
      {R"({"log":{"entries":[{"request":{"url":"https://a.example/","method":"GET"},
        "response":{"status":200,"content":{"encoding":"base64","text":"*"}}}]}})",
       "not base64"},
  };
  for (const auto& [har, reason] : cases) {
    const auto cassette = parse_cassette(har, "x.har");
    ASSERT_FALSE(cassette) << har;
    EXPECT_EQ(cassette.error().code, Code::bad_data);
    EXPECT_THAT(cassette.error().message, HasSubstr(reason));
  }
}

TEST(CassetteTransport, MatchesParametersInAnyOrder) {
  CassetteRig rig(entries({{"/tickets?page=1&size=2", "one"}, {"/tickets?page=2&size=2", "two"}}));
  EXPECT_EQ(answer(rig.fetch(ask("/tickets?size=2&page=2"))).body, "two");
  EXPECT_EQ(answer(rig.fetch(ask("/tickets?size=2&page=%31"))).body, "one");
}

TEST(CassetteTransport, GivesEqualEntriesInTurnAndTheLastAgain) {
  CassetteRig rig(entries({{"/a", "one"}, {"/b", "other"}, {"/a", "two"}}));
  EXPECT_EQ(answer(rig.fetch(ask("/a"))).body, "one");
  EXPECT_EQ(answer(rig.fetch(ask("/a"))).body, "two");
  EXPECT_EQ(answer(rig.fetch(ask("/a"))).body, "two");
  EXPECT_THAT(rig.cassette().unused(), ElementsAre("GET /b"));
}

TEST(CassetteTransport, FailsWithoutARecording) {
  CassetteRig rig(entries({{"/a", "one"}}));
  for (const auto& request : {ask("/b"), ask("/a", "POST"), ask("/a?x=1")}) {
    const TransportError error = failure(rig.fetch(request));
    EXPECT_EQ(error.error.code, Code::network);
    EXPECT_EQ(error.sent, SentState::not_sent);
    EXPECT_THAT(error.error.message,
                HasSubstr("no recorded answer for " + request.method + " " + request.target));
  }
}

TEST(CassetteTransport, KeepsALogOfRequests) {
  CassetteRig rig(entries({{"/a", "one"}}));
  HttpRequest post = ask("/b", "POST");
  post.body = "payload";
  rig.fetch(ask("/a"));
  rig.fetch(post);
  const auto& log = rig.cassette().request_log();
  ASSERT_EQ(log.size(), 2U);
  EXPECT_EQ(log[0].target, "/a");
  EXPECT_EQ(log[1].method, "POST");
  EXPECT_EQ(log[1].body, "payload");
}

TEST(CassetteTransport, NeverCallsBackAfterCancelling) {
  CassetteRig rig(entries({{"/a", "one"}}));
  bool called = false;
  rig.on_loop([&] {
    const auto exchange =
        rig.transport().send(ask("/a"), [&called](TransportResult) { called = true; });
    EXPECT_FALSE(called);
  });
  rig.on_loop([] {});
  EXPECT_FALSE(called);
}

}  // namespace
}  // namespace earshot::core

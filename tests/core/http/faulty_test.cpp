#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <earshot/core/http/cassette.hpp>
#include <earshot/core/http/faulty.hpp>

#include "client_fixture.hpp"

namespace earshot::core {
namespace {

/// Faults in front of a cassette that knows "/1", "/2" and "/3".
class FaultyRig {
 public:
  explicit FaultyRig(std::vector<Fault> script)
      : clock_(Time{}), rig_(clock_, [&](Loop& loop) {
          cassette_ = std::make_unique<CassetteTransport>(loop, recorded());
          auto made = std::make_unique<FaultyTransport>(loop, *cassette_, std::move(script));
          faulty_ = made.get();
          return made;
        }) {}

  TransportResult fetch(const std::string& target) { return rig_.fetch(get(443, target)); }
  TransportRig& rig() { return rig_; }
  VirtualClock& clock() { return clock_; }
  [[nodiscard]] bool exhausted() const { return faulty_->exhausted(); }
  [[nodiscard]] std::size_t asked_behind() const { return cassette_->request_log().size(); }

 private:
  static std::vector<CassetteEntry> recorded() {
    std::vector<CassetteEntry> entries;
    for (const char* page : {"1", "2", "3"}) {
      entries.push_back({.target = std::string("/") + page,
                         .response = {.status = 200, .body = std::string("page ") + page}});
    }
    return entries;
  }

  VirtualClock clock_;
  std::unique_ptr<CassetteTransport> cassette_;
  FaultyTransport* faulty_ = nullptr;
  TransportRig rig_;
};

TEST(FaultyTransport, PassesWhatItHasNoFaultFor) {
  FaultyRig rig({});
  EXPECT_EQ(answer(rig.fetch("/1")).body, "page 1");
  EXPECT_TRUE(rig.exhausted());
}

TEST(FaultyTransport, FollowsItsScriptInOrder) {
  FaultyRig rig({{.kind = Fault::Kind::refuse},
                 {.kind = Fault::Kind::pass},
                 {.kind = Fault::Kind::reset, .times = 2}});
  EXPECT_EQ(failure(rig.fetch("/1")).sent, SentState::not_sent);
  EXPECT_EQ(answer(rig.fetch("/1")).body, "page 1");
  EXPECT_EQ(failure(rig.fetch("/2")).sent, SentState::maybe);
  EXPECT_FALSE(rig.exhausted());
  EXPECT_EQ(failure(rig.fetch("/2")).error.code, Code::network);
  EXPECT_TRUE(rig.exhausted());
  EXPECT_EQ(answer(rig.fetch("/2")).body, "page 2");
}

TEST(FaultyTransport, MeetsOnlyTheRequestsAFaultIsFor) {
  FaultyRig rig({{.kind = Fault::Kind::reset, .target = "/2*"}});
  EXPECT_EQ(answer(rig.fetch("/1")).body, "page 1");
  EXPECT_EQ(failure(rig.fetch("/2")).error.code, Code::network);
}

TEST(FaultyTransport, AnswersInThePlaceOfTheProduct) {
  FaultyRig rig({{.kind = Fault::Kind::status,
                  .reply = {.status = 429, .headers = {{"Retry-After", "3"}}, .body = "slow"}}});
  const HttpResponse response = answer(rig.fetch("/1"));
  EXPECT_EQ(response.status, 429);
  EXPECT_EQ(response.headers.get("Retry-After"), "3");
  EXPECT_EQ(rig.asked_behind(), 0U);
}

TEST(FaultyTransport, CutsAnswers) {
  FaultyRig rig({{.kind = Fault::Kind::truncate}});
  EXPECT_EQ(answer(rig.fetch("/1")).body, "pag");
}

TEST(FaultyTransport, RepeatsTheAnswerBefore) {
  FaultyRig rig({{.kind = Fault::Kind::pass}, {.kind = Fault::Kind::repeat_answer}});
  EXPECT_EQ(answer(rig.fetch("/1")).body, "page 1");
  EXPECT_EQ(answer(rig.fetch("/2")).body, "page 1");
  EXPECT_EQ(answer(rig.fetch("/2")).body, "page 2");
}

TEST(FaultyTransport, TimesOutOnTheLoopsClock) {
  FaultyRig rig({{.kind = Fault::Kind::timeout}});
  auto result = rig.rig().start(get(443, "/1"));
  rig.clock().advance(std::chrono::seconds(29));
  rig.rig().on_loop([] {});
  EXPECT_EQ(result.wait_for(std::chrono::seconds(0)), std::future_status::timeout);
  rig.clock().advance(std::chrono::seconds(1));
  EXPECT_EQ(failure(result.get()).sent, SentState::maybe);
}

}  // namespace
}  // namespace earshot::core

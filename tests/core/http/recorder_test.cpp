#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <earshot/core/http/cassette.hpp>
#include <earshot/core/http/recorder.hpp>

#include "client_fixture.hpp"

namespace earshot::core {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

RecordedExchange exchange(std::string target, std::string body) {
  HttpRequest request = get(443, target);
  request.headers = {{"Authorization", "Bearer invented-token"}, {"Accept", "application/json"}};
  HttpResponse response{
      .status = 200,
      .headers = {{"Content-Type", "application/json"}, {"Set-Cookie", "session=invented-cookie"}},
      .body = std::move(body)};
  return {.request = std::move(request), .response = std::move(response), .at = Time{}};
}

TEST(RecordingTransport, TellsOfWhatWasAnsweredAlone) {
  std::vector<RecordedExchange> kept;
  VirtualClock clock(Time(std::chrono::seconds(60)));
  TransportRig rig(clock, [&](Loop& loop) {
    std::vector<CassetteEntry> known{{.target = "/1", .response = {.status = 404, .body = "no"}}};
    return std::make_unique<RecordingTransport>(
        std::make_unique<CassetteTransport>(loop, std::move(known)), clock,
        [&kept](RecordedExchange one) { kept.push_back(std::move(one)); });
  });
  EXPECT_EQ(answer(rig.fetch(get(443, "/1"))).status, 404);
  EXPECT_EQ(failure(rig.fetch(get(443, "/2"))).sent, SentState::not_sent);
  ASSERT_THAT(kept, SizeIs(1));
  EXPECT_EQ(kept[0].request.target, "/1");
  EXPECT_EQ(kept[0].response.body, "no");
  EXPECT_EQ(kept[0].at, Time(std::chrono::seconds(60)));
}

TEST(WriteCassette, IsReadBackAsItWas) {
  const std::string binary("\xff\xfe\x00", 3);
  const std::string har = write_cassette(
      {exchange("/a?q=x%20y&n=1", R"({"a":"\"é\""})"), exchange("/b", binary)}, "Two.");
  const auto entries = parse_cassette(har, "two.har");
  ASSERT_TRUE(entries) << entries.error().message;
  ASSERT_THAT(*entries, SizeIs(2));
  EXPECT_EQ(entries->at(0).target, "/a?q=x%20y&n=1");
  EXPECT_EQ(entries->at(0).response.body, R"({"a":"\"é\""})");
  EXPECT_EQ(entries->at(0).response.headers.get("content-type"), "application/json");
  EXPECT_EQ(entries->at(1).response.body, binary);
  EXPECT_THAT(har, HasSubstr("\"value\": \"x y\""));
}

TEST(WriteCassette, LeavesCredentialsAndCookiesOut) {
  const std::string har = write_cassette({exchange("/a", "{}")}, "One.");
  EXPECT_THAT(har, Not(HasSubstr("invented-token")));
  EXPECT_THAT(har, Not(HasSubstr("invented-cookie")));
}

}  // namespace
}  // namespace earshot::core

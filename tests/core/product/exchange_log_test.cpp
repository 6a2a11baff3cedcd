#include "exchange_log.hpp"

#include <gmock/gmock.h>

#include "product_fixture.hpp"

namespace earshot::core {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

TEST(LoggableUrl, KeepsWhatIsNoSecret) {
  const std::string url = "https://acme.example.com/a/b?cursor=x%3D%3D&page[size]=5&author=7";
  EXPECT_EQ(loggable_url(url), url);
  EXPECT_EQ(loggable_url("/plain"), "/plain");
  EXPECT_EQ(loggable_url("/?"), "/?");
  EXPECT_EQ(loggable_url("/?&&=?"), "/?&&=?");
}

TEST(LoggableUrl, MasksParametersThatAreSecretByTheirName) {
  EXPECT_EQ(loggable_url("/a?access_token=t0p&x=1&X-Amz-Signature=abc&sig=1#end"),
            "/a?access_token=[secret]&x=1&X-Amz-Signature=[secret]&sig=[secret]#end");
  EXPECT_EQ(loggable_url("/a?client%5Fsecret=t0p"), "/a?client%5Fsecret=[secret]");
  EXPECT_EQ(loggable_url("<https://e.example/?key=t0p>; rel=next"),
            "<https://e.example/?key=[secret]>; rel=next");
}

TEST(LoggableHeaders, MaskWhatIsSecretByItsName) {
  EXPECT_EQ(loggable_headers({{"Accept", "application/json"},
                              {"Authorization", "Basic dDBw"},
                              {"X-Api-Key", "t0p"},
                              {"Set-Cookie", "id=t0p"},
                              {"Location", "https://e.example/?token=t0p"},
                              {"ETag", "\"1\""}}),
            "Accept: application/json; Authorization: [secret]; X-Api-Key: [secret]; "
            "Set-Cookie: [secret]; Location: https://e.example/?token=[secret]; ETag: \"1\"");
}

TEST(LoggableHeaders, AreBounded) {
  HttpHeaders many;
  for (int i = 0; i < 1000; ++i) many.add("X-" + std::to_string(i), std::string(5000, 'x'));
  EXPECT_LT(loggable_headers(many).size(), 20'000U);
}

class ExchangeLog : public ProductTest {
 protected:
  ExchangeLog() {
    manifest.auth = {{.title = "token", .token = "{api_token}"}};
    account.credentials.emplace("api_token", Secret("hush-hush-token"));
  }
};

TEST_F(ExchangeLog, TellsOfEveryExchange) {
  transport.latency = 50ms;
  transport.handler = [](const HttpRequest&) {
    return reply(200, R"({"a":1})", {{"X-Page", "3"}});
  };
  ASSERT_TRUE(get("/tickets?cursor=c1"));
  const std::string log = logged();
  EXPECT_THAT(log, HasSubstr("GET https://shop.example.com/tickets?cursor=c1 200 in 50 ms, 7 bytes"
                             " integration=acme-eu attempt=1 sent_bytes=0"));
  EXPECT_THAT(log, HasSubstr("Accept: application/json; Authorization: [secret]"));
  EXPECT_THAT(log, HasSubstr("X-Page: 3"));
  EXPECT_THAT(log, Not(HasSubstr("hush")));
}

TEST_F(ExchangeLog, TellsWhatIsDecided) {
  answers({reply(429, "{}", {{"Retry-After", "20"}}), reply(500),
           broken(SentState::maybe, "connection lost"), reply(200)});
  ASSERT_TRUE(get("/tickets"));
  const std::string log = logged();
  EXPECT_THAT(log, HasSubstr("GET /tickets waits 20 s, refused for rate"));
  EXPECT_THAT(log, HasSubstr("to try again: GET /tickets was answered 500"));
  EXPECT_THAT(log, HasSubstr("tickets failed in 0 ms: connection lost"));
  EXPECT_THAT(log, HasSubstr("to try again: connection lost"));
}

TEST_F(ExchangeLog, TellsWhatIsLeftForLater) {
  account.longest_wait = 10s;
  transport.handler = [](const HttpRequest&) { return reply(429, "{}", {{"Retry-After", "60"}}); };
  EXPECT_FALSE(get("/tickets"));
  EXPECT_THAT(logged(),
              HasSubstr("GET /tickets is left for later: the product refuses further requests"));
}

}  // namespace
}  // namespace earshot::core

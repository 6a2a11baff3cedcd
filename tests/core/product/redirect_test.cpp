#include "product_fixture.hpp"

namespace earshot::core {
namespace {

class ProductRedirects : public ProductTest {
 protected:
  ProductRedirects() {
    manifest.auth = {{.title = "a", .token = "{token}"}};
    account.credentials.emplace("token", Secret("t0ken"));
  }
  static TransportResult to(const char* location, int status = 302) {
    return reply(status, "", {{"Location", location}});
  }
};

TEST_F(ProductRedirects, AreFollowedWithinDeclaredHosts) {
  answers({to("/moved?a=1"), to("further"), to("https://shop.example.com/last", 308), reply(200)});
  const auto answer = get("/old/place");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->outcome, ErrorRule::Class::ok);
  ASSERT_EQ(transport.sent.size(), 4U);
  EXPECT_EQ(transport.sent[1].request.target, "/moved?a=1");
  EXPECT_EQ(transport.sent[2].request.target, "/further");
  EXPECT_EQ(transport.sent[3].request.target, "/last");
  EXPECT_EQ(sent_header(3, "authorization"), "Bearer t0ken");
}

TEST_F(ProductRedirects, AreNotFollowedElsewhere) {
  for (const char* location : {"https://evil.example.net/", "//evil.example.net/",
                               "https://shop.example.com@evil.example.net/"}) {
    answers({to(location), reply(200)});
    const auto answer = get();
    ASSERT_FALSE(answer) << location;
    EXPECT_EQ(answer.error().code, Code::bad_data);
  }
  EXPECT_EQ(transport.sent.size(), 3U);
}

TEST_F(ProductRedirects, DoNotLeaveTheOperatorsBaseUrl) {
  account.base_url = "http://127.0.0.1:8080";
  answers({to("https://shop.example.com/next"), reply(200), to("http://127.0.0.1:9/"), reply(200)});
  ASSERT_TRUE(get());
  EXPECT_EQ(transport.sent[1].request.origin.text(), "http://127.0.0.1:8080");
  EXPECT_FALSE(get());
  EXPECT_EQ(transport.sent.size(), 3U);
}

TEST_F(ProductRedirects, EndAfterFive) {
  transport.handler = [](const HttpRequest&) { return to("/again"); };
  const auto answer = get();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->outcome, ErrorRule::Class::fail);
  EXPECT_EQ(answer->error.message, "GET /again was answered 302; it redirects in circles");
  EXPECT_EQ(transport.sent.size(), 6U);
}

TEST_F(ProductRedirects, AreNotFollowedByRequestsThatChangeSomething) {
  answers({to("/moved"), reply(200)});
  const auto answer = run({.method = "POST", .path = "/a"});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->outcome, ErrorRule::Class::fail);
  EXPECT_EQ(transport.sent.size(), 1U);
}

}  // namespace
}  // namespace earshot::core

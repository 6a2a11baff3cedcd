#include "product_fixture.hpp"

namespace earshot::core {
namespace {

class ProductLinks : public ProductTest {
 protected:
  ProductLinks() {
    manifest.auth = {{.title = "a", .token = "{token}"}};
    account.credentials.emplace("token", Secret("t0ken"));
    manifest.links["upload_url"] = {.at = "/upload_url",
                                    .hosts = {"*.files.example.com"},
                                    .methods = {"POST"},
                                    .max_bytes = 1024};
    manifest.links["media"] = {.at = "/url", .anywhere = true};
    manifest.limits = {
        {.bucket = "b", .match = {}, .requests = 1, .per = std::chrono::seconds(60)}};
  }

  Answer follow(std::string link, std::string url, std::string method = "GET") {
    return run({.method = std::move(method),
                .path = std::move(url),
                .expect_json = false,
                .link = std::move(link)});
  }
};

TEST_F(ProductLinks, CarryNoCredentialsAndAreBounded) {
  ASSERT_TRUE(follow("upload_url", "https://eu.files.example.com/put?sig=abc", "POST"));
  const HttpRequest& request = transport.sent[0].request;
  EXPECT_EQ(request.origin.host, "eu.files.example.com");
  EXPECT_EQ(request.target, "/put?sig=abc");
  EXPECT_FALSE(request.headers.has("authorization"));
  EXPECT_TRUE(request.public_only);
  EXPECT_EQ(request.max_body, 1024U);
}

TEST_F(ProductLinks, DrawOnNoBudgetOfTheProduct) {
  for (int i = 0; i < 3; ++i) {
    const auto answer = follow("media", "https://cdn.example.net/a");
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->waited, Micros(0));
  }
}

TEST_F(ProductLinks, LeadToDeclaredHostsByHttpsOnly) {
  for (const char* url : {"https://files.example.com/", "https://evil.example.net/",
                          "http://eu.files.example.com/", "https://evilfiles.example.com/",
                          "https://127.0.0.1/", "file:///etc/passwd", "/relative"}) {
    const auto answer = follow("upload_url", url, "POST");
    ASSERT_FALSE(answer) << url;
    EXPECT_EQ(answer.error().code, Code::bad_data) << url;
  }
  EXPECT_TRUE(transport.sent.empty());
}

TEST_F(ProductLinks, UseDeclaredMethodsOnly) {
  EXPECT_EQ(follow("upload_url", "https://eu.files.example.com/", "DELETE").error().code,
            Code::misuse);
  EXPECT_EQ(follow("nothing", "https://eu.files.example.com/").error().code, Code::misuse);
}

TEST_F(ProductLinks, CheckEveryRedirect) {
  answers({reply(302, "", {{"Location", "https://other.example.net/b"}}), reply(200)});
  ASSERT_TRUE(follow("media", "https://cdn.example.net/a"));
  EXPECT_TRUE(transport.sent[1].request.public_only);
  answers({reply(302, "", {{"Location", "http://other.example.net/b"}}), reply(200)});
  EXPECT_FALSE(follow("media", "https://cdn.example.net/a"));
  EXPECT_EQ(transport.sent.size(), 3U);
}

TEST_F(ProductLinks, LeadToThisMachineOnlyWhereTheBaseUrlDoes) {
  EXPECT_FALSE(follow("upload_url", "http://127.0.0.1:8080/put", "POST"));
}

TEST_F(ProductLinks, LeadToASandboxWhereTheBaseUrlIsOne) {
  account.base_url = "http://127.0.0.1:8080";
  ASSERT_TRUE(follow("upload_url", "http://127.0.0.1:8080/put", "POST"));
  EXPECT_FALSE(transport.sent[0].request.public_only);
  EXPECT_FALSE(transport.sent[0].request.headers.has("authorization"));
}

TEST_F(ProductLinks, ShowNameAndHostInsteadOfTheirPath) {
  answers({reply(302, "", {{"Location", "https://eu.cdn.example.net/v1a2b3c4"}}), reply(404)});
  const auto answer = follow("media", "https://cdn.example.net/v1a2b3c4?signature=v1a2b3c4");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->error.message, "GET link 'media' at eu.cdn.example.net was answered 404");
  const std::string log = logged();
  EXPECT_NE(log.find("GET link 'media' at cdn.example.net 302"), std::string::npos) << log;
  EXPECT_EQ(log.find("v1a2b3c4"), std::string::npos) << log;
}

}  // namespace
}  // namespace earshot::core

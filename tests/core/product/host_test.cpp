#include "product_fixture.hpp"

namespace earshot::core {
namespace {

class ProductHosts : public ProductTest {
 protected:
  std::string sent_url(std::size_t index = 0) const {
    const HttpRequest& request = transport.sent.at(index).request;
    return request.origin.text() + request.target;
  }
};

TEST_F(ProductHosts, SendsRelativePathsToTheEndpoint) {
  manifest.endpoints["v2"] = {
      .url = "https://{subdomain}.example.com/api/v2/", .suffixes = {}, .aliases = {}};
  ASSERT_TRUE(run({.endpoint = "v2", .path = "/tickets?a=b"}));
  EXPECT_EQ(sent_url(), "https://shop.example.com/api/v2/tickets?a=b");
}

TEST_F(ProductHosts, SendsTheHeadersOfTheEndpoint) {
  manifest.endpoints["api"].headers = {{"Acme-Version", "2026-05-01"}};
  manifest.endpoints["other"] = {.url = "https://other.example.com", .suffixes = {}, .aliases = {}};
  ASSERT_TRUE(get("/tickets"));
  ASSERT_TRUE(run({.path = "/tickets", .headers = {{"acme-version", "2027-01-01"}}}));
  ASSERT_TRUE(get("https://shop.example.com/tickets?page=2"));
  ASSERT_TRUE(run({.endpoint = "other", .path = "/tickets"}));
  EXPECT_EQ(transport.sent[0].request.headers.get("acme-version"), "2026-05-01");
  EXPECT_EQ(transport.sent[1].request.headers.get("acme-version"), "2027-01-01");
  EXPECT_EQ(transport.sent[2].request.headers.get("acme-version"), "2026-05-01");
  EXPECT_FALSE(transport.sent[3].request.headers.has("acme-version"));
}

TEST_F(ProductHosts, ReducesAbsoluteUrlsOnDeclaredHosts) {
  manifest.endpoints["api"].aliases = {"{subdomain}.old-example.com"};
  ASSERT_TRUE(get("https://shop.example.com/api/next?c=1"));
  ASSERT_TRUE(get("http://SHOP.old-example.com/api/next?c=2"));
  EXPECT_EQ(sent_url(0), "https://shop.example.com/api/next?c=1");
  EXPECT_EQ(sent_url(1), "https://shop.example.com/api/next?c=2");
}

TEST_F(ProductHosts, RefusesAbsoluteUrlsElsewhere) {
  for (const char* url : {"https://evil.example.net/a", "https://shop.example.com.evil.net/a",
                          "https://shop.example.com:8443/a", "https://x@shop.example.com/a"}) {
    const auto answer = get(url);
    ASSERT_FALSE(answer) << url;
    EXPECT_EQ(answer.error().code, Code::bad_data) << url;
  }
  EXPECT_NE(get("https://evil.example.net/a")
                .error()
                .message.find("next page on another host, evil.example.net"),
            std::string::npos);
  EXPECT_TRUE(transport.sent.empty());
}

TEST_F(ProductHosts, RefusesPathsThatAreNone) {
  for (const char* path :
       {"", "tickets", "/a b", "/a\r\nHost: x", "/a#b", "ftp://shop.example.com/"}) {
    const auto answer = get(path);
    ASSERT_FALSE(answer) << path;
    EXPECT_EQ(answer.error().code, Code::misuse) << path;
  }
  EXPECT_EQ(run({.endpoint = "nowhere", .path = "/a"}).error().code, Code::misuse);
}

TEST_F(ProductHosts, PutsTheOperatorsBaseUrlInPlaceOfEveryAuthority) {
  account.base_url = "http://127.0.0.1:8080";
  manifest.endpoints["v2"] = {
      .url = "https://{subdomain}.example.com/v2", .suffixes = {}, .aliases = {}};
  ASSERT_TRUE(run({.endpoint = "v2", .path = "/a"}));
  ASSERT_TRUE(get("https://shop.example.com/next"));
  ASSERT_TRUE(get("http://127.0.0.1:8080/next"));
  EXPECT_EQ(sent_url(0), "http://127.0.0.1:8080/v2/a");
  EXPECT_EQ(sent_url(1), "http://127.0.0.1:8080/next");
  EXPECT_EQ(sent_url(2), "http://127.0.0.1:8080/next");
  EXPECT_EQ(get("http://127.0.0.1:9090/next").error().code, Code::bad_data);
}

class ProductBaseUrl : public ProductTest, public testing::WithParamInterface<const char*> {};

TEST_P(ProductBaseUrl, MustBeAnAuthorityAndHttpsBeyondThisMachine) {
  account.base_url = GetParam();
  const auto answer = get();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::config);
  EXPECT_NE(answer.error().message.find("base_url"), std::string::npos);
}

TEST_F(ProductHosts, ShowNoPasswordOfTheBaseUrl) {
  account.base_url = "https://agent:c4nary@desk.example.com";
  const auto answer = get();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().message.find("c4nary"), std::string::npos) << answer.error().message;
}

INSTANTIATE_TEST_SUITE_P(Refused, ProductBaseUrl,
                         testing::Values("http://sandbox.example.com", "ftp://127.0.0.1",
                                         "127.0.0.1:8080", "http://127.0.0.1:8080/zendesk"));

class ProductHostTemplate : public ProductTest, public testing::WithParamInterface<const char*> {};

TEST_P(ProductHostTemplate, TakesOneLabelOnly) {
  account.config["subdomain"] = GetParam();
  const auto answer = get();
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, Code::config);
  EXPECT_NE(answer.error().message.find("'subdomain'"), std::string::npos);
  EXPECT_TRUE(transport.sent.empty());
}
INSTANTIATE_TEST_SUITE_P(Attacks, ProductHostTemplate,
                         testing::Values("evil.com/", "a.b", "evil.com#", "evil.com?", "x@evil.com",
                                         "evil.com/", "", "-a", "a-", "a b", "a\nb", "é", "a%2e",
                                         "..", "\\evil"));

TEST_F(ProductHosts, TakesWholeHostsWithinDeclaredSuffixes) {
  manifest.endpoints["api"] = {
      .url = "https://{host}", .suffixes = {"*.example.org"}, .aliases = {}};
  account.config["host"] = "eu.shop.example.org";
  ASSERT_TRUE(get());
  EXPECT_EQ(sent_url(), "https://eu.shop.example.org/tickets");
}

TEST_F(ProductHosts, RefusesWholeHostsBeyondDeclaredSuffixes) {
  manifest.endpoints["api"] = {
      .url = "https://{host}", .suffixes = {"*.example.org"}, .aliases = {}};
  for (const char* host : {"example.org.evil.net", "evil.net", "evilexample.org", "example.org",
                           "a.example.org/x", "evil.net/.example.org"}) {
    account.config["host"] = host;
    const auto place = expand_template("{api}", account);
    ASSERT_FALSE(place) << host;
    EXPECT_EQ(place.error().code, Code::config) << host;
  }
}

TEST_F(ProductHosts, TakesAWholeUrlWithinDeclaredSuffixes) {
  manifest.endpoints["api"] = {
      .url = "{instance_url}", .suffixes = {"*.example.org"}, .aliases = {}};
  account.config["instance_url"] = "https://one.example.org/base/";
  ASSERT_TRUE(get());
  EXPECT_EQ(sent_url(), "https://one.example.org/base/tickets");
}

TEST_F(ProductHosts, EncodesValuesInThePath) {
  manifest.endpoints["api"] = {
      .url = "https://api.example.com/{subdomain}/v1", .suffixes = {}, .aliases = {}};
  account.config["subdomain"] = "a/../b?c";
  ASSERT_TRUE(get());
  EXPECT_EQ(sent_url(), "https://api.example.com/a%2F..%2Fb%3Fc/v1/tickets");
}

}  // namespace
}  // namespace earshot::core

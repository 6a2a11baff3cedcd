#include <string>

#include <gtest/gtest.h>

#include <earshot/core/http/message.hpp>

namespace earshot::core {
namespace {

TEST(HttpHeaders, CompareNamesWithoutCase) {
  HttpHeaders headers{{"Content-Type", "text/plain"}, {"X-A", "1"}, {"x-a", "2"}};
  EXPECT_EQ(headers.get("content-type"), "text/plain");
  EXPECT_EQ(headers.get("X-a"), "1");
  EXPECT_EQ(headers.get("X-B"), "");
  EXPECT_TRUE(headers.has("x-A"));
  EXPECT_FALSE(headers.has("x"));
}

TEST(HttpHeaders, SetReplacesAllOfTheName) {
  HttpHeaders headers{{"X-A", "1"}, {"X-B", "3"}, {"x-a", "2"}};
  headers.set("X-A", "9");
  EXPECT_EQ(headers.size(), 2U);
  EXPECT_EQ(headers.get("x-a"), "9");
  headers.remove("x-A");
  EXPECT_EQ(headers.size(), 1U);
  EXPECT_FALSE(headers.has("X-A"));
}

TEST(Origin, ShowsThePortOnlyWhereItIsNotTheUsualOne) {
  EXPECT_EQ((Origin{"https", "example.com", 443}.text()), "https://example.com");
  EXPECT_EQ((Origin{"https", "example.com", 80}.text()), "https://example.com:80");
  EXPECT_EQ((Origin{"http", "example.com", 80}.authority()), "example.com");
  EXPECT_EQ((Origin{"http", "::1", 8080}.authority()), "[::1]:8080");
}

struct UrlCase {
  const char* text;
  Origin origin;
  const char* target;
};

TEST(ParseUrl, SplitsAbsoluteUrls) {
  const UrlCase cases[] = {
      {"https://example.com", {"https", "example.com", 443}, "/"},
      {"HTTP://Example.COM/A", {"http", "example.com", 80}, "/A"},
      {"https://example.com:8443/a/b?c=d&e=%2F", {"https", "example.com", 8443}, "/a/b?c=d&e=%2F"},
      {"https://example.com?q", {"https", "example.com", 443}, "/?q"},
      {"http://[2001:db8::1]:81/x", {"http", "2001:db8::1", 81}, "/x"},
      {"http://127.0.0.1/@x", {"http", "127.0.0.1", 80}, "/@x"},
  };
  for (const UrlCase& one : cases) {
    const auto url = parse_url(one.text);
    ASSERT_TRUE(url) << one.text;
    EXPECT_EQ(url->origin, one.origin) << one.text;
    EXPECT_EQ(url->target, one.target) << one.text;
  }
}

TEST(ParseUrl, RefusesWhatIsNoneOrHidesSomething) {
  const char* const cases[] = {
      "",
      "example.com",
      "/path",
      "ftp://example.com/",
      "https://",
      "https:///x",
      "https://user@example.com/",
      "https://user:password@example.com/",
      "https://example.com/#part",
      "https://example.com:0/",
      "https://example.com:65536/",
      "https://example.com:/",
      "https://example.com:8a/",
      "https://exa mple.com/",
      "https://example.com/a b",
      "https://example.com/\r\nX-A: 1",
      "https://example.com/\xc3\xa9",
      "https://[::1/",
      "https://[::1]x/",
      "https://[example.com]/",
      "https://exam\\ple.com/",
  };
  for (const char* text : cases) EXPECT_FALSE(parse_url(text)) << text;
  EXPECT_FALSE(parse_url("https://example.com/" + std::string(100'000, 'a')));
  EXPECT_FALSE(parse_url("https://" + std::string(254, 'a') + "/"));
}

TEST(IsLoopback, KnowsThisMachine) {
  for (const char* host :
       {"localhost", "LOCALHOST", "127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1"}) {
    EXPECT_TRUE(is_loopback(host)) << host;
  }
  for (const char* host : {"", "localhost.example.com", "128.0.0.1", "::2", "10.0.0.1", "0.0.0.0",
                           "127.0.0.1.example.com"}) {
    EXPECT_FALSE(is_loopback(host)) << host;
  }
}

}  // namespace
}  // namespace earshot::core

#include "cli/leak.hpp"

#include <gtest/gtest.h>

#include <earshot/core/base/digest.hpp>
#include <earshot/core/base/text.hpp>
#include <earshot/sdk/json.hpp>
#include <earshot/sdk/text.hpp>

namespace earshot::host {
namespace {

const std::string kSecret = "in/vented+secret \"7\"";

/// Where `shown` stands in the text of an answer, which is itself JSON.
std::string leaked(const std::string& shown) {
  const std::string body = sdk::json::object({{"note", shown}}).text();
  const std::string har =
      sdk::json::object({{"content", sdk::json::object({{"text", body}})}}).text();
  return leaked_secret(har, {{"api_token", core::Secret(kSecret)}});
}

TEST(LeakedSecret, FindsEveryForm) {
  EXPECT_EQ(leaked("a " + kSecret + " b"), "api_token");
  EXPECT_EQ(leaked("?key=" + sdk::percent_encode(kSecret)), "api_token");
  EXPECT_EQ(leaked("Basic " + core::base64_encode("user:" + kSecret)), "api_token");
  EXPECT_EQ(leaked("Basic " + core::base64_encode("me:" + kSecret + ":x")), "api_token");
  EXPECT_EQ(leaked("x=" + core::hex_encode(kSecret)), "api_token");
  for (const std::string& digest : core::fingerprints(kSecret)) {
    EXPECT_EQ(leaked("sha=" + core::hex_encode(digest)), "api_token") << digest.size();
    EXPECT_EQ(leaked(core::base64_encode(digest)), "api_token") << digest.size();
  }
}

TEST(LeakedSecret, FindsItInNamesAndBesideOthers) {
  const std::string har = sdk::json::object({{kSecret, 1}}).text();
  EXPECT_EQ(leaked_secret(har, {{"api_token", core::Secret(kSecret)}}), "api_token");
}

TEST(LeakedSecret, FindsTokensThatNobodyConfigured) {
  EXPECT_EQ(leaked_secret(R"({"text":"{\"access_token\":\"abc\"}"})", {}), "access_token");
  EXPECT_EQ(leaked_secret(R"({"text":"{\"access_token\":\"[secret]\"}"})", {}), "");
}

TEST(LeakedSecret, LeavesOtherTextAlone) {
  EXPECT_EQ(leaked("nothing of it, not even in/vented"), "");
  EXPECT_EQ(leaked(core::base64_encode("something else altogether")), "");
}

}  // namespace
}  // namespace earshot::host

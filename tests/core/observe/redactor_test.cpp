#include <thread>

#include <gmock/gmock.h>

#include <earshot/core/base/digest.hpp>
#include <earshot/core/base/text.hpp>
#include <earshot/core/observe/log.hpp>

namespace earshot::core {
namespace {

using testing::HasSubstr;

constexpr std::string_view kSecret = "p@ss/w\"rd+with~odd\\bytes?";

class RedactorOfOne : public testing::Test {
 protected:
  void SetUp() override { redactor_.learn(Secret(std::string(kSecret))); }
  std::string redact(std::string_view text) const { return redactor_.redact(text); }

  Redactor redactor_;
};

TEST_F(RedactorOfOne, MasksTheSecretItself) {
  EXPECT_EQ(redact("a " + std::string(kSecret) + " b " + std::string(kSecret)),
            "a [secret] b [secret]");
}

TEST_F(RedactorOfOne, LeavesOtherTextAlone) {
  const std::string text = "GET /api/v2/tickets?page[size]=100 p@ss p@ss/w";
  EXPECT_EQ(redact(text), text);
  EXPECT_EQ(redact(""), "");
  EXPECT_EQ(redact("p@"), "p@");
}

TEST_F(RedactorOfOne, MasksHexadecimal) {
  EXPECT_EQ(redact("x" + hex_encode(kSecret)), "x[secret]");
  EXPECT_EQ(redact("704073732F772272642B776974687E6F64645C62797465733F"), "[secret]");
}

TEST_F(RedactorOfOne, MasksDigests) {
  EXPECT_EQ(redact("sha256=2c7e5d1a"), "sha256=2c7e5d1a");
  const std::string digest = sha256(kSecret);
  EXPECT_EQ(redact("sha256=" + hex_encode(digest)), "sha256=[secret]");
  EXPECT_EQ(redact("SHA-256=" + base64_encode(digest)), "SHA-256=[secret]");
  EXPECT_EQ(fingerprints(kSecret).size(), 4U);
  for (const std::string& one : fingerprints(kSecret))
    EXPECT_EQ(redact(hex_encode(one)), "[secret]") << one.size() << " bytes";
}

TEST_F(RedactorOfOne, MasksPercentEncoding) {
  EXPECT_EQ(redact("?key=p%40ss%2Fw%22rd%2Bwith~odd%5Cbytes%3F&a=b"), "?key=[secret]&a=b");
  EXPECT_EQ(redact("?key=p%40ss%2fw%22rd%2bwith~odd%5cbytes%3f"), "?key=[secret]");
}

TEST_F(RedactorOfOne, MasksJsonEscapes) {
  EXPECT_EQ(redact(R"({"token":"p@ss/w\"rd+with~odd\\bytes?"})"), R"({"token":"[secret]"})");
}

TEST_F(RedactorOfOne, MasksBase64InEveryDress) {
  const std::string padded = base64_encode(kSecret);
  ASSERT_TRUE(padded.ends_with("="));
  EXPECT_EQ(redact(padded), "[secret]");
  EXPECT_EQ(redact(padded.substr(0, padded.find('='))), "[secret]");
  std::string url_safe = padded;
  for (char& c : url_safe) c = c == '/' ? '_' : c == '+' ? '-' : c;
  EXPECT_EQ(redact("token " + url_safe + "."), "token [secret].");
}

TEST_F(RedactorOfOne, MasksTheSecretInsideOfBase64) {
  for (const char* user : {"", "a", "ab", "abc", "agent@example.com/token"}) {
    const std::string pair = std::string(user) + ":" + std::string(kSecret);
    const std::string encoded = base64_encode(pair);
    const std::string shown = redact(encoded);
    EXPECT_THAT(shown, HasSubstr("[secret]"));
    // What is left of the secret is at most the bits that share a character with its neighbours.
    EXPECT_LE(shown.size() - std::string_view("[secret]").size(),
              encoded.size() - kSecret.size() * 8 / 6 + 2);
  }
}

TEST(Redactor, MasksNothingThatIsShorterThanFour) {
  Redactor redactor;
  redactor.learn(Secret("abc"));
  redactor.learn(Secret(""));
  EXPECT_EQ(redactor.redact("abc abcd"), "abc abcd");
}

TEST(Redactor, MasksTheLongestOfSecretsThatBeginAlike) {
  Redactor redactor;
  redactor.learn(Secret("token-1"));
  redactor.learn(Secret("token-123"));
  redactor.learn(Secret("token-1"));
  EXPECT_EQ(redactor.redact("token-1234 token-12"), "[secret]4 [secret]2");
}

TEST(Redactor, MasksWhatItLearnsWhileOthersRedact) {
  Redactor redactor;
  std::thread learner([&] {
    for (int i = 0; i < 200; ++i) redactor.learn(Secret("secret-number-" + std::to_string(i)));
  });
  for (int i = 0; i < 200; ++i) EXPECT_EQ(redactor.redact("plain text"), "plain text");
  learner.join();
  EXPECT_EQ(redactor.redact("secret-number-199"), "[secret]");
}

}  // namespace
}  // namespace earshot::core

#include <gmock/gmock.h>

#include <earshot/core/base/digest.hpp>
#include <earshot/core/base/text.hpp>

namespace earshot::core {
namespace {

TEST(Sha256, MatchesThePublishedVectors) {
  EXPECT_EQ(hex_encode(sha256("")),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hex_encode(sha256("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(HmacSha256, MatchesRfc4231) {
  EXPECT_EQ(hex_encode(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hex_encode(hmac_sha256(std::string(131, '\xaa'),
                                   "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(HmacSha256, TakesAnEmptyKeyAndMessage) {
  EXPECT_EQ(hex_encode(hmac_sha256({}, {})),
            "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST(ContentHash, IsTheSameOnEveryMachine) {
  EXPECT_EQ(content_hash("").high, 0x99aa06d3014798d8u);
  EXPECT_EQ(content_hash("").low, 0x6001c324468d497fu);
}

TEST(ContentHash, TellsContentsApart) {
  EXPECT_EQ(content_hash("ticket 1"), content_hash("ticket 1"));
  EXPECT_NE(content_hash("ticket 1"), content_hash("ticket 2"));
}

TEST(RandomBytes, HasTheSizeAndNeverRepeats) {
  EXPECT_EQ(random_bytes(0), "");
  EXPECT_EQ(random_bytes(3'000'000).size(), 3'000'000u);
  EXPECT_NE(random_bytes(32), random_bytes(32));
}

}  // namespace
}  // namespace earshot::core

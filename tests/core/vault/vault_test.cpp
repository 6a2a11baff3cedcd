#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <earshot/core/base/text.hpp>
#include <earshot/core/vault/vault.hpp>

#include "core/store/temp_dir.hpp"

namespace earshot::core {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string kKeyBytes = "0123456789abcdefghijklmnopqrstu\xff";

Vault vault_of(const std::string& key) {
  Result<Vault> vault = Vault::open("/nonexistent", Secret(key));
  EXPECT_TRUE(vault) << (vault ? "" : vault.error().message);
  return std::move(*vault);
}

Vault vault() {
  return vault_of(hex_encode(kKeyBytes));
}

TEST(Vault, OpensWhatItSealed) {
  for (const std::string& text :
       {std::string("t0ken"), std::string(), std::string("a\0b", 3), std::string(100'000, 'x')}) {
    const std::string sealed = vault().seal(7, "token", Secret(text));
    const auto opened = vault().unseal(7, "token", sealed);
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->reveal(), text);
  }
}

TEST(Vault, SealsTheSameSecretDifferentlyEachTime) {
  const std::string sealed = vault().seal(7, "token", Secret("t0ken-t0ken"));
  EXPECT_NE(sealed, vault().seal(7, "token", Secret("t0ken-t0ken")));
  EXPECT_THAT(sealed, AllOf(HasSubstr("v1:"), Not(HasSubstr("t0ken"))));
}

TEST(Vault, RefusesAMovedSecret) {
  const std::string sealed = vault().seal(7, "token", Secret("t0ken"));
  EXPECT_EQ(vault().unseal(8, "token", sealed).error().code, Code::bad_data);
  EXPECT_EQ(vault().unseal(7, "other", sealed).error().code, Code::bad_data);
}

TEST(Vault, RefusesWhatWasSealedUnderAnotherKey) {
  const std::string sealed = vault().seal(7, "token", Secret("t0ken"));
  const auto refused = vault_of(std::string(64, 'a')).unseal(7, "token", sealed);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::bad_data);
  EXPECT_THAT(refused.error().message, AllOf(HasSubstr("token"), Not(HasSubstr("t0ken"))));
}

TEST(Vault, RefusesEveryFlippedBit) {
  const std::string bytes = *base64_decode(vault().seal(7, "token", Secret("t0ken")).substr(3));
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string changed = bytes;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(vault().unseal(7, "token", "v1:" + base64_encode(changed))) << "bit " << bit;
  }
}

TEST(Vault, RefusesEveryTruncation) {
  const std::string sealed = vault().seal(7, "token", Secret("t0ken"));
  for (std::size_t size = 0; size + 1 < sealed.size(); ++size) {
    EXPECT_FALSE(vault().unseal(7, "token", sealed.substr(0, size))) << size;
  }
}

TEST(Vault, RefusesAnotherFormat) {
  std::string sealed = vault().seal(7, "token", Secret("t0ken"));
  sealed[1] = '2';
  EXPECT_EQ(vault().unseal(7, "token", sealed).error().code, Code::bad_data);
  EXPECT_EQ(vault().unseal(7, "token", "v1:!!!").error().code, Code::bad_data);
}

TEST(Vault, TakesTheKeyInEitherForm) {
  const std::string sealed = vault().seal(7, "token", Secret("t0ken"));
  const std::string base64 = base64_encode(kKeyBytes);
  for (const std::string& key : {hex_encode(kKeyBytes), base64, base64.substr(0, 43), base64 + "\n",
                                 " " + hex_encode(kKeyBytes)}) {
    EXPECT_TRUE(vault_of(key).unseal(7, "token", sealed)) << key.size();
  }
}

TEST(Vault, RefusesAMalformedKeyWithoutShowingIt) {
  for (const std::string& key : {std::string(), std::string("hunter2"), std::string(63, 'a'),
                                 std::string(66, 'a'), base64_encode(std::string(31, 'k'))}) {
    const auto refused = Vault::open("/nonexistent", Secret(key));
    ASSERT_FALSE(refused) << key.size();
    EXPECT_EQ(refused.error().code, Code::config);
    EXPECT_THAT(refused.error().message,
                AllOf(HasSubstr("EARSHOT_MASTER_KEY"), Not(HasSubstr("hunter2"))));
  }
}

class KeyFile : public ::testing::Test {
 protected:
  std::filesystem::path file() const { return dir_.path() / "data" / "master.key"; }
  Result<Vault> open() { return Vault::open(dir_.path() / "data", std::nullopt); }

  TempDir dir_;
};

TEST_F(KeyFile, IsMadePrivateOnFirstUseAndReadAgain) {
  const auto first = open();
  ASSERT_TRUE(first) << first.error().message;
  struct stat found {};
  ASSERT_EQ(::stat(file().c_str(), &found), 0);
  EXPECT_EQ(found.st_mode & 0777U, 0600U);
  const std::string sealed = first->seal(7, "token", Secret("t0ken"));
  EXPECT_EQ(open()->unseal(7, "token", sealed)->reveal(), "t0ken");
  const std::filesystem::directory_iterator all(dir_.path() / "data");
  EXPECT_EQ(std::distance(begin(all), end(all)), 1);
}

TEST_F(KeyFile, DiffersFromOneDirectoryToTheNext) {
  const std::string sealed = open()->seal(7, "token", Secret("t0ken"));
  const TempDir other;
  EXPECT_FALSE(Vault::open(other.path(), std::nullopt)->unseal(7, "token", sealed));
}

TEST_F(KeyFile, IsRefusedWhereOthersMayReadIt) {
  ASSERT_TRUE(open());
  for (const mode_t mode : {0640U, 0604U, 0620U}) {
    ASSERT_EQ(::chmod(file().c_str(), mode), 0);
    const auto refused = open();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Code::config);
    EXPECT_THAT(refused.error().message, HasSubstr("chmod 600 " + file().string()));
  }
}

TEST_F(KeyFile, IsRefusedWhereItHoldsNoKey) {
  ASSERT_TRUE(open());
  std::ofstream(file()) << "short";
  const auto refused = open();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::config);
  EXPECT_THAT(refused.error().message, AllOf(HasSubstr(file().string()), Not(HasSubstr("short"))));
}

TEST_F(KeyFile, IsNotMadeWhereTheKeyIsGiven) {
  ASSERT_TRUE(Vault::open(dir_.path() / "data", Secret(hex_encode(kKeyBytes))));
  EXPECT_FALSE(std::filesystem::exists(file()));
}

}  // namespace
}  // namespace earshot::core

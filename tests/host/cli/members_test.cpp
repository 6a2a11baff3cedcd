#include "cli/members.hpp"

#include <cstdlib>
#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <earshot/core/base/file.hpp>

namespace earshot::host {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

std::optional<std::string> process_environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

TEST(Members, SplitAtTheFirstEqualsSign) {
  const auto members = read_members({"site=acme", "query=a=b", "empty="}, process_environment);
  ASSERT_TRUE(members);
  EXPECT_THAT(*members, ElementsAre(Pair("empty", ""), Pair("query", "a=b"), Pair("site", "acme")));
}

TEST(Members, ReadSecretsFromTheEnvironment) {
  ASSERT_EQ(setenv("EARSHOT_MEMBERS_TEST", "s3cret", 1), 0);
  const auto members = read_members({"token=env:EARSHOT_MEMBERS_TEST"}, process_environment);
  ASSERT_TRUE(members);
  EXPECT_THAT(*members, ElementsAre(Pair("token", "s3cret")));
}

TEST(Members, NameTheVariableThatIsMissing) {
  const auto members = read_members({"token=env:EARSHOT_NEVER_SET"}, process_environment);
  ASSERT_FALSE(members);
  EXPECT_EQ(members.error().code, core::Code::config);
  EXPECT_THAT(members.error().message, HasSubstr("EARSHOT_NEVER_SET"));
}

TEST(Members, ReadSecretsFromFilesWithoutTheLineBreak) {
  std::string pattern =
      (std::filesystem::temp_directory_path() / "earshot-members-XXXXXX").string();
  const int descriptor = mkstemp(pattern.data());
  ASSERT_GE(descriptor, 0);
  close(descriptor);
  ASSERT_TRUE(core::write_file(pattern, "s3cret\n", 0600));
  const auto members = read_members({"token=file:" + pattern}, process_environment);
  std::filesystem::remove(pattern);
  ASSERT_TRUE(members);
  EXPECT_THAT(*members, ElementsAre(Pair("token", "s3cret")));
}

TEST(Members, NameTheFileThatCannotBeRead) {
  const auto members = read_members({"token=file:/nonexistent/token"}, process_environment);
  ASSERT_FALSE(members);
  EXPECT_THAT(members.error().message, HasSubstr("/nonexistent/token"));
}

TEST(Members, RefuseWhatHasNoName) {
  for (const char* typed : {"token", "=value", ""}) {
    const auto members = read_members({typed}, process_environment);
    ASSERT_FALSE(members) << typed;
    EXPECT_EQ(members.error().code, core::Code::config);
    EXPECT_THAT(members.error().message, HasSubstr("name=value"));
  }
}

}  // namespace
}  // namespace earshot::host

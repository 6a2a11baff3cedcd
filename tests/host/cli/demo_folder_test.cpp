#include "cli/demo_folder.hpp"

#include <cstdlib>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace earshot::host {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class DemoFolderAt : public testing::Test {
 protected:
  DemoFolderAt() {
    std::string pattern = (fs::temp_directory_path() / "earshot-demo-test-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) ADD_FAILURE() << "no temporary folder";
    folder_ = pattern;
  }
  ~DemoFolderAt() override { fs::remove_all(folder_); }

  void put(const fs::path& file) const {
    fs::create_directories((folder_ / file).parent_path());
    std::ofstream(folder_ / file) << "kept";
  }

  fs::path folder_;
};

TEST_F(DemoFolderAt, RefusesAnInstallationAndLeavesItWhole) {
  put("earshot.yaml");
  put("data/earshot.db");
  put("credentials/token");
  const auto refused = DemoFolder::lasting(folder_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, core::Code::config);
  EXPECT_THAT(refused.error().message, HasSubstr(folder_.string()));
  EXPECT_THAT(refused.error().message, HasSubstr("--directory"));
  for (const char* file : {"earshot.yaml", "data/earshot.db", "credentials/token"})
    EXPECT_TRUE(fs::exists(folder_ / file)) << file;
}

TEST_F(DemoFolderAt, RefusesAnyOtherFilesToo) {
  put("notes.txt");
  EXPECT_FALSE(DemoFolder::lasting(folder_));
}

TEST_F(DemoFolderAt, RefusesAFile) {
  put("notes.txt");
  const auto refused = DemoFolder::lasting(folder_ / "notes.txt");
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("notes.txt"));
}

TEST_F(DemoFolderAt, ClearsWhatAnEarlierDemoMade) {
  { ASSERT_TRUE(DemoFolder::lasting(folder_ / "new")); }
  put("new/earshot.yaml");
  put("new/data/earshot.db");
  put("new/credentials/token");
  const auto again = DemoFolder::lasting(folder_ / "new");
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ((*again)->path(), folder_ / "new");
  for (const char* file : {"earshot.yaml", "data", "credentials"})
    EXPECT_FALSE(fs::exists(folder_ / "new" / file)) << file;
  EXPECT_TRUE(DemoFolder::lasting(folder_ / "new"));
}

TEST_F(DemoFolderAt, TakesAnEmptyFolder) {
  EXPECT_TRUE(DemoFolder::lasting(folder_));
}

TEST(PassingDemoFolder, IsGoneAfterwards) {
  auto folder = DemoFolder::passing();
  ASSERT_TRUE(folder);
  const fs::path path = (*folder)->path();
  EXPECT_TRUE(fs::is_directory(path));
  folder->reset();
  EXPECT_FALSE(fs::exists(path));
}

}  // namespace
}  // namespace earshot::host

#include <cerrno>
#include <cstdlib>

#include <gmock/gmock.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <earshot/core/base/file.hpp>

namespace earshot::core {
namespace {

using testing::HasSubstr;

class File : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "earshot-file-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::size_t files() const {
    const std::filesystem::directory_iterator all(folder_);
    return static_cast<std::size_t>(std::distance(begin(all), end(all)));
  }

  std::filesystem::path folder_;
};

TEST_F(File, ReadsWhatWasWritten) {
  const std::string content("with a \0 inside", 15);
  ASSERT_TRUE(write_file(folder_ / "a", content, 0600));
  EXPECT_EQ(read_file(folder_ / "a", 15).value(), content);
}

TEST_F(File, RefusesMoreThanTheLimit) {
  ASSERT_TRUE(write_file(folder_ / "a", std::string(200'000, 'x'), 0600));
  EXPECT_EQ(read_file(folder_ / "a", 200'000).value().size(), 200'000u);
  const auto read = read_file(folder_ / "a", 199'999);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Code::limit);
  EXPECT_THAT(read.error().message, HasSubstr("larger than 199999 bytes"));
}

TEST_F(File, NamesWhatIsMissing) {
  const auto read = read_file(folder_ / "none", 10);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Code::not_found);
  EXPECT_THAT(read.error().message, HasSubstr((folder_ / "none").string()));
}

TEST_F(File, SaysWhatToDoWhereItCannotBeMade) {
  std::filesystem::create_directory(folder_ / "lock");
  EXPECT_THAT(FileLock::acquire(folder_ / "lock").error().message,
              HasSubstr("move the folder of that name away"));
  EXPECT_THAT(write_file(folder_ / "none" / "a", "x", 0600).error().message,
              HasSubstr("check the directory, its owner and permissions"));
  EXPECT_EQ(file_remedy(EDQUOT), file_remedy(ENOSPC));
}

TEST_F(File, RefusesWhatIsNoRegularFile) {
  EXPECT_EQ(read_file(folder_, 10).error().code, Code::config);
  ASSERT_EQ(::mkfifo((folder_ / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(read_file(folder_ / "pipe", 10).error().code, Code::config);
}

TEST_F(File, IsReplacedWithItsModeAndLeavesNothingBehind) {
  ASSERT_TRUE(write_file(folder_ / "a", "old", 0644));
  ASSERT_TRUE(write_file(folder_ / "a", "new", 0600));
  EXPECT_EQ(read_file(folder_ / "a", 10).value(), "new");
  struct stat about {};
  ASSERT_EQ(::stat((folder_ / "a").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777u, 0600u);
  EXPECT_EQ(files(), 1u);
}

TEST_F(File, StaysWhereItCannotBeReplaced) {
  ASSERT_TRUE(std::filesystem::create_directory(folder_ / "a"));
  EXPECT_FALSE(write_file(folder_ / "a", "new", 0600));
  EXPECT_FALSE(write_file(folder_ / "missing" / "a", "new", 0600));
  EXPECT_EQ(files(), 1u);
}

TEST_F(File, LockNamesTheProcessThatHasIt) {
  const auto lock = FileLock::acquire(folder_ / "lock");
  ASSERT_TRUE(lock);
  EXPECT_EQ(read_file(folder_ / "lock", 100).value(), std::to_string(::getpid()) + "\n");
  const auto second = FileLock::acquire(folder_ / "lock");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Code::conflict);
  EXPECT_THAT(second.error().message, HasSubstr("process " + std::to_string(::getpid())));
}

TEST_F(File, LockIsItsOwnersOnly) {
  const auto lock = FileLock::acquire(folder_ / "lock");
  ASSERT_TRUE(lock);
  struct stat about {};
  ASSERT_EQ(::stat((folder_ / "lock").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777u, 0600u);
}

TEST_F(File, LockIsGoneWithItsObject) {
  {
    auto lock = FileLock::acquire(folder_ / "lock");
    ASSERT_TRUE(lock);
    const FileLock moved = std::move(lock).value();
    EXPECT_FALSE(FileLock::acquire(folder_ / "lock"));
  }
  EXPECT_TRUE(FileLock::acquire(folder_ / "lock"));
}

TEST_F(File, LockIsGoneWithItsProcess) {
  const pid_t child = ::fork();
  if (child == 0) {
    const auto lock = FileLock::acquire(folder_ / "lock");
    ::_exit(lock ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(FileLock::acquire(folder_ / "lock"));
}

}  // namespace
}  // namespace earshot::core

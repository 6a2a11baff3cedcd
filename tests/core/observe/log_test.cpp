#include <cstdlib>

#include <gmock/gmock.h>
#include <unistd.h>

#include <earshot/core/base/file.hpp>
#include <earshot/core/json/document.hpp>
#include <earshot/core/observe/log.hpp>

namespace earshot::core {
namespace {

using testing::HasSubstr;

class LogFile : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (std::filesystem::temp_directory_path() / "earshot-log-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  LogOptions options(bool json = false) const {
    return {.level = LogLevel::info, .json = json, .file = folder_ / "log", .clock = &clock_};
  }
  std::string content() const { return read_file(folder_ / "log", 100'000'000).value_or(""); }

  std::filesystem::path folder_;
  VirtualClock clock_{*parse_time("2026-11-21T13:00:00.123456Z")};
};

TEST_F(LogFile, HasALineForPeople) {
  Log log(options());
  log.write(LogLevel::info, "run finished", {{"integration", "acme"}, {"run", "3"}});
  log.write(LogLevel::error, "no answer");
  EXPECT_EQ(content(),
            "2026-11-21T13:00:00.123Z info  run finished integration=acme run=3\n"
            "2026-11-21T13:00:00.123Z error no answer\n");
}

TEST_F(LogFile, HasAnObjectALineForMachines) {
  Log log(options(true));
  log.write(LogLevel::warn, "with \"quotes\"\nand lines", {{"run", "3"}});
  EXPECT_EQ(content(), R"({"time":"2026-11-21T13:00:00.123Z","level":"warn",)"
                       R"("message":"with \"quotes\"\nand lines","run":"3"})"
                       "\n");
}

TEST_F(LogFile, LetsNoTextForgeALine) {
  Log log(options());
  log.write(LogLevel::info, "a\n2026 b\x1b[0m",
            {{"name", "x\ny"}, {"other", "two words"}, {"empty", ""}});
  EXPECT_EQ(content(),
            "2026-11-21T13:00:00.123Z info  a\\n2026 b\\u001b[0m name=\"x\\ny\" "
            "other=\"two words\" empty=\"\"\n");
}

TEST_F(LogFile, HasNothingBelowItsLevel) {
  Log log(options());
  EXPECT_FALSE(log.enabled(LogLevel::debug));
  EXPECT_TRUE(log.enabled(LogLevel::info));
  EXPECT_FALSE(log.enabled(LogLevel::off));
  log.write(LogLevel::debug, "unseen");
  log.write(LogLevel::off, "unseen");
  EXPECT_EQ(content(), "");
}

TEST_F(LogFile, HasNothingWhereLoggingIsOff) {
  LogOptions quiet = options();
  quiet.level = LogLevel::off;
  Log log(quiet);
  log.write(LogLevel::error, "unseen");
  EXPECT_EQ(content(), "");
}

TEST_F(LogFile, HasNoSecretInAnyPart) {
  Log log(options());
  log.redactor().learn(Secret("hush-hush"));
  log.write(LogLevel::info, "sent hush-hush", {{"url", "https://example.com/?key=hush-hush&a=1"}});
  EXPECT_THAT(content(), HasSubstr("sent [secret] url=\"https://example.com/?key=[secret]&a=1\""));
}

TEST_F(LogFile, HasNoSecretInJson) {
  Log log(options(true));
  log.redactor().learn(Secret("hush\"hush"));
  log.write(LogLevel::info, "sent hush\"hush", {{"body", R"({"key":"hush\"hush"})"}});
  EXPECT_THAT(content(), HasSubstr(R"("message":"sent [secret]","body":"{\"key\":\"[secret]\"}")"));
}

TEST_F(LogFile, RotatesAndKeepsThree) {
  Log log(options());
  const std::string large(1024 * 1024, 'x');
  for (int i = 0; i < 55; ++i) log.write(LogLevel::info, large);
  const std::filesystem::directory_iterator all(folder_);
  EXPECT_EQ(std::distance(begin(all), end(all)), 4);
  EXPECT_LE(std::filesystem::file_size(folder_ / "log"), 10u * 1024 * 1024);
}

TEST_F(LogFile, RotatesWhereItIsTold) {
  LogOptions small = options();
  small.max_size = 1000;
  small.max_files = 2;
  Log log(small);
  for (int i = 0; i < 40; ++i) log.write(LogLevel::info, std::string(200, 'x'));
  EXPECT_TRUE(std::filesystem::exists(folder_ / "log.2"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "log.3"));
  for (const auto& file : std::filesystem::directory_iterator(folder_))
    EXPECT_LE(file.file_size(), 1000U) << file.path();
}

TEST_F(LogFile, IsForItsOwnerAlone) {
  LogOptions below = options();
  below.file = folder_ / "logs" / "earshot.log";
  Log log(below);
  log.write(LogLevel::info, "seen by one");
  using std::filesystem::perms;
  EXPECT_EQ(std::filesystem::status(below.file).permissions(),
            perms::owner_read | perms::owner_write);
}

TEST(Log, GoesWhereItIsPrinted) {
  std::vector<std::string> lines;
  Log log({.print = [&lines](std::string_view line) { lines.emplace_back(line); }});
  log.write(LogLevel::warn, "careful");
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_THAT(lines.front(), HasSubstr(" warn  careful\n"));
}

TEST_F(LogFile, IsReplacedByStandardErrorWhereItCannotBe) {
  LogOptions bad = options();
  bad.file = folder_ / "log" / "below-a-file";
  ASSERT_TRUE(write_file(folder_ / "log", "", 0600));
  testing::internal::CaptureStderr();
  {
    Log log(bad);
    log.write(LogLevel::info, "still heard");
  }
  const std::string heard = testing::internal::GetCapturedStderr();
  EXPECT_THAT(heard, HasSubstr("logging here instead of to a file"));
  EXPECT_THAT(heard, HasSubstr("info  still heard\n"));
}

TEST(Log, StampsWithTheMachinesClockByDefault) {
  testing::internal::CaptureStderr();
  {
    Log log({.json = true});
    log.write(LogLevel::info, "now");
  }
  const auto line = JsonDocument::parse(testing::internal::GetCapturedStderr());
  ASSERT_TRUE(line);
  const std::optional<Time> time = parse_time((*line)->root().member("time").text());
  ASSERT_TRUE(time);
  EXPECT_GT(*time, *parse_time("2020-01-01"));
}

}  // namespace
}  // namespace earshot::core

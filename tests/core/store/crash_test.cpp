#include <csignal>
#include <set>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <earshot/core/base/random.hpp>

#include "core/store/fixture.hpp"
#include "core/store/index_oracle.hpp"

namespace earshot::core {
namespace {

/// The program of crash_writer.cpp at work in a directory of its own.
class Crash : public StoreTest {
 protected:
  void SetUp() override {}

  /// Starts the writer, waits until it says that `batches` are durable, and kills it a moment
  /// later; the moment only varies what is interrupted.
  void write_and_kill(std::uint64_t batches, Micros moment) {
    int pipe[2];
    ASSERT_EQ(::pipe2(pipe, O_CLOEXEC), 0);
    const pid_t child = start(pipe[1]);
    ::close(pipe[1]);
    char said = 0;
    for (std::uint64_t i = 0; i < batches; ++i) EXPECT_EQ(::read(pipe[0], &said, 1), 1);
    std::this_thread::sleep_for(moment);
    ::kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ::close(pipe[0]);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the writer ended by itself: " << WEXITSTATUS(status);
  }

  /// The cursor stands at n if and only if every record of the batches up to n is there.
  void expect_whole() {
    open();
    const auto cursors = reader()->cursors("acme");
    ASSERT_TRUE(cursors);
    const std::int64_t n = cursors->empty() ? 0 : std::stoll(cursors->front().cursor);
    std::set<std::string> expected;
    if (n > 0) expected.insert("last");
    for (std::int64_t i = 1; i <= n; ++i) {
      for (const char* part : {".0", ".1", ".2"}) expected.insert(std::to_string(i) + part);
    }
    if (n > 0) expect_whole_answer(n);
    const auto stored = ids();
    EXPECT_EQ(std::set<std::string>(stored.begin(), stored.end()), expected);
    EXPECT_EQ(stored.size(), expected.size());
    index();
    EXPECT_EQ(*reader()->count({.search = "printer"}), expected.size());
    close();
    const auto file = dir_.path() / "earshot.db";
    EXPECT_EQ(raw_sql(file, "PRAGMA integrity_check").front(), "ok");
    EXPECT_EQ(index_differences(file), std::vector<std::string>{});
    EXPECT_EQ(raw_sql(file,
                      "SELECT count(*) - max(seq) FROM changes HAVING count(*) > 0 AND "
                      "count(*) <> max(seq)")
                  .size(),
              0U);
    committed_ = n;
  }

  std::int64_t committed_ = 0;

 private:
  /// The answer is the one kept with batch n or the next, all of it.
  void expect_whole_answer(std::int64_t n) {
    const IntegrationId id = integration();
    const auto answer = wait_for<std::optional<KeptAnswer>>(
        [&](auto done) { store_->answer(id, "kept", std::move(done)); });
    ASSERT_TRUE(answer && *answer);
    const std::int64_t kept = std::stoll((*answer)->etag);
    EXPECT_TRUE(kept == n || kept == n + 1) << kept << " beside " << n;
    const std::string word = (*answer)->etag + " ";
    EXPECT_EQ((*answer)->body.size(), 4000 * word.size());
    EXPECT_TRUE((*answer)->body.ends_with(word));
  }

  pid_t start(int output) {
    std::string program = EARSHOT_CRASH_WRITER;
    std::string directory = dir_.path().string();
    char* arguments[] = {program.data(), directory.data(), nullptr};
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    pid_t child = 0;
    EXPECT_EQ(::posix_spawn(&child, program.c_str(), &actions, nullptr, arguments, environ), 0);
    ::posix_spawn_file_actions_destroy(&actions);
    return child;
  }
};

TEST_F(Crash, LosesAndDoublesNothingWhenKilledWhileItWrites) {
  Random random(1);
  for (int kill = 0; kill < 20; ++kill) {
    const std::uint64_t batches = 1 + random.below(12);
    const std::int64_t before = committed_;
    write_and_kill(batches, Micros{random.below(3'000)});
    ASSERT_NO_FATAL_FAILURE(expect_whole());
    EXPECT_GE(committed_, before + static_cast<std::int64_t>(batches));
  }
}

TEST_F(Crash, OpensWhateverMomentTheFirstStartWasKilledIn) {
  Random random(2);
  for (int kill = 0; kill < 20; ++kill) {
    std::filesystem::remove_all(dir_.path());
    write_and_kill(0, Micros{random.below(40'000)});
    ASSERT_NO_FATAL_FAILURE(expect_whole());
  }
}

}  // namespace
}  // namespace earshot::core

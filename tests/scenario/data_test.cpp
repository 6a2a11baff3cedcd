#include <chrono>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sqlite3.h>

#include "scenario.hpp"

namespace earshot::scenario {
namespace {

using testing::HasSubstr;

constexpr int kFailed = 1;
constexpr int kInterrupted = 130;

class Data : public Scenario {
 protected:
  /// Starts a sync of 100 items that stands still behind its third page.
  std::unique_ptr<Child> start_stuck_sync() {
    serve(100);
    write_config({.page_size = 10});
    control().post("/_sandbox/faults",
                   R"({"fault":"slow","on":"/api/v2/incremental/*","after":3,"delay_ms":25000})");
    auto child = start({"sync", "acme", "--json"});
    await_requests(3);
    return child;
  }

  /// Waits until so many records are stored.
  void await_records(const std::string& count) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (ask(data() / "earshot.db", "SELECT count(*) FROM records") != count) {
      ASSERT_LT(std::chrono::steady_clock::now(), end) << "the records never came";
      std::this_thread::yield();
    }
  }

  /// Every table of the store that holds anything; of the search index, itself alone.
  std::vector<std::string> tables_with_rows() {
    const std::string names = ask(data() / "earshot.db",
                                  "SELECT group_concat(name, ' ') FROM sqlite_schema "
                                  "WHERE type = 'table' AND name NOT GLOB 'search_*' "
                                  "AND name NOT GLOB 'sqlite_*'");
    std::vector<std::string> filled;
    std::istringstream words(names);
    for (std::string name; words >> name;) {
      const std::string count = "SELECT count(*) FROM " + name;
      if (ask(data() / "earshot.db", count.c_str()) != "0") filled.push_back(name);
    }
    return filled;
  }

  /// Waits until that process has taken the data directory.
  void await_owner(pid_t pid) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    for (pid_t owner = 0; owner != pid; std::ifstream(data() / "lock") >> owner) {
      ASSERT_LT(std::chrono::steady_clock::now(), end) << "it never opened the store";
      std::this_thread::yield();
    }
  }
};

TEST_F(Data, InterruptedSyncIsGoneOnWith) {
  const auto child = start_stuck_sync();
  child->send(SIGINT);
  const Finished interrupted = child->wait();
  EXPECT_EQ(interrupted.exit_code, kInterrupted) << interrupted.out << interrupted.err;
  control().remove("/_sandbox/faults");
  sync();
  expect_oracle();
}

TEST_F(Data, InterruptWhileTheStoreOpensIsHeard) {
  serve(20);
  write_config();
  sync();
  sqlite3* held = nullptr;
  ASSERT_EQ(sqlite3_open((data() / "earshot.db").c_str(), &held), SQLITE_OK);
  ASSERT_EQ(sqlite3_exec(held, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
  control().post("/_sandbox/faults",
                 R"({"fault":"slow","on":"/api/v2/incremental/*","delay_ms":25000})");
  const auto child = start({"sync", "acme", "--json"});
  await_owner(child->pid());
  child->send(SIGINT);
  sqlite3_close(held);
  const Finished interrupted = child->wait();
  EXPECT_EQ(interrupted.exit_code, kInterrupted) << interrupted.out << interrupted.err;
}

TEST_F(Data, SecondProgramIsRefusedWithTheOwnersPid) {
  const auto child = start_stuck_sync();
  const Finished second = run({"sync", "acme"});
  EXPECT_EQ(second.exit_code, kFailed);
  EXPECT_THAT(second.err, HasSubstr(std::to_string(child->pid())));
}

TEST_F(Data, BackupWhileSyncingIsAWholeStore) {
  const auto child = start_stuck_sync();
  await_records("30");
  const std::filesystem::path copy = folder() / "copy";
  std::filesystem::create_directory(copy);
  const Finished made = run({"backup", (copy / "earshot.db").string()});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  EXPECT_EQ(ask(copy / "earshot.db", "PRAGMA integrity_check"), "ok");
  EXPECT_EQ(ids_of(exported({"--data-dir", copy.string()})).size(), 30U);
}

TEST_F(Data, PurgeLeavesNothing) {
  serve(30);
  write_config();
  sync();
  EXPECT_EQ(run({"webhooks", "register", "acme", "--url", "https://hooks.example.com/z"}).exit_code,
            0);
  EXPECT_EQ(run({"records", "--search", "export"}).exit_code, 0);
  const std::vector<std::string> filled = tables_with_rows();
  EXPECT_THAT(filled, testing::IsSupersetOf({"integrations", "records", "changes", "search",
                                             "cursors", "runs", "state", "secrets"}));
  EXPECT_EQ(run({"integrations", "remove", "acme"}).exit_code, 2);
  EXPECT_EQ(tables_with_rows(), filled);
  EXPECT_EQ(run({"integrations", "remove", "acme", "--purge"}).exit_code, 0);
  EXPECT_EQ(exported(), "");
  EXPECT_THAT(tables_with_rows(), testing::IsSubsetOf({"meta", "budgets"}))
      << "of the store and of the account";
  sync();
  expect_oracle();
}

TEST_F(Data, NewerStoreIsRefused) {
  serve(30);
  write_config();
  sync();
  ask(data() / "earshot.db", "PRAGMA user_version = 999");
  const Finished refused = run({"sync", "acme"});
  EXPECT_NE(refused.exit_code, 0);
  EXPECT_THAT(refused.err, HasSubstr("999"));
}

}  // namespace
}  // namespace earshot::scenario

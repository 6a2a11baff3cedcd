#include <memory>
#include <string>
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

  static std::unique_ptr<sqlite3, int (*)(sqlite3*)> open(const std::filesystem::path& file) {
    sqlite3* store = nullptr;
    EXPECT_EQ(sqlite3_open(file.c_str(), &store), SQLITE_OK);
    return {store, sqlite3_close};
  }
};

TEST_F(Data, WebhookIsRegisteredOnce) {
  serve(20);
  write_config();
  const std::vector<std::string> words{"webhooks", "register",
                                       "acme",     "--json",
                                       "--url",    "https://hooks.example.com/webhooks/zendesk"};
  const Finished first = run(words);
  EXPECT_EQ(first.exit_code, 0) << first.err;
  const Finished second = run(words);
  EXPECT_EQ(second.out, first.out) << second.err;
  const auto way = core::JsonDocument::parse(access("OAuth access token").credentials);
  ASSERT_TRUE(way);
  const std::string token(way.value()->root().member("access_token").text());
  const auto hooks = control().get("/api/v2/webhooks", {{"Authorization", "Bearer " + token}});
  EXPECT_EQ(hooks->root().member("webhooks").size(), 1U);
}

TEST_F(Data, WebhookOfALostAnswerIsFoundAgain) {
  serve(20);
  write_config();
  const std::vector<std::string> words{"webhooks", "register",
                                       "acme",     "--json",
                                       "--url",    "https://hooks.example.com/webhooks/zendesk"};
  control().post("/_sandbox/faults",
                 R"({"fault":"reset","on":"/api/v2/webhooks","after":1,"executed":true})");
  static_cast<void>(run(words));
  const Finished again = run(words);
  EXPECT_EQ(again.exit_code, 0) << again.out << again.err;
  const auto way = core::JsonDocument::parse(access("OAuth access token").credentials);
  ASSERT_TRUE(way);
  const std::string token(way.value()->root().member("access_token").text());
  const auto hooks = control().get("/api/v2/webhooks", {{"Authorization", "Bearer " + token}});
  EXPECT_EQ(hooks->root().member("webhooks").size(), 1U);
}

TEST_F(Data, InterruptedSyncIsGoneOnWith) {
  const auto child = start_stuck_sync();
  child->send(SIGINT);
  const Finished interrupted = child->wait();
  EXPECT_EQ(interrupted.exit_code, kInterrupted) << interrupted.out << interrupted.err;
  control().remove("/_sandbox/faults");
  sync();
  expect_oracle();
}

TEST_F(Data, SecondProgramIsRefusedWithTheOwnersPid) {
  const auto child = start_stuck_sync();
  const Finished second = run({"sync", "acme"});
  EXPECT_EQ(second.exit_code, kFailed);
  EXPECT_THAT(second.err, HasSubstr(std::to_string(child->pid())));
}

TEST_F(Data, BackupWhileSyncingIsAWholeStore) {
  const auto child = start_stuck_sync();
  const std::filesystem::path copy = folder() / "copy";
  std::filesystem::create_directory(copy);
  const Finished made = run({"backup", (copy / "earshot.db").string()});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  const auto store = open(copy / "earshot.db");
  sqlite3_stmt* check = nullptr;
  ASSERT_EQ(sqlite3_prepare_v2(store.get(), "PRAGMA integrity_check", -1, &check, nullptr),
            SQLITE_OK);
  EXPECT_EQ(sqlite3_step(check), SQLITE_ROW);
  EXPECT_STREQ(reinterpret_cast<const char*>(sqlite3_column_text(check, 0)), "ok");
  sqlite3_finalize(check);
  EXPECT_EQ(ids_of(exported({"--data-dir", copy.string()})).size() % 10, 0U);
}

TEST_F(Data, PurgeLeavesNothing) {
  serve(30);
  write_config();
  sync();
  EXPECT_EQ(run({"integrations", "remove", "acme"}).exit_code, 2);
  EXPECT_EQ(run({"integrations", "remove", "acme", "--purge"}).exit_code, 0);
  EXPECT_EQ(exported(), "");
  sync();
  expect_oracle();
}

TEST_F(Data, NewerStoreIsRefused) {
  serve(30);
  write_config();
  sync();
  ASSERT_EQ(sqlite3_exec(open(data() / "earshot.db").get(), "PRAGMA user_version = 999", nullptr,
                         nullptr, nullptr),
            SQLITE_OK);
  const Finished refused = run({"sync", "acme"});
  EXPECT_NE(refused.exit_code, 0);
  EXPECT_THAT(refused.err, HasSubstr("999"));
}

}  // namespace
}  // namespace earshot::scenario

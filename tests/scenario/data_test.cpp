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

  Finished register_webhook() {
    return run({"webhooks", "register", "acme", "--json", "--url",
                "https://hooks.example.com/webhooks/zendesk"});
  }

  std::size_t webhooks_at_product() {
    const auto way = core::JsonDocument::parse(access("OAuth access token").credentials);
    EXPECT_TRUE(way);
    const std::string token(way.value()->root().member("access_token").text());
    const auto hooks = control().get("/api/v2/webhooks", {{"Authorization", "Bearer " + token}});
    return hooks->root().member("webhooks").size();
  }

  /// The first value that the statement gives.
  static std::string ask(const std::filesystem::path& file, const char* sql) {
    sqlite3* store = nullptr;
    EXPECT_EQ(sqlite3_open(file.c_str(), &store), SQLITE_OK);
    std::string value;
    const auto take = [](void* out, int, char** values, char**) {
      if (values[0] != nullptr) *static_cast<std::string*>(out) = values[0];
      return 0;
    };
    EXPECT_EQ(sqlite3_exec(store, sql, take, &value, nullptr), SQLITE_OK) << sqlite3_errmsg(store);
    sqlite3_close(store);
    return value;
  }
};

TEST_F(Data, WebhookIsRegisteredOnce) {
  serve(20);
  write_config();
  const Finished first = register_webhook();
  EXPECT_EQ(first.exit_code, 0) << first.err;
  const Finished second = register_webhook();
  EXPECT_EQ(second.out, first.out) << second.err;
  EXPECT_EQ(webhooks_at_product(), 1U);
  EXPECT_EQ(ask(data() / "earshot.db", "SELECT count(*) FROM secrets WHERE name='webhook_secret'"),
            "1");
}

TEST_F(Data, WebhookOfALostAnswerIsFoundAgain) {
  serve(20);
  write_config();
  control().post("/_sandbox/faults",
                 R"({"fault":"reset","on":"/api/v2/webhooks","after":1,"executed":true})");
  static_cast<void>(register_webhook());
  const std::string asked = control().get("/_sandbox/requests")->root().member("log").dump();
  EXPECT_THAT(asked,
              testing::ContainsRegex(R"("POST","target":"[^"]*webhooks[^}]*"fault":"reset")"));
  const Finished again = register_webhook();
  EXPECT_EQ(again.exit_code, 0) << again.out << again.err;
  EXPECT_EQ(webhooks_at_product(), 1U);
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
  EXPECT_EQ(ask(copy / "earshot.db", "PRAGMA integrity_check"), "ok");
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
  ask(data() / "earshot.db", "PRAGMA user_version = 999");
  const Finished refused = run({"sync", "acme"});
  EXPECT_NE(refused.exit_code, 0);
  EXPECT_THAT(refused.err, HasSubstr("999"));
}

}  // namespace
}  // namespace earshot::scenario

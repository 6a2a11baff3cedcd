#include <fstream>
#include <iterator>

#include <gmock/gmock.h>

#include "core/store/fixture.hpp"
#include "core/store/raw_sql.hpp"

namespace earshot::core {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

class Values : public StoreTest {
 protected:
  Result<void> report(IntegrationId id, std::map<std::string, std::string> values) {
    return wait_for<void>(
        [&](auto done) { store_->put_state(id, std::move(values), std::move(done)); });
  }
  Result<void> keep(IntegrationId id, SealedSecret secret) {
    return wait_for<void>(
        [&](auto done) { store_->put_secret(id, std::move(secret), std::move(done)); });
  }
};

TEST_F(Values, AnIntegrationKeepsItsId) {
  const IntegrationId id = integration();
  EXPECT_EQ(integration(), id);
  reopen();
  EXPECT_EQ(integration(), id);
  EXPECT_NE(integration("beta"), id);
}

TEST_F(Values, AnIntegrationIsFoundWithoutBeingMade) {
  const auto find = [&] {
    return wait_for<IntegrationId>(
        [&](auto done) { store_->find_integration("acme", "zendesk", std::move(done)); });
  };
  EXPECT_EQ(find().value_or(-1), 0);
  EXPECT_EQ(find().value_or(-1), 0);
  const IntegrationId id = integration();
  EXPECT_EQ(find().value_or(-1), id);
}

TEST_F(Values, ANameBelongsToOnePlugin) {
  integration("acme", "zendesk");
  const auto other = wait_for<IntegrationId>(
      [&](auto done) { store_->ensure_integration("acme", "intercom", std::move(done)); });
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, Code::conflict);
  EXPECT_THAT(other.error().message, HasSubstr("zendesk"));
}

TEST_F(Values, StateMergesAndForgets) {
  const IntegrationId id = integration();
  ASSERT_TRUE(report(id, {{"account_id", "1"}, {"hook_id", "h"}}));
  ASSERT_TRUE(report(id, {{"account_name", "Acme"}, {"hook_id", ""}}));
  EXPECT_THAT(reader()->integrations()->front().state,
              ElementsAre(Pair("account_id", "1"), Pair("account_name", "Acme")));
  const auto state = wait_for<std::map<std::string, std::string>>(
      [&](auto done) { store_->state(id, std::move(done)); });
  EXPECT_THAT(*state, ElementsAre(Pair("account_id", "1"), Pair("account_name", "Acme")));
}

TEST_F(Values, SecretsAreReplacedByName) {
  const IntegrationId id = integration();
  const Time expires{std::chrono::seconds{1'900'000'000}};
  ASSERT_TRUE(keep(id, {.name = "token", .sealed = "v1:old"}));
  ASSERT_TRUE(keep(id, {.name = "token", .sealed = "v1:new", .expires = expires}));
  const auto kept =
      wait_for<std::vector<SealedSecret>>([&](auto done) { store_->secrets(id, std::move(done)); });
  ASSERT_EQ(kept->size(), 1U);
  EXPECT_EQ(kept->front().sealed, "v1:new");
  EXPECT_EQ(kept->front().expires, expires);
}

TEST_F(Values, BudgetsOutliveTheProcess) {
  const auto budget = [&](const char* account) {
    return *wait_for<std::string>([&](auto done) { store_->budget(account, std::move(done)); });
  };
  ASSERT_TRUE(wait_for<void>(
      [&](auto done) { store_->put_budget("zendesk/acme", "spent 5", std::move(done)); }));
  reopen();
  EXPECT_EQ(budget("zendesk/acme"), "spent 5");
  EXPECT_EQ(budget("zendesk/beta"), "");
}

TEST_F(Values, LaneCursorsCanBeAsked) {
  const IntegrationId id = integration();
  ASSERT_TRUE(commit({.lease = lease(id), .lane = "old", .cursors = {{"board", "b"}}}));
  const auto cursors = wait_for<std::map<std::string, std::string>>(
      [&](auto done) { store_->cursors(id, "old", std::move(done)); });
  EXPECT_THAT(*cursors, ElementsAre(Pair("board", "b")));
}

TEST_F(Values, NothingIsWrittenForARemovedIntegration) {
  const IntegrationId id = integration();
  ASSERT_TRUE(purge("acme"));
  EXPECT_EQ(report(id, {{"account_id", "1"}}).error().code, Code::not_found);
  EXPECT_EQ(keep(id, {.name = "token", .sealed = "v1:x"}).error().code, Code::not_found);
}

class Purge : public Values {
 protected:
  /// Writes a row of every kind for the integration.
  Lease fill(const std::string& name) {
    const IntegrationId id = integration(name);
    const Lease run = lease(id);
    Batch batch{.lease = run, .records = {item("1", 1), item("2", 1)}, .cursors = {{"", "c"}}};
    batch.rejected = {{"ticket", "7", "created_at: no date", "{}"}};
    EXPECT_TRUE(commit(std::move(batch)));
    index();
    write(run, {item("1", 2)});
    EXPECT_TRUE(report(id, {{"account_id", "1"}}));
    EXPECT_TRUE(keep(id, {.name = "token", .sealed = "v1:x"}));
    EXPECT_TRUE(wait_for<void>([&](auto done) {
      store_->put_answers(id, {{"key", {.body = "{}"}}}, {}, std::move(done));
    }));
    EXPECT_TRUE(
        end(run,
            {.outcome = RunOutcome::completed, .problems = {"board: gone"}, .notes = {"no word"}}));
    return run;
  }

  std::vector<std::string> sql(const std::string& text) {
    return raw_sql(dir_.path() / "earshot.db", text);
  }

  int files_with(const std::string& word) {
    int found = 0;
    for (const auto& entry : std::filesystem::directory_iterator(dir_.path())) {
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string bytes{std::istreambuf_iterator<char>(file), {}};
      if (bytes.find(word) != std::string::npos) ++found;
    }
    return found;
  }

  /// Rows of every table that holds an integration's things.
  std::map<std::string, std::string> rows() {
    std::map<std::string, std::string> out;
    for (const std::string& table :
         sql("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'search%' AND "
             "name NOT LIKE 'sqlite%' AND name NOT IN ('meta', 'budgets')")) {
      out[table] = sql("SELECT count(*) FROM " + table).front();
    }
    out["search"] = sql("SELECT count(*) FROM search").front();
    return out;
  }
};

TEST_F(Purge, LeavesNoRowOfTheIntegration) {
  fill("acme");
  for (const auto& [table, count] : rows()) EXPECT_NE(count, "0") << table << " is not filled";
  ASSERT_TRUE(purge("acme"));
  for (const auto& [table, count] : rows()) EXPECT_EQ(count, "0") << table;
}

TEST_F(Purge, LeavesOtherIntegrationsAlone) {
  fill("acme");
  index();
  const auto before = rows();
  fill("beta");
  ASSERT_TRUE(purge("beta"));
  index();
  EXPECT_EQ(rows(), before);
  EXPECT_THAT(ids({.search = "printer"}), ElementsAre("1", "2"));
}

/// While the store is open, so that its log counts too.
TEST_F(Purge, LeavesNoWordOfTheIntegrationInTheFiles) {
  const auto fill = [this](const Lease& lease, const std::string& word, std::int64_t version) {
    for (int batch = 0; batch < 10; ++batch) {
      std::vector<RecordWrite> writes;
      for (int i = 0; i < 30; ++i) {
        writes.push_back(item(std::to_string(batch * 30 + i), version));
        writes.back().record.content = word + std::to_string(i * 10 + batch) + " and so on";
      }
      write(lease, std::move(writes));
    }
    index();
  };
  const Lease acme = lease(integration("acme"));
  const Lease beta = lease(integration("beta"));
  fill(acme, "zeppelin", 1);
  fill(beta, "balloon", 1);
  fill(acme, "dirigible", 2);
  EXPECT_GT(files_with("zeppelin") + files_with("dirigible"), 1);
  ASSERT_TRUE(purge("acme"));
  EXPECT_EQ(files_with("zeppelin"), 0);
  EXPECT_EQ(files_with("dirigible"), 0);
  EXPECT_EQ(files_with("balloon"), 1);
  index();
  EXPECT_EQ(ids({.search = "balloon*"}).size(), 300U);
}

TEST_F(Purge, TheNameComesBackUnderAnotherId) {
  const Lease old = fill("acme");
  const std::int64_t last = records().back().id;
  ASSERT_TRUE(purge("acme"));
  reopen();
  const Lease fresh = fill("acme");
  EXPECT_GT(fresh.integration, old.integration);
  EXPECT_GT(records().front().id, last);
  EXPECT_GT(fresh.run, old.run);
}

TEST_F(Purge, FencesTheRunThatWasWriting) {
  const Lease writing = lease(integration());
  ASSERT_TRUE(purge("acme"));
  integration();
  EXPECT_EQ(commit({.lease = writing, .records = {item("1", 1)}}).error().code, Code::conflict);
  EXPECT_THAT(records(), IsEmpty());
}

TEST_F(Purge, SaysWhenThereIsNothing) {
  EXPECT_EQ(purge("acme").error().code, Code::not_found);
}

}  // namespace
}  // namespace earshot::core

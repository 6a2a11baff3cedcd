#include <gmock/gmock.h>

#include "core/store/fixture.hpp"
#include "core/store/raw_sql.hpp"

namespace earshot::core {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

class Commit : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    id_ = integration();
    lease_ = lease(id_);
  }

  StoredRecord only() {
    const auto all = records({.deleted = true});
    EXPECT_EQ(all.size(), 1U);
    return all.empty() ? StoredRecord{} : all.front();
  }

  std::vector<std::string> sql(const std::string& text) {
    return raw_sql(dir_.path() / "earshot.db", text);
  }

  IntegrationId id_ = 0;
  Lease lease_;
};

TEST_F(Commit, KeepsEveryMemberOfARecord) {
  RecordWrite write = item("17", 5);
  Record& record = write.record;
  record.kind = RecordKind::survey_response;
  record.title = "שלום, it is slow 🎉";
  record.customer_id = "c-1";
  record.customer_email = "ada@example.com";
  record.customer_name = "Ada Example";
  record.customer_tier = CustomerTier::business;
  record.category = Category::complaint;
  record.severity = Severity::high;
  record.status = RecordStatus::solved;
  record.rating = Rating{.value = 2.5, .max = 5};
  record.language = "he";
  record.thread_id = "t-9";
  record.url = "https://acme.example.com/17";
  record.metadata = R"({"status":"hold"})";
  write.raw = R"({"id":17,"subject":"slow"})";
  EXPECT_EQ(StoreTest::write(lease_, {write}).created, 1U);

  const StoredRecord stored = only();
  EXPECT_EQ(stored.integration, "acme");
  EXPECT_EQ(stored.integration_id, id_);
  EXPECT_EQ(stored.source, "zendesk");
  EXPECT_EQ(stored.raw, write.raw);
  EXPECT_EQ(stored.record.kind, record.kind);
  EXPECT_EQ(stored.record.source_id, record.source_id);
  EXPECT_EQ(stored.record.title, record.title);
  EXPECT_EQ(stored.record.content, record.content);
  EXPECT_EQ(stored.record.customer_id, record.customer_id);
  EXPECT_EQ(stored.record.customer_email, record.customer_email);
  EXPECT_EQ(stored.record.customer_name, record.customer_name);
  EXPECT_EQ(stored.record.customer_tier, record.customer_tier);
  EXPECT_EQ(stored.record.category, record.category);
  EXPECT_EQ(stored.record.severity, record.severity);
  EXPECT_EQ(stored.record.status, record.status);
  EXPECT_EQ(stored.record.rating, record.rating);
  EXPECT_EQ(stored.record.language, record.language);
  EXPECT_EQ(stored.record.thread_id, record.thread_id);
  EXPECT_EQ(stored.record.created_at, record.created_at);
  EXPECT_EQ(stored.record.updated_at, record.updated_at);
  EXPECT_EQ(stored.record.url, record.url);
  EXPECT_EQ(stored.record.metadata, record.metadata);
  EXPECT_EQ(stored.record.version, record.version);
}

TEST_F(Commit, TellsItemsApartByKindAndIntegration) {
  RecordWrite review = item("1", 1);
  review.record.kind = RecordKind::review;
  EXPECT_EQ(write(lease_, {item("1", 1), review}).created, 2U);
  const Lease other = lease(integration("beta"));
  EXPECT_EQ(write(other, {item("1", 1)}).created, 1U);
  EXPECT_EQ(records().size(), 3U);
}

struct VersionCase {
  const char* name;
  std::int64_t version;
  const char* content;
  RecordCounts counts;
  const char* stored;
};

class CommitVersion : public Commit, public ::testing::WithParamInterface<VersionCase> {};

TEST_P(CommitVersion, DecidesWhatIsNews) {
  write(lease_, {item("1", 5)});
  RecordWrite second = item("1", GetParam().version);
  second.record.title = item("1", 5).record.title;
  second.record.updated_at = item("1", 5).record.updated_at;
  second.record.content = GetParam().content;
  const RecordCounts counts = write(lease_, {second});
  EXPECT_EQ(counts.updated, GetParam().counts.updated);
  EXPECT_EQ(counts.unchanged, GetParam().counts.unchanged);
  EXPECT_EQ(counts.fetched(), 1U);
  EXPECT_EQ(only().record.content, GetParam().stored);
}

constexpr const char* kFirst = "It ate my invoice again.";
INSTANTIATE_TEST_SUITE_P(
    Store, CommitVersion,
    ::testing::Values(VersionCase{"OlderIsStale", 4, "late", {.unchanged = 1}, kFirst},
                      VersionCase{"SameIsUnchanged", 5, kFirst, {.unchanged = 1}, kFirst},
                      VersionCase{"SameVersionNewText", 5, "new", {.updated = 1}, "new"},
                      VersionCase{"NewerVersionSameText", 6, kFirst, {.unchanged = 1}, kFirst},
                      VersionCase{"Newer", 6, "new", {.updated = 1}, "new"}),
    [](const auto& test) { return test.param.name; });

TEST_F(Commit, ANewerVersionOfTheSameContentMovesTheVersionOnly) {
  write(lease_, {item("1", 5)});
  const auto before = sql("SELECT change_seq || hex(hash) FROM records");
  RecordWrite newer = item("1", 5);
  newer.record.version = 7;
  EXPECT_EQ(write(lease_, {newer}).unchanged, 1U);
  EXPECT_EQ(only().record.version, 7);
  EXPECT_EQ(sql("SELECT change_seq || hex(hash) FROM records"), before);
  EXPECT_THAT(sql("SELECT count(*) FROM changes"), ElementsAre("1"));
  RecordWrite stale = item("1", 6);
  EXPECT_EQ(write(lease_, {stale}).unchanged, 1U);
  EXPECT_EQ(write(lease_, {item("1", 5)}).unchanged, 1U);
  EXPECT_EQ(only().record.version, 7);
}

TEST_F(Commit, SeesAChangeInWhatThePluginComputedAndInRaw) {
  RecordWrite write_once = item("1", 1);
  write(lease_, {write_once});
  write_once.computed = R"([{"name":"content"}])";
  EXPECT_EQ(write(lease_, {write_once}).updated, 1U);
  write_once.raw = R"({"id":1})";
  EXPECT_EQ(write(lease_, {write_once}).updated, 1U);
  EXPECT_EQ(write(lease_, {write_once}).unchanged, 1U);
}

TEST_F(Commit, ATombstoneBlanksTheText) {
  RecordWrite first = item("1", 1);
  first.raw = R"({"secret":"text"})";
  write(lease_, {first});
  EXPECT_EQ(write(lease_, {tombstone("1", 2)}).deleted, 1U);
  const StoredRecord stored = only();
  EXPECT_EQ(stored.record.status, RecordStatus::deleted);
  EXPECT_EQ(stored.record.title, "");
  EXPECT_EQ(stored.record.content, "");
  EXPECT_EQ(stored.raw, "");
  EXPECT_THAT(records(), IsEmpty());
}

TEST_F(Commit, ATombstoneCountsOnce) {
  write(lease_, {item("1", 1)});
  EXPECT_EQ(write(lease_, {tombstone("1", 2)}).deleted, 1U);
  EXPECT_EQ(write(lease_, {tombstone("1", 2)}).unchanged, 1U);
  EXPECT_EQ(write(lease_, {tombstone("1", 3)}).updated, 1U);
}

TEST_F(Commit, AnOlderTombstoneIsStale) {
  write(lease_, {item("1", 5)});
  EXPECT_EQ(write(lease_, {tombstone("1", 4)}).unchanged, 1U);
  EXPECT_EQ(only().record.status, RecordStatus::open);
}

TEST_F(Commit, KeepsTheTombstoneOfAnUnknownItem) {
  EXPECT_EQ(write(lease_, {tombstone("1", 2)}).deleted, 1U);
  EXPECT_EQ(write(lease_, {item("1", 1)}).unchanged, 1U);
  EXPECT_EQ(only().record.status, RecordStatus::deleted);
}

TEST_F(Commit, ANewerVersionRevivesADeletedItem) {
  write(lease_, {item("1", 1)});
  write(lease_, {tombstone("1", 2)});
  EXPECT_EQ(write(lease_, {item("1", 3)}).updated, 1U);
  EXPECT_EQ(only().record.title, "Printer jams, state 3");
  EXPECT_EQ(reader()->integrations()->front().records, 1U);
}

TEST_F(Commit, TheHighestVersionOfABatchWinsAndEachIsCounted) {
  const RecordCounts counts =
      write(lease_, {item("1", 2), item("1", 3), item("2", 1), item("1", 1)});
  EXPECT_EQ(counts.created, 2U);
  EXPECT_EQ(counts.unchanged, 2U);
  EXPECT_EQ(counts.fetched(), 4U);
  EXPECT_EQ(records({.search = "", .limit = 1}).front().record.version, 3);
}

TEST_F(Commit, ALaterEqualVersionOfABatchWins) {
  RecordWrite later = item("1", 1);
  later.record.content = "later";
  write(lease_, {item("1", 1), later});
  EXPECT_EQ(only().record.content, "later");
}

TEST_F(Commit, ARejectedItemDisappearsWhenItMaps) {
  Batch batch{.lease = lease_};
  batch.rejected = {{"ticket", "7", "created_at: no date", R"({"id":7})"},
                    {"ticket", "8", "created_at: no date", R"({"id":8})"}};
  EXPECT_EQ(commit(std::move(batch))->rejected, 2U);
  ASSERT_EQ(rejected("acme").size(), 2U);
  EXPECT_EQ(reader()->integrations()->front().rejected, 2U);

  write(lease_, {item("7", 1)});
  const auto left = rejected("");
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left.front().item.source_id, "8");
  EXPECT_EQ(left.front().item.raw, R"({"id":8})");
  EXPECT_EQ(left.front().at, clock_.now());
}

TEST_F(Commit, ARejectedItemDisappearsAlsoWhenItsRecordIsUnchanged) {
  write(lease_, {item("7", 1)});
  Batch batch{.lease = lease_};
  batch.rejected = {{"ticket", "7", "created_at: no date", ""}};
  ASSERT_TRUE(commit(std::move(batch)));
  EXPECT_EQ(write(lease_, {item("7", 1)}).unchanged, 1U);
  EXPECT_THAT(rejected("acme"), IsEmpty());
}

TEST_F(Commit, ARejectedItemWithoutAnIdDisappearsWhenItMaps) {
  EXPECT_FALSE(begin({.integration = id_})->fingerprints);
  Batch batch{.lease = lease(id_)};
  batch.rejected = {{"ticket", "sha256:ab", "source_id: /id is missing", R"({"no":"id"})"},
                    {"ticket", "sha256:cd", "source_id: /id is missing", R"({"no":"ID"})"}};
  ASSERT_TRUE(commit(std::move(batch)));
  const auto begun = begin({.integration = id_});
  EXPECT_TRUE(begun->fingerprints);
  RecordWrite mapped = item("7", 1);
  mapped.rejected_as = "sha256:ab";
  write(begun->lease, {mapped});
  const auto left = rejected("acme");
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left.front().item.source_id, "sha256:cd");
}

TEST_F(Commit, AFullRunMeetsRejectedItemsWithoutAnIdAgain) {
  Batch batch{.lease = lease_};
  batch.rejected = {{"ticket", "sha256:ab", "source_id: /id is missing", R"({"no":"id"})"},
                    {"ticket", "7", "created_at: no date", R"({"id":7})"}};
  ASSERT_TRUE(commit(std::move(batch)));
  EXPECT_TRUE(begin({.integration = id_, .lane = "week", .reset_cursors = true})->fingerprints);
  EXPECT_FALSE(begin({.integration = id_, .reset_cursors = true})->fingerprints);
  const auto left = rejected("acme");
  ASSERT_EQ(left.size(), 1U);
  EXPECT_EQ(left.front().item.source_id, "7") << "known by its id";
}

TEST_F(Commit, ARejectedItemIsKeptOnceWithItsLastReason) {
  for (const char* reason : {"first", "second"}) {
    Batch batch{.lease = lease_};
    batch.rejected = {{"ticket", "7", reason, ""}};
    ASSERT_TRUE(commit(std::move(batch)));
  }
  const auto rows = rejected("acme");
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows.front().item.reason, "second");
}

TEST_F(Commit, RejectedItemsAreReadOneByOneTheNewestFirst) {
  for (const char* id : {"7", "8", "9"}) {
    Batch batch{.lease = lease_};
    batch.rejected = {{"ticket", id, "created_at: no date", std::string(9, 'x')}};
    ASSERT_TRUE(commit(std::move(batch)));
    clock_.advance(std::chrono::seconds{1});
  }
  std::vector<std::string> seen;
  ASSERT_TRUE(reader()->rejected("acme", 0, [&](const RejectedRow& row) {
    seen.push_back(row.item.source_id);
    return seen.size() < 2;
  }));
  EXPECT_THAT(seen, ElementsAre("9", "8"));
  EXPECT_EQ(rejected("acme", 1).size(), 1U);
  EXPECT_THAT(rejected("beta"), IsEmpty());
}

TEST_F(Commit, KeepsTheCursorsOfLanesApart) {
  ASSERT_TRUE(commit({.lease = lease_, .cursors = {{"", "live-1"}, {"board", "b-1"}}}));
  ASSERT_TRUE(commit({.lease = lease_, .lane = "backfill", .cursors = {{"", "old-1"}}}));
  ASSERT_TRUE(commit({.lease = lease_, .cursors = {{"", "live-2"}}}));
  EXPECT_THAT(begin({.integration = id_})->cursors,
              ElementsAre(Pair("", "live-2"), Pair("board", "b-1")));
  EXPECT_THAT(begin({.integration = id_, .lane = "backfill"})->cursors,
              ElementsAre(Pair("", "old-1")));
}

TEST_F(Commit, RefusesAnEmptyCursorWithAllThatCameWithIt) {
  const auto refused =
      commit({.lease = lease_, .records = {item("1", 1)}, .cursors = {{"board", ""}}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Code::misuse);
  EXPECT_THAT(records(), IsEmpty());
}

TEST_F(Commit, NumbersChangesWithoutGaps) {
  write(lease_, {item("1", 1), item("2", 1)});
  ASSERT_FALSE(commit({.lease = lease_, .records = {item("3", 1)}, .cursors = {{"", ""}}}));
  write(lease_, {item("1", 1), item("2", 2)});
  write(lease_, {tombstone("1", 2), item("4", 1)});
  EXPECT_THAT(sql("SELECT seq || ' ' || op FROM changes ORDER BY seq"),
              ElementsAre("1 0", "2 0", "3 1", "4 2", "5 0"));
  EXPECT_THAT(sql("SELECT change_seq FROM integrations"), ElementsAre("5"));
}

TEST_F(Commit, LeavesTheFileAloneWhereNothingChanged) {
  write(lease_, {item("1", 1)});
  const auto before = sql("SELECT change_seq || title FROM records");
  EXPECT_EQ(write(lease_, {item("1", 1)}).unchanged, 1U);
  EXPECT_EQ(sql("SELECT change_seq || title FROM records"), before);
  EXPECT_THAT(sql("SELECT count(*) FROM changes"), ElementsAre("1"));
}

TEST_F(Commit, RehearsedCountsTheSameAndWritesNothing) {
  write(lease_, {item("1", 5), item("2", 5), item("3", 5), item("4", 5), tombstone("5", 5)});
  const auto before = sql("SELECT version || hex(hash) || status FROM records");
  RecordWrite reworded = item("2", 5);
  reworded.record.content = "Now it ate two.";
  RecordWrite newer = item("1", 5);
  newer.record.version = 6;
  Batch batch{.lease = {.integration = id_},
              .records = {newer, reworded, tombstone("3", 6), item("4", 4), item("5", 6),
                          tombstone("6", 1), item("7", 1), item("7", 2)}};
  batch.rejected = {{"ticket", "8", "created_at: no date", ""}};
  const auto rehearsed =
      wait_for<RecordCounts>([&](auto done) { store_->rehearse(batch, std::move(done)); });
  ASSERT_TRUE(rehearsed);
  EXPECT_EQ(sql("SELECT version || hex(hash) || status FROM records"), before);
  EXPECT_THAT(rejected("acme"), IsEmpty());
  EXPECT_EQ(rehearsed->created, 1U);
  EXPECT_EQ(rehearsed->updated, 2U);
  EXPECT_EQ(rehearsed->unchanged, 3U);
  EXPECT_EQ(rehearsed->deleted, 2U);
  EXPECT_EQ(rehearsed->rejected, 1U);
  batch.lease = lease_;
  const auto committed = commit(std::move(batch));
  ASSERT_TRUE(committed);
  EXPECT_EQ(committed->created, rehearsed->created);
  EXPECT_EQ(committed->updated, rehearsed->updated);
  EXPECT_EQ(committed->unchanged, rehearsed->unchanged);
  EXPECT_EQ(committed->deleted, rehearsed->deleted);
}

TEST_F(Commit, SaysWhatIsKnown) {
  write(lease_, {item("1", 5)});
  const auto known = wait_for<std::vector<Known>>([&](auto done) {
    store_->known(id_, RecordKind::ticket, {"1", "1", "1", "2"}, {4, 5, 6, 1}, std::move(done));
  });
  ASSERT_TRUE(known);
  EXPECT_THAT(*known, ElementsAre(Known::same, Known::same, Known::older, Known::fresh));
}

}  // namespace
}  // namespace earshot::core

#include <gmock/gmock.h>

#include "core/store/fixture.hpp"
#include "core/store/raw_sql.hpp"

namespace earshot::core {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

RecordWrite kept(std::string id, std::int64_t version, std::uint64_t revision = 1) {
  RecordWrite write = item(std::move(id), version);
  write.mapping_revision = revision;
  write.raw = R"({"id":)" + write.record.source_id + "}";
  write.computed = R"([{"name":"url","value":"x","format":0}])";
  return write;
}

class KeptItems : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    lease_ = lease(integration());
  }
  std::vector<KeptItem> found(KeptItemQuery query = {}) {
    query.integration = lease_.integration;
    query.mapping = "ticket";
    if (query.limit == 0) query.limit = 100;
    const auto items = reader()->kept_items(query);
    EXPECT_TRUE(items) << (items ? "" : items.error().message);
    return items.value_or({});
  }
  std::vector<std::string> found_ids(const KeptItemQuery& query = {}) {
    std::vector<std::string> out;
    for (const KeptItem& one : found(query)) out.push_back(one.source_id);
    return out;
  }
  RecordCounts write_again(std::vector<RecordWrite> records) {
    const auto counts = commit({.lease = lease_, .records = std::move(records), .again = true});
    EXPECT_TRUE(counts) << (counts ? "" : counts.error().message);
    return counts.value_or(RecordCounts{});
  }
  std::string change_count() {
    return raw_sql(dir_.path() / "earshot.db", "SELECT count(*) FROM changes").front();
  }

  Lease lease_;
};

TEST_F(KeptItems, AreThoseWithRawOfAnotherRevision) {
  write(lease_, {kept("1", 1), item("2", 1), kept("3", 1, 2), tombstone("4", 1), kept("5", 1)});
  EXPECT_THAT(found_ids({.other_than = 2}), ElementsAre("1", "5"));
  const KeptItem first = found({.other_than = 2}).at(0);
  EXPECT_EQ(first.raw, R"({"id":1})");
  EXPECT_EQ(first.computed, R"([{"name":"url","value":"x","format":0}])");
}

TEST_F(KeptItems, ComeBatchByBatch) {
  write(lease_, {kept("1", 1), kept("2", 1), kept("3", 1)});
  const std::vector<KeptItem> first = found({.limit = 2});
  ASSERT_EQ(first.size(), 2U);
  EXPECT_THAT(found_ids({.after = first.back().id, .limit = 2}), ElementsAre("3"));
}

TEST_F(KeptItems, AreTheRejectedOnesWhereAskedFor) {
  Batch batch{.lease = lease_};
  batch.rejected = {{"ticket", "7", "no date", R"({"id":7})", "[]"}, {"ticket", "8", "no raw", ""}};
  ASSERT_TRUE(commit(std::move(batch)));
  const std::vector<KeptItem> items = found({.rejected = true});
  ASSERT_EQ(items.size(), 1U);
  EXPECT_EQ(items[0].source_id, "7");
  EXPECT_EQ(items[0].computed, "[]");
  EXPECT_TRUE(items[0].rejected);
}

TEST_F(KeptItems, AreRejectedNoLongerUnderWhateverTheyWere) {
  Batch batch{.lease = lease_};
  batch.rejected = {{"ticket", "sha256:77", "no id", R"({"id":7})"}};
  ASSERT_TRUE(commit(std::move(batch)));
  RecordWrite mapped = kept("7", 1);
  mapped.rejected_as = "sha256:77";
  EXPECT_EQ(write_again({mapped}).created, 1U);
  EXPECT_THAT(found({.rejected = true}), IsEmpty());
}

TEST_F(KeptItems, MappedAgainCountWhateverTheirVersion) {
  write(lease_, {kept("1", 5)});
  RecordWrite other = kept("1", 5, 2);
  other.record.version = 3;
  other.record.title = "mapped another way";
  EXPECT_EQ(write_again({other}).updated, 1U);
  EXPECT_EQ(records().at(0).record.title, "mapped another way");
  EXPECT_EQ(change_count(), "2");
  EXPECT_THAT(found_ids({.other_than = 2}), IsEmpty());
}

TEST_F(KeptItems, MappedToTheSameAreNotedWithoutAChange) {
  write(lease_, {kept("1", 5)});
  EXPECT_EQ(write_again({kept("1", 5, 2)}).unchanged, 1U);
  EXPECT_EQ(change_count(), "1");
  EXPECT_THAT(found_ids({.other_than = 2}), IsEmpty());
}

}  // namespace
}  // namespace earshot::core

#include <gmock/gmock.h>

#include <earshot/core/base/random.hpp>

#include "core/store/fixture.hpp"
#include "core/store/index_oracle.hpp"

namespace earshot::core {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

/// An index pass leaves what a new index of the records would hold, whatever happened before.
class SearchIndex : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    lease_ = lease(integration());
  }

  static RecordWrite text(std::string id, std::string title, std::int64_t version = 1) {
    RecordWrite write = item(std::move(id), version);
    write.record.content = title + " and so on";
    write.record.title = std::move(title);
    return write;
  }

  std::vector<std::string> sql(const std::string& text) { return raw_sql(file(), text); }
  std::filesystem::path file() const { return dir_.path() / "earshot.db"; }
  std::vector<std::string> found(const std::string& words) { return ids({.search = words}); }
  std::string kept() { return sql("SELECT count(*) FROM former_texts").front(); }

  void expect_true_index() {
    index();
    EXPECT_EQ(*reader()->index_lag(), 0U);
    EXPECT_THAT(index_differences(file()), IsEmpty());
    EXPECT_EQ(kept(), "0");
  }

  Lease lease_;
};

TEST_F(SearchIndex, TakesAFirstSyncWithoutKeepingTexts) {
  write(lease_, {text("1", "printer"), text("2", "scanner"), tombstone("3", 1)});
  EXPECT_EQ(kept(), "0");
  expect_true_index();
}

TEST_F(SearchIndex, KeepsNoCopyOfTheTexts) {
  write(lease_, {text("1", "printer")});
  index();
  EXPECT_THAT(sql("SELECT title FROM search"), ElementsAre("NULL"));
}

TEST_F(SearchIndex, KeepsNothingOfARecordThatChangesBeforeItsFirstPass) {
  write(lease_, {text("1", "printer")});
  write(lease_, {text("1", "modem", 2)});
  EXPECT_EQ(kept(), "0");
  expect_true_index();
  EXPECT_THAT(found("modem"), ElementsAre("1"));
}

TEST_F(SearchIndex, TakesOutTheTextThatItHolds) {
  write(lease_, {text("1", "printer"), text("2", "scanner")});
  index();
  write(lease_, {text("1", "modem", 2)});
  EXPECT_THAT(sql("SELECT title FROM former_texts"), ElementsAre("printer"));
  expect_true_index();
  EXPECT_THAT(found("printer"), IsEmpty());
  EXPECT_THAT(found("modem"), ElementsAre("1"));
}

TEST_F(SearchIndex, TakesOutTheFirstOfSeveralTextsSinceItsLastPass) {
  write(lease_, {text("1", "printer"), text("2", "scanner")});
  index();
  for (int version = 2; version < 5; ++version) {
    write(lease_, {text("1", "state " + std::to_string(version), version)});
    EXPECT_THAT(sql("SELECT title FROM former_texts"), ElementsAre("printer"));
  }
  expect_true_index();
  EXPECT_THAT(found("state"), ElementsAre("1"));
}

TEST_F(SearchIndex, TakesOutWhatIsDeleted) {
  write(lease_, {text("1", "printer"), text("2", "scanner")});
  index();
  write(lease_, {tombstone("1", 2)});
  expect_true_index();
  EXPECT_THAT(sql("SELECT rowid FROM search"), ElementsAre("2"));
}

TEST_F(SearchIndex, TakesBackWhatComesBack) {
  write(lease_, {text("1", "printer"), text("2", "scanner")});
  index();
  write(lease_, {tombstone("1", 2)});
  write(lease_, {text("1", "modem", 3), tombstone("2", 2)});
  expect_true_index();
  write(lease_, {text("2", "plotter", 3)});
  EXPECT_EQ(kept(), "0");
  expect_true_index();
  EXPECT_THAT(found("plotter"), ElementsAre("2"));
}

TEST_F(SearchIndex, LeavesATextAloneThatStaysTheSame) {
  write(lease_, {text("1", "printer"), text("2", "scanner")});
  index();
  const auto before = sql("SELECT hex(block) FROM search_data ORDER BY id");
  RecordWrite solved = text("1", "printer", 2);
  solved.record.status = RecordStatus::solved;
  write(lease_, {solved});
  expect_true_index();
  EXPECT_EQ(sql("SELECT hex(block) FROM search_data ORDER BY id"), before);
}

TEST_F(SearchIndex, FollowsItemsThatAreMappedAgain) {
  write(lease_, {text("1", "printer"), text("2", "scanner")});
  index();
  ASSERT_TRUE(commit({.lease = lease_, .records = {text("1", "modem")}, .again = true}));
  expect_true_index();
  EXPECT_THAT(found("modem"), ElementsAre("1"));
}

TEST_F(SearchIndex, TakesOutTextsOfEveryScript) {
  const std::string nul("paper\0jam", 9);
  write(lease_, {text("1", nul), text("2", "Crème brûlée 🎉"), text("3", "فاتورة الطابعة"),
                 text("4", "打印机卡纸"), text("5", "broken \xff\xc3 bytes"), text("6", "")});
  expect_true_index();
  for (const char* id : {"1", "2", "3", "4", "5", "6"}) write(lease_, {text(id, "plain", 2)});
  expect_true_index();
  EXPECT_EQ(found("plain").size(), 6U);
}

TEST_F(SearchIndex, TakesManyTextsInSeveralTurns) {
  std::vector<RecordWrite> many;
  for (int i = 0; i < 24; ++i) {
    many.push_back(text(std::to_string(i), "printer"));
    many.back().record.content.assign(1 << 20, ' ');
    many.back().record.content += "word" + std::to_string(i);
  }
  write(lease_, many);
  index();
  write(lease_, {text("0", "modem", 2), text("23", "modem", 2)});
  for (RecordWrite& write : many) write.record.version = 3;
  for (int i = 1; i < 24; ++i) many[static_cast<std::size_t>(i)].record.title = "plotter";
  write(lease_, many);
  write(lease_, {text("0", "router", 4)});
  EXPECT_EQ(kept(), "24");
  expect_true_index();
  EXPECT_THAT(found("router"), ElementsAre("0"));
  EXPECT_EQ(found("plotter").size(), 23U);
}

TEST_F(SearchIndex, IsTrueAfterAnyCourseOfEvents) {
  Random random(7);
  const std::vector<std::string> words = {"printer", "scanner", "modem", "plotter", "router"};
  std::int64_t version = 0;
  for (int step = 0; step < 200; ++step) {
    ++version;
    const std::string id = std::to_string(random.below(6));
    switch (random.below(8)) {
      case 0: write(lease_, {tombstone(id, version)}); break;
      case 1: expect_true_index(); break;
      default: write(lease_, {text(id, words[random.below(words.size())], version)});
    }
    ASSERT_LE(std::stoi(kept()), 6);
  }
  expect_true_index();
}

TEST_F(SearchIndex, ForgetsARemovedIntegrationInWhateverStateItIs) {
  const auto fill = [this](const Lease& lease, const std::string& mark) {
    write(lease, {text("1", mark + "1"), text("2", mark + "2"), text("3", mark + "3")});
    index();
    write(lease, {text("1", mark + "4", 2), tombstone("2", 2), text("4", mark + "5")});
  };
  fill(lease_, "acme");
  fill(lease(integration("beta")), "beta");
  ASSERT_TRUE(purge("acme"));
  EXPECT_THAT(sql("SELECT title FROM former_texts"), IsEmpty());
  index();
  EXPECT_THAT(found("acme*"), IsEmpty());
  expect_true_index();
  EXPECT_THAT(found("beta*"), UnorderedElementsAre("1", "3", "4"));
}

}  // namespace
}  // namespace earshot::core

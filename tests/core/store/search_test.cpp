#include <gmock/gmock.h>

#include "core/store/fixture.hpp"
#include "core/store/raw_sql.hpp"

namespace earshot::core {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class Search : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    lease_ = lease(integration());
  }

  static RecordWrite text(std::string id, std::string title, std::string content,
                          std::int64_t version = 1) {
    RecordWrite write = item(std::move(id), version);
    write.record.title = std::move(title);
    write.record.content = std::move(content);
    return write;
  }

  std::vector<std::string> found(const std::string& words) { return ids({.search = words}); }

  Lease lease_;
};

struct WordsCase {
  const char* name;
  const char* words;
  bool finds;
};

class SearchWords : public Search, public ::testing::WithParamInterface<WordsCase> {};

TEST_P(SearchWords, AreTakenAsTyped) {
  write(lease_, {text("1", "Café invoice AND printer", "It's 20% \"slow\" on C++ (beta) 🎉 build")});
  index();
  EXPECT_EQ(!found(GetParam().words).empty(), GetParam().finds) << GetParam().words;
  EXPECT_EQ(*reader()->count({.search = GetParam().words}), GetParam().finds ? 1U : 0U);
}

INSTANTIATE_TEST_SUITE_P(
    Store, SearchWords,
    ::testing::Values(
        WordsCase{"Word", "printer", true}, WordsCase{"OtherCase", "PRINTER", true},
        WordsCase{"NoAccent", "cafe", true}, WordsCase{"Unknown", "scanner", false},
        WordsCase{"Both", "printer slow", true}, WordsCase{"OneMissing", "printer scanner", false},
        WordsCase{"Phrase", "\"invoice and printer\"", true},
        WordsCase{"PhraseOutOfOrder", "\"printer and invoice\"", false},
        WordsCase{"OpenPhrase", "\"invoice and", true}, WordsCase{"EmptyPhrase", "\"\"", true},
        WordsCase{"Prefix", "inv*", true}, WordsCase{"PrefixUnknown", "scan*", false},
        WordsCase{"PrefixOfPhrase", "\"invoice an\"*", true}, WordsCase{"LoneStar", "*", false},
        WordsCase{"StarInside", "in*ice", false},
        WordsCase{"OperatorsAreWords", "invoice AND printer", true},
        WordsCase{"OrIsAWord", "printer OR scanner", false},
        WordsCase{"NotIsAWord", "NOT scanner", false}, WordsCase{"Near", "NEAR(printer)", false},
        WordsCase{"Column", "title:printer", false}, WordsCase{"Minus", "-printer", true},
        WordsCase{"Caret", "^printer", true}, WordsCase{"Brackets", "(beta)", true},
        WordsCase{"Plus", "c++", true}, WordsCase{"Apostrophe", "it's", true},
        WordsCase{"Percent", "20%", true}, WordsCase{"QuoteInside", "prin\"ter", false},
        WordsCase{"EmojiBesideAWord", "🎉 build", true}, WordsCase{"EmojiAlone", "🎉", false},
        WordsCase{"Punctuation", "!?", false}, WordsCase{"Backslash", "\\", false},
        WordsCase{"Braces", "{title} : x", false}, WordsCase{"Spaces", "  \t ", true}),
    [](const auto& test) { return test.param.name; });

TEST_F(Search, RefusesTooManyWords) {
  std::string many;
  for (int i = 0; i < 65; ++i) many += "word ";
  EXPECT_EQ(reader()->count({.search = many}).error().code, Code::limit);
}

TEST_F(Search, TakesWhatACStringWouldCut) {
  write(lease_, {text("1", "Printer slow", "")});
  index();
  EXPECT_THAT(found(std::string("printer\0slow", 12)), ElementsAre("1"));
}

TEST_F(Search, PutsTheBestFirst) {
  write(lease_, {text("1", "Other", "a long text in which a printer is named once among others"),
                 text("2", "printer", "printer")});
  index();
  EXPECT_THAT(found("printer"), ElementsAre("2", "1"));
}

TEST_F(Search, FollowsUpdatesAndDeletions) {
  write(lease_, {text("1", "printer", ""), text("2", "scanner", "")});
  EXPECT_EQ(index(), 2U);
  write(lease_, {text("1", "modem", "", 2), tombstone("2", 2)});
  EXPECT_EQ(*reader()->index_lag(), 2U);
  EXPECT_EQ(index(), 2U);
  EXPECT_EQ(*reader()->index_lag(), 0U);
  EXPECT_EQ(index(), 0U);
  EXPECT_THAT(found("printer"), IsEmpty());
  EXPECT_THAT(found("modem"), ElementsAre("1"));
  EXPECT_THAT(found("scanner"), IsEmpty());
  EXPECT_THAT(raw_sql(dir_.path() / "earshot.db", "SELECT count(*) FROM search"), ElementsAre("1"));
}

TEST_F(Search, NeverShowsADeletedItemFromAnIndexThatLags) {
  write(lease_, {text("1", "printer", "")});
  index();
  write(lease_, {tombstone("1", 2)});
  EXPECT_THAT(found("printer"), IsEmpty());
}

TEST_F(Search, CatchesUpOverManySlicesAndIntegrations) {
  const Lease beta = lease(integration("beta"));
  std::vector<RecordWrite> many;
  for (int i = 0; i < 700; ++i) many.push_back(text(std::to_string(i), "printer", ""));
  write(lease_, many);
  write(beta, many);
  EXPECT_EQ(index(), 1400U);
  EXPECT_EQ(*reader()->index_lag(), 0U);
  EXPECT_EQ(*reader()->count({.integration = "beta", .search = "printer"}), 700U);
}

TEST_F(Search, IndexesAChangedItemOnce) {
  for (int version = 1; version <= 3; ++version) write(lease_, {text("1", "printer", "", version)});
  EXPECT_EQ(index(), 3U);
  EXPECT_EQ(raw_sql(dir_.path() / "earshot.db", "SELECT count(*) FROM search").front(), "1");
}

class Filter : public Search {
 protected:
  void SetUp() override {
    Search::SetUp();
    RecordWrite ticket = item("ticket", 10);
    ticket.record.customer_email = "ada@example.com";
    ticket.record.severity = Severity::urgent;
    RecordWrite review = item("review", 20);
    review.record.kind = RecordKind::review;
    review.record.customer_name = "Ada Example";
    review.record.category = Category::praise;
    review.record.customer_tier = CustomerTier::enterprise;
    RecordWrite solved = item("solved", 30);
    solved.record.status = RecordStatus::solved;
    solved.record.customer_id = "ada@example.com";
    solved.record.created_at += std::chrono::hours{1};
    write(lease_, {ticket, review, solved, tombstone("gone", 40)});
    write(lease(integration("beta")), {item("beta", 1)});
  }
};

TEST_F(Filter, SelectsByEachMember) {
  const Time created = item("", 0).record.created_at;
  EXPECT_THAT(ids(), ElementsAre("ticket", "review", "solved", "beta"));
  EXPECT_THAT(ids({.integration = "beta"}), ElementsAre("beta"));
  EXPECT_THAT(ids({.integration = "none"}), IsEmpty());
  EXPECT_THAT(ids({.kind = RecordKind::review}), ElementsAre("review"));
  EXPECT_THAT(ids({.status = RecordStatus::solved}), ElementsAre("solved"));
  EXPECT_THAT(ids({.status = RecordStatus::deleted}), ElementsAre("gone"));
  EXPECT_THAT(ids({.category = Category::praise}), ElementsAre("review"));
  EXPECT_THAT(ids({.severity = Severity::urgent}), ElementsAre("ticket"));
  EXPECT_THAT(ids({.tier = CustomerTier::enterprise}), ElementsAre("review"));
  EXPECT_THAT(ids({.customer = "ada@example.com"}), ElementsAre("ticket", "solved"));
  EXPECT_THAT(ids({.customer = "Ada Example"}), ElementsAre("review"));
  EXPECT_THAT(ids({.created_from = created + std::chrono::seconds{1}}), ElementsAre("solved"));
  EXPECT_THAT(ids({.updated_from = created + std::chrono::seconds{10},
                   .updated_to = created + std::chrono::seconds{30}}),
              ElementsAre("ticket", "review"));
  EXPECT_EQ(ids({.deleted = true}).size(), 5U);
  EXPECT_THAT(ids({.limit = 2}), ElementsAre("ticket", "review"));
  EXPECT_THAT(ids({.customer = "' OR 1=1 --"}), IsEmpty());
}

TEST_F(Filter, CountsAsItSelects) {
  EXPECT_EQ(*reader()->count({}), 4U);
  EXPECT_EQ(*reader()->count({.integration = "acme"}), 3U);
  EXPECT_EQ(*reader()->count({.limit = 2}), 2U);
  EXPECT_EQ(reader()->integrations()->front().records, 3U);
}

TEST_F(Filter, StopsWhenTold) {
  int seen = 0;
  ASSERT_TRUE(reader()->records({}, [&](const StoredRecord&) { return ++seen < 2; }));
  EXPECT_EQ(seen, 2);
}

}  // namespace
}  // namespace earshot::core

/// Stored items mapped again, without the product.

#include <earshot/core/sync/renormalize.hpp>

#include "engine_fixture.hpp"

namespace earshot::core {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Renormalize : public EngineTest {
 protected:
  IntegrationSettings kept_settings(const std::string& mapping = {}) {
    IntegrationSettings out = settings();
    out.store_raw = true;
    if (!mapping.empty()) out.mapping = *JsonDocument::parse(mapping);
    return out;
  }
  void fetch(FakeProduct& product, IntegrationSettings integration) {
    engine(product);
    EXPECT_EQ(start(std::move(integration)).get().outcome, RunOutcome::completed);
    engine_.reset();
  }
  Renormalized again(const std::string& mapping, std::uint64_t batches = 100) {
    auto reader = open_sqlite_reader(dir_.path());
    EXPECT_TRUE(reader.has_value());
    return renormalize(*store_, **reader, kept_settings(mapping), plugin_->manifest, clock_,
                       [&batches] { return batches-- == 0; });
  }
  /// A field of the records, by the query's order.
  std::vector<std::string> titles() {
    std::vector<std::string> out;
    auto reader = open_sqlite_reader(dir_.path());
    EXPECT_TRUE((*reader)->records({}, [&](const StoredRecord& stored) {
      out.push_back(stored.record.title);
      return true;
    }));
    return out;
  }
  std::vector<std::string> changed_since(const std::string& token, std::string* next = nullptr) {
    std::vector<std::string> out;
    auto reader = open_sqlite_reader(dir_.path());
    const auto changes = (*reader)->changes(token, {}, [&](const StoredRecord& stored) {
      out.push_back(stored.record.source_id);
      return true;
    });
    EXPECT_TRUE(changes.has_value());
    if (changes && next != nullptr) *next = changes->next;
    return out;
  }
};

constexpr const char* kTitled = R"({"item":{"title":{"template":"Item {/id}"}}})";

TEST_F(Renormalize, MapsWhatIsStoredByTheNewMapping) {
  FakeProduct product(pages(2));
  fetch(product, kept_settings());
  std::string token;
  changed_since("", &token);
  const Renormalized done = again(kTitled);
  EXPECT_EQ(done.error.message, "");
  EXPECT_EQ(done.updated, 4U);
  EXPECT_THAT(titles(), ElementsAre("Item 1", "Item 2", "Item 3", "Item 4"));
  EXPECT_THAT(changed_since(token), ElementsAre("1", "2", "3", "4")) << "each once";
  const Renormalized twice = again(kTitled);
  EXPECT_EQ(twice.updated + twice.unchanged, 0U) << "nothing was made by another revision";
  EXPECT_THAT(cursors(), ElementsAre("/=c2")) << "the live cursor stays";
}

TEST_F(Renormalize, GoesOnWhereItWasStopped) {
  FakeProduct product(pages(400));
  fetch(product, kept_settings());
  const Renormalized first = again(kTitled, 1);
  EXPECT_EQ(first.outcome, RunOutcome::cancelled);
  EXPECT_EQ(first.updated, 500U);
  const Renormalized rest = again(kTitled);
  EXPECT_EQ(rest.outcome, RunOutcome::completed);
  EXPECT_EQ(rest.updated, 300U);
}

TEST_F(Renormalize, TriesRejectedItemsAgain) {
  FakeProduct product([](const HttpRequest&) {
    return json_answer(R"({"items":[{"id":1,"made":"2026-03-02T10:00:00Z"},)" + item(2) +
                       R"(],"next":"c1","more":false})");
  });
  fetch(product, kept_settings());
  EXPECT_EQ(rejected().size(), 1U);
  const Renormalized done = again(R"({"item":{"created_at":{"first":["/created_at","/made"]}}})");
  EXPECT_EQ(done.recovered, 1U);
  EXPECT_EQ(done.unchanged, 1U);
  EXPECT_TRUE(rejected().empty());
  EXPECT_THAT(ids(), testing::UnorderedElementsAre("1", "2"));
}

TEST_F(Renormalize, KeepsTheRecordOfAnItemThatMapsNoLonger) {
  FakeProduct product(pages(1));
  fetch(product, kept_settings());
  const Renormalized done = again(R"({"item":{"created_at":"/nowhere"}})");
  EXPECT_EQ(done.rejected, 2U);
  EXPECT_EQ(rejected().size(), 2U);
  EXPECT_THAT(ids(), ElementsAre("1", "2"));
  EXPECT_EQ(again("").unchanged, 2U);
  EXPECT_TRUE(rejected().empty());
}

TEST_F(Renormalize, RefusesWhereNothingIsKept) {
  FakeProduct product(pages(1));
  fetch(product, settings());
  auto reader = open_sqlite_reader(dir_.path());
  ASSERT_TRUE(reader.has_value());
  const Renormalized done =
      renormalize(*store_, **reader, settings(), plugin_->manifest, clock_, [] { return false; });
  EXPECT_EQ(done.error.code, Code::config);
  EXPECT_THAT(done.error.message, HasSubstr("store_raw: true"));
}

TEST_F(Renormalize, SaysWhereNothingIsStored) {
  ASSERT_TRUE(wait_for<IntegrationId>(
      [&](auto done) { store_->ensure_integration("other", "paged", std::move(done)); }));
  EXPECT_EQ(again("").error.code, Code::not_found);
}

}  // namespace
}  // namespace earshot::core

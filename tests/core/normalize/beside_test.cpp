#include <gmock/gmock.h>

#include "mapped.hpp"

namespace earshot::core {
namespace {

constexpr const char* kSpec = R"({
  "source_id": "/id", "created_at": "/created_at",
  "customer_id": "/user",
  "customer_email": {"lookup": "$page/users", "key": "/id", "equals": "/user", "take": "/email"},
  "customer_tier": {"first": ["/plan", "$page/plan"], "map": {"big": "enterprise"}},
  "url": {"template": "https://example.com/{$page/team}/{/id}"},
  "metadata": {"team": "$page/team", "tags": "/tags", "roles": "$page/roles"}
})";

/// What is mapped from an item, and what from it again without its page.
class Beside : public testing::Test {
 protected:
  Record first(const Mapping& mapping) {
    Mapping::Session session(mapping);
    const MappingInput input{.item = item_->root(), .refs = {{"page", page_->root()}}};
    kept_ = session.beside(input);
    return session.apply(input).record.value_or(Record{});
  }
  Record again(const Mapping& mapping) {
    Mapping::Session session(mapping);
    return session.apply({.item = item_->root(), .computed = kept_, .again = true})
        .record.value_or(Record{});
  }
  static void expect_same(const Record& a, const Record& b) {
    EXPECT_EQ(a.customer_email, b.customer_email);
    EXPECT_EQ(a.customer_tier, b.customer_tier);
    EXPECT_EQ(a.url, b.url);
    EXPECT_EQ(a.metadata, b.metadata);
  }

  std::unique_ptr<JsonDocument> item_ =
      parsed(R"({"id":1,"created_at":"2026-03-01T00:00:00Z","user":7,"tags":["a"]})");
  std::unique_ptr<JsonDocument> page_ = parsed(
      R"({"users":[{"id":7,"email":"ada@example.com"}],"plan":"big","team":"blue","roles":["x"]})");
  std::vector<ComputedField> kept_;
};

TEST_F(Beside, IsKeptSoThatAnItemMapsAgainWithoutItsPage) {
  const auto mapping = compiled(kSpec);
  const Record made = first(*mapping);
  EXPECT_EQ(made.customer_email, "ada@example.com");
  EXPECT_EQ(made.customer_tier, CustomerTier::enterprise);
  EXPECT_EQ(made.url, "https://example.com/blue/1");
  expect_same(again(*mapping), made);
  EXPECT_EQ(kept_.size(), 5U) << "and nothing that is in the item";
}

TEST_F(Beside, GivesWayToAnOverrideThatReadsTheItem) {
  first(*compiled(kSpec));
  const Record made = again(*compiled(kSpec, R"({"customer_email": "/user"})"));
  EXPECT_EQ(made.customer_email, "7");
  EXPECT_EQ(made.customer_tier, CustomerTier::enterprise);
}

TEST_F(Beside, StaysWhereTheOverrideReadsThePage) {
  const auto mapping = compiled(kSpec, R"({"title": "$page/team"})");
  const Record made = first(*mapping);
  EXPECT_EQ(made.title, "blue");
  EXPECT_EQ(again(*mapping).title, "blue");
}

}  // namespace
}  // namespace earshot::core

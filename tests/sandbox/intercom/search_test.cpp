#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "sandbox/checksum.hpp"
#include "sandbox/intercom/intercom_fixture.hpp"

namespace earshot::sandbox {
namespace {

std::vector<std::string> sorted(std::vector<std::string> ids) {
  std::sort(ids.begin(), ids.end());
  return ids;
}

std::vector<std::string> without(std::vector<std::string> ids,
                                 const std::vector<std::string>& gone) {
  for (const std::string& id : gone) ids.erase(std::find(ids.begin(), ids.end(), id));
  return ids;
}

TEST(IntercomSearch, FindsEveryConversationOnceInEitherOrder) {
  IntercomWorkspace workspace({.items = 700});
  const auto truth = document_of(workspace.product().truth());
  const auto expected =
      without(texts_in(truth->root().member("ids")), texts_in(truth->root().member("deleted")));
  const auto ascending = workspace.search_ids(1, 40);
  EXPECT_EQ(sorted(ascending), expected);
  auto descending = workspace.search_ids(1, 40, "descending");
  std::reverse(descending.begin(), descending.end());
  EXPECT_EQ(descending, ascending);
}

TEST(IntercomSearch, PagesSayHowManyThereAre) {
  IntercomWorkspace workspace({.items = 200});
  const auto page = document_of(workspace.search(search_since(1, 60)).body);
  const auto total = page->root().member("total_count").integer().value();
  EXPECT_EQ(page->root().member("type").text(), "conversation.list");
  EXPECT_EQ(page->root().at("/pages/page").integer(), 1);
  EXPECT_EQ(page->root().at("/pages/per_page").integer(), 60);
  EXPECT_EQ(page->root().at("/pages/total_pages").integer(), (total + 59) / 60);
  EXPECT_EQ(page->root().at("/pages/next/page").integer(), 2);
  EXPECT_EQ(page->root().member("conversations").size(), 60U);
  EXPECT_FALSE(page->root().at("/conversations/0/conversation_parts").exists());
}

TEST(IntercomSearch, LastPageHasNoNext) {
  IntercomWorkspace workspace({.items = 20});
  const auto page = document_of(workspace.search(search_since(1)).body);
  EXPECT_FALSE(page->root().at("/pages/next").exists());
}

TEST(IntercomSearch, BoundsAreExclusive) {
  IntercomWorkspace workspace({.items = 50});
  const auto page = document_of(workspace.search(search_since(1, 1)).body);
  const auto first = page->root().at("/conversations/0/updated_at").integer().value();
  const auto found = [&](std::int64_t from, std::int64_t to) {
    const auto answer = document_of(
        workspace
            .search(fmt::format(
                R"({{"query":{{"operator":"AND","value":[{{"field":"updated_at","operator":">","value":{}}},{{"field":"updated_at","operator":"<","value":"{}"}}]}}}})",
                from, to))
            .body);
    return answer->root().member("total_count").integer().value();
  };
  EXPECT_EQ(found(first, first + 1), 0);
  EXPECT_EQ(found(first - 1, first), 0);
  EXPECT_GE(found(first - 1, first + 1), 1);
  EXPECT_EQ(found(first * 1000, first * 1001), 0) << "milliseconds match nothing";
}

TEST(IntercomSearch, FiltersByIdAndState) {
  IntercomWorkspace workspace({.items = 60});
  const auto ids = workspace.search_ids(1);
  const auto query = [&](const std::string& filter) {
    return document_of(workspace.search(R"({"query":)" + filter + "}").body);
  };
  const auto two =
      query(fmt::format(R"({{"field":"id","operator":"IN","value":["{}","{}"]}})", ids[0], ids[1]));
  EXPECT_EQ(two->root().member("total_count").integer(), 2);
  const auto others = query(
      R"({"operator":"AND","value":[{"field":"state","operator":"!=","value":"open"},{"field":"open","operator":"=","value":true}]})");
  for (const core::JsonValue one : others->root().member("conversations")) {
    EXPECT_TRUE(one.member("open").truthy());
    EXPECT_NE(one.member("state").text(), "open");
  }
}

TEST(IntercomSearch, CursorKeepsItsPlaceWhileThingsMove) {
  IntercomWorkspace workspace({.items = 300});
  const auto first = document_of(workspace.search(search_since(1, 100)).body);
  std::set<std::string> seen;
  for (const core::JsonValue one : first->root().member("conversations")) {
    seen.emplace(one.member("id").text());
  }
  workspace.product().change({.update = 60});
  std::string after(first->root().at("/pages/next/starting_after").text());
  while (!after.empty()) {
    const auto page = document_of(workspace.search(search_since(1, 100, after)).body);
    for (const core::JsonValue one : page->root().member("conversations")) {
      seen.emplace(one.member("id").text());
    }
    after = page->root().at("/pages/next/starting_after").text();
  }
  const auto truth = document_of(workspace.product().truth());
  EXPECT_EQ(seen.size() + truth->root().member("deleted").size(), 300U);
}

TEST(IntercomSearch, CursorIsWrittenAsIntercomWritesIt) {
  EXPECT_EQ(encode_search_cursor({{1726752145, 5}, 2}), "WzE3MjY3NTIxNDUwMDAsNSwyXQ==");
  const auto cursor = decode_search_cursor("WzE3MjY3NTIxNDUwMDAsNSwyXQ==");
  ASSERT_TRUE(cursor);
  EXPECT_EQ(cursor->behind, ItemPosition(1726752145, 5));
}

TEST(IntercomLists, ListIsNewestFirst) {
  IntercomWorkspace workspace({.items = 80});
  const auto page = document_of(workspace.get("/conversations?per_page=60").body);
  EXPECT_EQ(page->root().member("conversations").size(), 60U);
  auto newest = page->root().at("/conversations/0/updated_at").integer().value();
  for (const core::JsonValue one : page->root().member("conversations")) {
    EXPECT_LE(one.member("updated_at").integer().value(), newest);
    newest = one.member("updated_at").integer().value();
  }
}

TEST(IntercomLists, DeletionsAreNewestFirstAndPagedByNumber) {
  IntercomWorkspace workspace({.items = 250});
  const Changed changed = workspace.product().change({.remove = 70});
  const auto first = document_of(workspace.get("/conversations/deleted?per_page=60").body);
  const auto second = document_of(workspace.get("/conversations/deleted?per_page=60&page=2").body);
  EXPECT_EQ(first->root().at("/pages/next").text(),
            "https://api.intercom.io/conversations/deleted?per_page=60&order=desc&page=2");
  EXPECT_TRUE(second->root().at("/pages/next").is_null());
  std::vector<std::string> ids;
  for (const auto* page : {&first, &second}) {
    for (const core::JsonValue one : (*page)->root().member("conversations")) {
      ids.emplace_back(one.member("id").text());
    }
  }
  const auto truth = document_of(workspace.product().truth());
  EXPECT_EQ(sorted(ids), texts_in(truth->root().member("deleted")));
  EXPECT_GE(first->root().at("/conversations/0/deleted_at").integer(),
            first->root().at("/conversations/59/deleted_at").integer());
  EXPECT_EQ(workspace.get("/conversations/" + changed.removed.front()).status, 404);
}

TEST(IntercomSandbox, SameSeedSameBytes) {
  IntercomWorkspace one({.items = 250, .seed = 7});
  IntercomWorkspace two({.items = 250, .seed = 7});
  IntercomWorkspace other({.items = 250, .seed = 8});
  const std::string page = one.search(search_since(1)).body;
  EXPECT_EQ(page, two.search(search_since(1)).body);
  EXPECT_NE(page, other.search(search_since(1)).body);
  const Change change{.update = 9, .remove = 3, .add = 2};
  EXPECT_EQ(one.product().change(change).updated, two.product().change(change).updated);
  EXPECT_EQ(one.product().truth(), two.product().truth());
}

TEST(IntercomSandbox, ChangesAreSeenAndCounted) {
  IntercomWorkspace workspace({.items = 100});
  const auto before = document_of(workspace.product().truth());
  const Changed changed = workspace.product().change({.update = 5, .remove = 4, .add = 6});
  const auto after = document_of(workspace.product().truth());
  EXPECT_EQ(after->root().member("count").integer(), 106);
  EXPECT_EQ(after->root().member("deleted").size(), before->root().member("deleted").size() + 4);
  EXPECT_NE(after->root().member("checksum").text(), before->root().member("checksum").text());
  const auto newest =
      workspace.search_ids(instant("2026-03-02T04:15:20Z").time_since_epoch().count() / 1'000'000);
  for (const std::string& id : changed.added) {
    EXPECT_NE(std::find(newest.begin(), newest.end(), id), newest.end()) << id;
  }
}

}  // namespace
}  // namespace earshot::sandbox

#include <set>
#include <string>

#include <gtest/gtest.h>

#include "sandbox/zendesk/zendesk_fixture.hpp"

namespace earshot::sandbox {
namespace {

/// The path of the comments of a ticket with that trait.
std::string comments_of(ZendeskAccount& account, std::string_view trait) {
  const auto truth = parsed(account.product().truth());
  const core::JsonValue ids = truth->root().member("traits").member(trait);
  return "/api/v2/tickets/" + std::string(ids.at("/0").text()) + "/comments";
}

TEST(ZendeskComments, BeginWithTheDescription) {
  ZendeskAccount account;
  const std::string path = comments_of(account, "html");
  const auto comments = parsed(account.get(path + "?include=users").body);
  const std::string ticket = path.substr(0, path.rfind('/'));
  EXPECT_EQ(comments->root().at("/comments/0/body").text(),
            parsed(account.get(ticket).body)->root().at("/ticket/description").text());
  EXPECT_GE(comments->root().member("users").size(), 1U);
}

TEST(ZendeskComments, LongThreadIsPagedByCursor) {
  ZendeskAccount account;
  const std::string path = comments_of(account, "long_thread") + ".json?page[size]=100";
  std::set<std::string> ids;
  std::string target = path;
  for (int pages = 1;; ++pages) {
    const auto page = parsed(account.get(target).body);
    for (const core::JsonValue comment : page->root().member("comments")) {
      EXPECT_TRUE(ids.emplace(comment.member("id").text()).second);
    }
    if (!page->root().at("/meta/has_more").truthy()) {
      EXPECT_EQ(pages, 3);
      EXPECT_TRUE(page->root().at("/links/next").is_null());
      break;
    }
    target =
        path + "&page[after]=" + sdk::percent_encode(page->root().at("/meta/after_cursor").text());
  }
  EXPECT_EQ(ids.size(), 240U);
}

TEST(ZendeskComments, LongThreadIsPagedByNumber) {
  ZendeskAccount account;
  const std::string path = comments_of(account, "long_thread");
  const auto last = parsed(account.get(path + "?page=3&per_page=100").body);
  EXPECT_EQ(last->root().member("comments").size(), 40U);
  EXPECT_EQ(last->root().member("count").integer(), 240);
  EXPECT_TRUE(last->root().member("next_page").is_null());
  EXPECT_TRUE(last->root().member("previous_page").is_string());
  const core::HttpReply deep = account.get(path + "?page=101&per_page=100");
  EXPECT_EQ(deep.status, 400);
  EXPECT_EQ(parsed(deep.body)->root().at("/errors/0/code").text(), "InvalidPaginationDepth");
}

TEST(ZendeskComments, GrowWithEachUpdate) {
  ZendeskAccount account({.items = 1});
  const std::string path =
      "/api/v2/tickets/" +
      account.product().change({.update = 1, .remove = 0, .add = 0}).updated[0] + "/comments";
  const auto before = parsed(account.get(path).body)->root().member("count").integer();
  account.product().change({.update = 1, .remove = 0, .add = 0});
  const auto after = parsed(account.get(path).body)->root().member("count").integer();
  EXPECT_EQ(*after, *before + 1);
}

}  // namespace
}  // namespace earshot::sandbox

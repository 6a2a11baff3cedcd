#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "sandbox/checksum.hpp"
#include "sandbox/zendesk/zendesk_fixture.hpp"

namespace earshot::sandbox {
namespace {

constexpr std::string_view kFromTheStart =
    "/api/v2/incremental/tickets/cursor.json?start_time=946684800";

std::vector<std::string> texts(core::JsonValue array) {
  std::vector<std::string> out;
  for (const core::JsonValue element : array) out.emplace_back(element.text());
  return out;
}

std::vector<std::string> sorted(std::vector<std::string> ids) {
  std::sort(ids.begin(), ids.end());
  return ids;
}

TEST(ZendeskExport, HasEveryTicketOnce) {
  ZendeskAccount account({.items = 1234, .limits = false, .page_cap = 100});
  std::vector<std::size_t> sizes;
  const auto ids = account.export_ids(std::string(kFromTheStart), &sizes);
  const auto truth = parsed(account.product().truth());
  EXPECT_EQ(sorted(ids), texts(truth->root().member("ids")));
  EXPECT_EQ(truth->root().member("count").integer(), 1234);
  EXPECT_EQ(sizes.size(), 13U);
  EXPECT_EQ(sizes.front(), 100U);
}

TEST(ZendeskExport, PagesHoldAThousandUnlessAskedForLess) {
  ZendeskAccount account({.items = 1100, .limits = false});
  std::vector<std::size_t> sizes;
  account.export_ids(std::string(kFromTheStart), &sizes);
  EXPECT_EQ(sizes, (std::vector<std::size_t>{1000, 100}));
  const auto page = parsed(account.get(std::string(kFromTheStart) + "&per_page=7").body);
  EXPECT_EQ(page->root().member("tickets").size(), 7U);
  EXPECT_TRUE(std::string(page->root().member("after_url").text()).ends_with("%3D&per_page=7"));
  EXPECT_TRUE(page->root().member("before_url").is_null());
  EXPECT_TRUE(page->root().member("before_cursor").is_null());
}

TEST(ZendeskExport, IsInOrderOfTimeThenId) {
  ZendeskAccount account({.items = 300});
  const auto page = parsed(account.get(std::string(kFromTheStart)).body);
  ItemPosition last{0, 0};
  for (const core::JsonValue ticket : page->root().member("tickets")) {
    const ItemPosition here{*ticket.member("generated_timestamp").integer(),
                            *ticket.member("id").integer()};
    EXPECT_LT(last, here);
    last = here;
  }
}

TEST(ZendeskExport, EndRepeatsItsCursorUntilSomethingChanges) {
  ZendeskAccount account({.items = 40, .limits = false});
  std::string cursor;
  account.export_ids(std::string(kFromTheStart), nullptr, &cursor);
  const std::string next = std::string(kExportPath) + "?cursor=" + sdk::percent_encode(cursor);
  const auto nothing = parsed(account.get(next).body);
  EXPECT_EQ(nothing->root().member("tickets").size(), 0U);
  EXPECT_TRUE(nothing->root().member("end_of_stream").truthy());
  EXPECT_EQ(nothing->root().member("after_cursor").text(), cursor);

  const Changed changed = account.product().change({.update = 5, .remove = 2, .add = 3});
  std::set<std::string> expected;
  for (const auto* ids : {&changed.updated, &changed.removed, &changed.added}) {
    expected.insert(ids->begin(), ids->end());
  }
  const auto ids = account.export_ids(next);
  EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()), expected);
  EXPECT_EQ(ids.size(), expected.size());
}

TEST(ZendeskExport, HoldsBackTheMostRecentMinute) {
  ZendeskAccount account({.items = 10, .limits = false});
  std::string cursor;
  account.export_ids(std::string(kFromTheStart), nullptr, &cursor);
  account.product().change({.update = 0, .remove = 0, .add = 100});  // in 20 seconds
  const std::string next = std::string(kExportPath) + "?cursor=" + sdk::percent_encode(cursor);
  // Changes begin six hours before the account's start: 70 seconds later, ten of them are settled.
  account.clock().step_calendar(std::chrono::seconds(70) - std::chrono::hours(6));
  EXPECT_EQ(account.export_ids(next).size(), 50U);
  account.clock().advance(std::chrono::seconds(10));
  EXPECT_EQ(account.export_ids(next).size(), 100U);
}

TEST(ZendeskExport, SideLoadsEachUserOfThePageOnce) {
  ZendeskAccount account({.items = 400});
  const auto page = parsed(account.get(std::string(kFromTheStart) + "&include=users").body);
  std::set<std::string> users;
  for (const core::JsonValue user : page->root().member("users")) {
    EXPECT_TRUE(users.emplace(user.member("id").text()).second);
    EXPECT_TRUE(user.member("active").truthy());
  }
  std::size_t missing = 0;
  for (const core::JsonValue ticket : page->root().member("tickets")) {
    if (!users.contains(std::string(ticket.member("requester_id").text()))) ++missing;
    const core::JsonValue assignee = ticket.member("assignee_id");
    EXPECT_TRUE(assignee.is_null() || users.contains(std::string(assignee.text())));
  }
  const auto truth = parsed(account.product().truth());
  EXPECT_EQ(missing, truth->root().at("/traits/deleted_requester").size());
  EXPECT_GT(missing, 0U);
}

TEST(ZendeskExport, LeavesOutWhatItIsToldTo) {
  ZendeskAccount account({.items = 300});
  const auto truth = parsed(account.product().truth());
  const auto live = account.export_ids(std::string(kFromTheStart) + "&exclude_deleted=true");
  EXPECT_EQ(live.size() + truth->root().member("deleted").size(), 300U);
  EXPECT_TRUE(
      account.export_ids(std::string(kFromTheStart) + "&support_type_scope=ai_agent").empty());
}

TEST(ZendeskExport, PageOfAHundredWeighsWhatRealOnesDo) {
  ZendeskAccount account({.items = 4'000, .limits = false});
  std::size_t bytes = 0;
  std::string target = std::string(kFromTheStart) + "&per_page=1000";
  for (int page = 0; page < 4; ++page) {
    const core::HttpReply reply = account.get(target);
    bytes += reply.body.size();
    const auto document = parsed(reply.body);
    target = std::string(kExportPath) +
             "?cursor=" + sdk::percent_encode(document->root().member("after_cursor").text());
  }
  EXPECT_NEAR(static_cast<double>(bytes) / 40, 294'000, 10'000);
}

TEST(ZendeskExport, SameSeedSameBytes) {
  ZendeskAccount one({.items = 250, .seed = 7});
  ZendeskAccount two({.items = 250, .seed = 7});
  ZendeskAccount other({.items = 250, .seed = 8});
  const std::string target = std::string(kFromTheStart) + "&include=users";
  const std::string page = one.get(target).body;
  EXPECT_EQ(page, two.get(target).body);
  EXPECT_NE(page, other.get(target).body);
  const Change change{.update = 9, .remove = 3, .add = 2};
  EXPECT_EQ(one.product().change(change).updated, two.product().change(change).updated);
  EXPECT_EQ(one.product().truth(), two.product().truth());
}

TEST(ZendeskTruth, ChecksumIsThatOfTheTickets) {
  ZendeskAccount account({.items = 220});
  const auto page = parsed(account.get(std::string(kFromTheStart)).body);
  std::map<std::string, core::JsonValue> tickets;
  for (const core::JsonValue ticket : page->root().member("tickets")) {
    tickets.emplace(ticket.member("id").text(), ticket);
  }
  Checksum sum;
  for (const auto& [id, ticket] : tickets) {
    const std::string_view word = ticket.member("status").text();
    const bool deleted = word == "deleted";
    const std::string_view status = word == "hold"                               ? "pending"
                                    : word == "new" || word == "awaiting_vendor" ? "open"
                                                                                 : word;
    sum.add(id, status, core::rfc3339(time_of(ticket.member("updated_at").text())),
            deleted ? "" : ticket.member("subject").text(),
            deleted ? "" : ticket.member("description").text());
  }
  const auto truth = parsed(account.product().truth());
  EXPECT_EQ(sum.finish(), truth->root().member("checksum").text());
}

TEST(ZendeskTruth, FollowsChanges) {
  ZendeskAccount account({.items = 100});
  const auto before = parsed(account.product().truth());
  const Changed changed = account.product().change({.update = 1, .remove = 4, .add = 6});
  const auto after = parsed(account.product().truth());
  EXPECT_EQ(after->root().member("count").integer(), 106);
  EXPECT_EQ(after->root().member("deleted").size(), before->root().member("deleted").size() + 4);
  EXPECT_NE(after->root().member("checksum").text(), before->root().member("checksum").text());
  const core::HttpReply gone = account.get("/api/v2/tickets/" + changed.removed.front());
  EXPECT_EQ(gone.status, 404);
}

}  // namespace
}  // namespace earshot::sandbox

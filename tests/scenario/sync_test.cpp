#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <earshot/core/base/text.hpp>

#include "preload.hpp"
#include "sandbox/intercom/message.hpp"
#include "scenario.hpp"

namespace earshot::scenario {
namespace {

using testing::HasSubstr;
using testing::Not;

class Sync : public EveryProduct {
 protected:
  std::int64_t items() { return number(*truth(), "count"); }

  /// The requests for pages of items, with all that tells one from another.
  std::set<std::string> pages() {
    std::set<std::string> pages;
    const auto document = control().get("/_sandbox/requests");
    for (const core::JsonValue entry : document->root().member("log")) {
      const std::string_view target = entry.member("target").text();
      const std::string_view path = target.substr(0, target.find('?'));
      if (!core::glob_match(product().item_pages, path)) continue;
      if (core::glob_match(product().asked_again, path)) continue;
      pages.insert(fmt::format("{} {}", target, entry.member("body").text()));
    }
    return pages;
  }
};

TEST_P(Sync, FirstFetchesEverything) {
  serve(400);
  write_config();
  const auto first = sync();
  EXPECT_EQ(text(*first, "outcome"), "completed");
  EXPECT_EQ(number(*first, "fetched"), items());
  EXPECT_EQ(number(*first, "rejected"), 0);
  EXPECT_EQ(number(*first, "throttled"), 0);
  expect_oracle();
}

TEST_P(Sync, SecondFetchesOnlyTheChange) {
  serve(250);
  write_config({.page_size = 50});
  sync();
  change(5, 2, 3);
  forget_requests();
  const auto second = sync();
  EXPECT_EQ(number(*second, "created"), 3);
  EXPECT_EQ(number(*second, "updated"), 5);
  EXPECT_EQ(number(*second, "deleted"), product().sees_deletions ? 2 : 0);
  EXPECT_EQ(number(*second, "unchanged"), 0);
  expect_oracle();
}

TEST_P(Sync, SecondAsksForNoPageOfTheFirst) {
  serve(250);
  write_config({.page_size = 20});
  ASSERT_EQ(run({"test", "acme"}).exit_code, 0) << "which may ask for a page of its own";
  forget_requests();
  sync();
  const std::set<std::string> first = pages();
  EXPECT_GE(first.size(), 13U);
  change(5, 2, 3);
  forget_requests();
  sync();
  const std::set<std::string> second = pages();
  EXPECT_FALSE(second.empty());
  EXPECT_LT(second.size(), first.size() / 2);
  for (const std::string& page : second) EXPECT_FALSE(first.contains(page)) << page;
}

/// By two hours, forth and back, whenever the program looks at it.
TEST_P(Sync, LosesNothingByAClockThatSteps) {
  serve(120);
  write_config({.page_size = 50});
  const Words stepping = with_stepping_clock(std::chrono::hours(1), command({"sync", "acme"}));
  EXPECT_EQ(Child(folder(), stepping).wait().exit_code, 0);
  change(5, 2, 3);
  EXPECT_EQ(Child(folder(), stepping).wait().exit_code, 0);
  EXPECT_EQ(text(*sync(), "outcome"), "completed");
  expect_oracle();
}

TEST_P(Sync, ThirdFetchesNothing) {
  serve(120);
  write_config({.page_size = 50});
  sync();
  change(2, 1, 1);
  sync();
  forget_requests();
  const auto third = sync();
  EXPECT_EQ(number(*third, "fetched"), 0);
  EXPECT_EQ(number(*third, "requests"), static_cast<std::int64_t>(product().idle_requests));
  EXPECT_EQ(targets().size(), product().idle_requests);
  expect_oracle();
}

INSTANTIATE_TEST_SUITE_P(Products, Sync, testing::ValuesIn(products()), product_name);

class ZendeskSync : public Scenario {
 protected:
  /// The live cursor as the address of a request writes it.
  std::string cursor() {
    const Finished state = run({"state", "get", "acme"});
    EXPECT_EQ(state.exit_code, 0) << state.err;
    return state.out.substr(0, state.out.find_last_not_of("=\n") + 1);
  }
};

TEST_F(ZendeskSync, ThatFindsNothingSaysWhereItLooked) {
  serve(20);
  write_config();
  sync();
  forget_requests();
  const Finished incremental = run({"sync", "acme", "--json"});
  EXPECT_EQ(incremental.exit_code, 0);
  EXPECT_THAT(incremental.err, HasSubstr("acme: no items since the last sync; filters: {"));
  EXPECT_EQ(targets().size(), 1U) << "nothing is asked beside";
  const Finished window =
      run({"sync", "acme", "--json", "--from", "2001-01-01", "--to", "2001-01-02"});
  EXPECT_THAT(window.err, HasSubstr("acme: no items from 2001-01-01T00:00:00Z"));
  EXPECT_THAT(window.err, HasSubstr("the credentials open account"));
  const Finished told = run({"sync", "acme"});
  EXPECT_THAT(told.out, HasSubstr("acme: no items since the last sync; filters: {"));
  EXPECT_THAT(told.out, HasSubstr("the credentials open account"));
}

TEST_F(ZendeskSync, SecondBeginsAtTheCursorOfTheFirst) {
  serve(250);
  write_config({.page_size = 100});
  sync();
  const std::string reached = cursor();
  change(5, 2, 3);
  forget_requests();
  sync();
  const std::vector<std::string> asked = targets();
  ASSERT_FALSE(asked.empty());
  EXPECT_THAT(asked.front(), HasSubstr("cursor=" + reached));
  for (const std::string& target : asked) EXPECT_THAT(target, Not(HasSubstr("start_time")));
}

/// The same with comments as content.
class ZendeskComments : public Scenario {
 protected:
  void SetUp() override {
    serve(200);
    const auto way = core::JsonDocument::parse(access("OAuth access token").credentials);
    ASSERT_TRUE(way);
    token_ = way.value()->root().member("access_token").text();
    write_config({.config = R"({"subdomain": "acme", "comments": true})",
                  .credentials = access("OAuth access token").credentials});
  }

  /// What the public comments of a ticket come to, read as the product shows them.
  std::string thread_of(const std::string& id) {
    const std::string path = "/api/v2/tickets/" + id;
    const auto shown = ask(path);
    const std::string requester(shown->root().at("/ticket/requester_id").text());
    std::string out;
    for (int page = 1;; ++page) {
      const auto comments =
          ask(fmt::format("{}/comments?include=users&per_page=100&page={}", path, page));
      for (const core::JsonValue comment : comments->root().member("comments")) {
        if (!comment.member("public").truthy()) continue;
        const std::string author(comment.member("author_id").text());
        std::string name = author == requester ? "Customer" : "Support";
        for (const core::JsonValue user : comments->root().member("users")) {
          if (user.member("id").text() == author) name = user.member("name").text();
        }
        const std::string body(comment.member("body").text());
        if (!out.empty()) out += "\n\n";
        out += name + ":\n" + sandbox::typed_message(body).shown;
      }
      if (comments->root().member("next_page").is_null()) return out;
    }
  }
  std::string content_of(const std::string& id, const std::string& stored) {
    for (const std::string_view line : core::split(stored, '\n')) {
      const auto record = core::JsonDocument::parse(std::string(line));
      if (record && record.value()->root().member("source_id").text() == id) {
        return std::string(record.value()->root().member("content").text());
      }
    }
    ADD_FAILURE() << "no record " << id;
    return {};
  }

 private:
  std::unique_ptr<core::JsonDocument> ask(const std::string& target) {
    return control().get(target, {{"Authorization", "Bearer " + token_}});
  }
  std::string token_;
};

TEST_F(ZendeskComments, AreTheContentInTimeOrderWithTheirSpeakers) {
  sync();
  const auto oracle = truth();
  const std::string stored = exported();
  for (const char* trait : {"long_thread", "html", "emoji", "escapes", "deleted_requester"}) {
    const std::string id(oracle->root().at("/traits/" + std::string(trait) + "/0").text());
    EXPECT_EQ(content_of(id, stored), thread_of(id)) << trait;
  }
}

TEST_F(ZendeskComments, AreAskedForAgainWhereATicketChanged) {
  sync();
  const auto changed = control().post("/_sandbox/change", R"({"update":4,"delete":1,"add":2})");
  forget_requests();
  const auto second = sync();
  EXPECT_EQ(number(*second, "fetched"), 7);
  std::size_t asked = 0;
  for (const std::string& target : targets())
    asked += target.find("/comments") != std::string::npos;
  EXPECT_EQ(asked, 6U);
  const std::string id(changed->root().at("/updated/0").text());
  EXPECT_EQ(content_of(id, exported()), thread_of(id));
}

class IntercomSync : public Scenario {
 protected:
  IntercomSync() : Scenario(intercom()) {}

  std::vector<std::string> conversations_asked_for() {
    std::vector<std::string> ids;
    for (const std::string& target : targets()) {
      constexpr std::string_view kPrefix = "/conversations/";
      if (!target.starts_with(kPrefix)) continue;
      const std::string id = target.substr(kPrefix.size());
      if (core::parse_integer(id)) ids.push_back(id);
    }
    return ids;
  }
};

TEST_F(IntercomSync, SecondAsksForTheDetailsOfWhatChangedAlone) {
  serve(250);
  write_config();
  sync();
  const auto changed = control().post("/_sandbox/change", R"({"update":5,"delete":2,"add":3})");
  forget_requests();
  sync();
  std::vector<std::string> expected;
  for (const char* kind : {"updated", "added"}) {
    for (const core::JsonValue id : changed->root().member(kind)) expected.emplace_back(id.text());
  }
  EXPECT_THAT(conversations_asked_for(), testing::UnorderedElementsAreArray(expected));
}

TEST_F(IntercomSync, TellsOfThePartsThatAreMissing) {
  serve(200);
  write_config();
  sync();
  const auto oracle = truth();
  const std::string id(oracle->root().at("/traits/many_parts/0").text());
  const std::string stored = exported();
  const std::size_t at = stored.find(R"("source_id":")" + id);
  ASSERT_NE(at, std::string::npos);
  EXPECT_THAT(stored.substr(at, stored.find('\n', at) - at), HasSubstr(R"("parts_missing":120)"));
}

}  // namespace
}  // namespace earshot::scenario

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "sandbox/checksum.hpp"
#include "sandbox/surveymonkey/surveymonkey_fixture.hpp"

namespace earshot::sandbox {
namespace {

constexpr std::size_t kSurveys = 5;

std::vector<std::string> texts(core::JsonValue array) {
  std::vector<std::string> out;
  for (const core::JsonValue element : array) out.emplace_back(element.text());
  return out;
}

std::vector<std::string> ids(core::JsonValue page) {
  std::vector<std::string> out;
  for (const core::JsonValue response : page.member("data")) {
    out.emplace_back(response.member("id").text());
  }
  return out;
}

TEST(SurveyMonkeySurveys, AreListedWithWhatIsAskedFor) {
  SurveyMonkeyAccount account;
  const auto bare = account.json("/v3/surveys");
  EXPECT_EQ(bare->root().member("data").size(), kSurveys);
  EXPECT_EQ(bare->root().at("/data/0").size(), 4U);
  EXPECT_EQ(bare->root().at("/data/1/nickname").text(), "NPS");
  EXPECT_EQ(bare->root().member("per_page").integer(), 50);

  const auto more = account.json("/v3/surveys?include=response_count,date_modified&title=quiz");
  EXPECT_EQ(more->root().member("total").integer(), 1);
  EXPECT_TRUE(more->root().at("/data/0/response_count").is_number());
  const std::string modified(more->root().at("/data/0/date_modified").text());
  EXPECT_EQ(modified.size(), 19U) << "no offset";
  EXPECT_TRUE(modified.ends_with(":00")) << "whole minutes";
}

TEST(SurveyMonkeySurveys, HaveDetailsOfEveryFamily) {
  SurveyMonkeyAccount account;
  std::set<std::string> families;
  bool without_answers = false;
  const auto details = account.json("/v3/surveys/" + survey_id(0) + "/details");
  for (const core::JsonValue page : details->root().member("pages")) {
    for (const core::JsonValue question : page.member("questions")) {
      families.insert(std::string(question.member("family").text()) + "/" +
                      std::string(question.member("subtype").text()));
      if (question.member("subtype").text() == "essay") {
        without_answers = !question.member("answers").exists();
      }
    }
  }
  EXPECT_TRUE(without_answers);
  EXPECT_EQ(families,
            (std::set<std::string>{
                "single_choice/vertical", "multiple_choice/vertical", "open_ended/essay",
                "matrix/single", "matrix/rating", "matrix/ranking", "matrix/menu",
                "open_ended/single", "open_ended/multi", "open_ended/numerical",
                "demographic/international", "datetime/both", "presentation/descriptive_text"}));
}

TEST(SurveyMonkeyPages, AreLinkedToTheirNeighbours) {
  SurveyMonkeyAccount account({.items = 300, .limits = false});
  const core::HttpReply first = account.get(SurveyMonkeyAccount::bulk(0, "per_page=20"));
  const auto page = SurveyMonkeyAccount::parse(first.body);
  EXPECT_TRUE(page->root().at("/links/next").exists());
  EXPECT_TRUE(page->root().at("/links/self").exists());
  EXPECT_FALSE(page->root().at("/links/prev").exists());
  EXPECT_NE(first.body.find(R"(https:\/\/api.surveymonkey.net\/v3\/surveys)"), std::string::npos);
  EXPECT_NE(first.headers.get("link").find("rel=\"next\""), std::string_view::npos);
  EXPECT_EQ(page->root().member("per_page").integer(), 20);

  const auto beyond = account.json(SurveyMonkeyAccount::bulk(0, "page=1000"));
  EXPECT_EQ(beyond->root().member("data").size(), 0U);
  EXPECT_FALSE(beyond->root().at("/links/next").exists());
  EXPECT_EQ(beyond->root().member("total").integer(), page->root().member("total").integer());
}

TEST(SurveyMonkeyPages, HoldEveryResponseOnce) {
  SurveyMonkeyAccount account({.items = 1'000, .limits = false});
  std::vector<std::string> all;
  for (std::size_t survey = 0; survey < kSurveys; ++survey) {
    for (const auto& page : account.pages(survey, "per_page=100&status=completed")) {
      for (const core::JsonValue response : page->root().member("data")) {
        const std::string_view mode = response.member("collection_mode").text();
        if (mode.find("preview") == std::string_view::npos) {
          all.emplace_back(response.member("id").text());
        }
      }
    }
  }
  std::sort(all.begin(), all.end());
  const auto truth = account.truth();
  EXPECT_EQ(all, texts(truth->root().member("ids")));
  EXPECT_EQ(truth->root().member("count").integer(), static_cast<std::int64_t>(all.size()));
}

TEST(SurveyMonkeyPages, AreInOrderOfChange) {
  SurveyMonkeyAccount account;
  const auto up = account.json(SurveyMonkeyAccount::bulk(0, "per_page=100"));
  core::Time before{};
  for (const core::JsonValue response : up->root().member("data")) {
    const auto modified = core::parse_time(response.member("date_modified").text());
    ASSERT_TRUE(modified);
    EXPECT_LE(before, *modified);
    before = *modified;
  }
  const auto down = account.json(
      SurveyMonkeyAccount::bulk(0, "per_page=100&sort_by=date_modified&sort_order=DESC"));
  std::vector<std::string> backwards = ids(down->root());
  std::reverse(backwards.begin(), backwards.end());
  EXPECT_EQ(ids(up->root()), backwards);
}

TEST(SurveyMonkeyFilters, LeaveTheirBordersOut) {
  SurveyMonkeyAccount account({.items = 200, .limits = false});
  const auto all = account.json(SurveyMonkeyAccount::bulk(0, "per_page=100"));
  const auto count = [&](const std::string& filter) {
    return account.json(SurveyMonkeyAccount::bulk(0, filter))->root().member("total").integer();
  };
  const std::string border = sdk::percent_encode(all->root().at("/data/5/date_modified").text());
  std::int64_t at = 0;
  for (const core::JsonValue response : all->root().member("data")) {
    at += response.member("date_modified").text() == all->root().at("/data/5/date_modified").text();
  }
  EXPECT_EQ(*count("start_modified_at=" + border) + *count("end_modified_at=" + border) + at,
            *count(""));
  EXPECT_EQ(*count("status=completed") + *count("status=partial") + *count("status=overquota") +
                *count("status=disqualified"),
            *count(""));
  EXPECT_EQ(count("collector_ids=1,2"), 0);
  EXPECT_EQ(count("collector_ids=1," + collector_id(0)), count(""));
  EXPECT_EQ(count("start_created_at=2026-03-02T00%3A00%3A00%2B00%3A00"), 0);
}

TEST(SurveyMonkeyResponses, AreShownAlone) {
  SurveyMonkeyAccount account;
  const auto page = account.json(SurveyMonkeyAccount::bulk(0, "simple=true"));
  const core::JsonValue first = page->root().at("/data/0");
  const std::string path = "/v3/surveys/" + survey_id(0) + "/responses/" +
                           std::string(first.member("id").text()) + "/details";
  EXPECT_EQ(account.json(path + "?simple=true")->root().dump(), first.dump());
  EXPECT_FALSE(
      account.json(path)->root().at("/pages/0/questions/0/answers/0/simple_text").exists());
  const auto list = account.json("/v3/surveys/" + survey_id(0) + "/responses");
  EXPECT_EQ(list->root().at("/data/0").size(), 2U);
}

TEST(SurveyMonkeyTruth, ChecksumIsThatOfTheTexts) {
  SurveyMonkeyAccount account({.items = 220, .limits = false});
  std::map<std::string, std::pair<std::string, std::string>> expected;  // id: time, title
  for (std::size_t survey = 0; survey < kSurveys; ++survey) {
    for (const auto& page : account.pages(survey, "per_page=100&status=completed")) {
      for (const core::JsonValue response : page->root().member("data")) {
        if (response.member("collection_mode").text().find("preview") != std::string_view::npos)
          continue;
        expected[std::string(response.member("id").text())] = {
            core::rfc3339(*core::parse_time(response.member("date_modified").text())),
            std::string(survey_plans()[survey].title)};
      }
    }
  }
  const ResponseBook book({.items = 220, .now = *core::parse_time("2026-03-02T10:15:19Z")});
  Checksum sum;
  for (const auto& [id, said] : expected) {
    const SurveyResponse* response = nullptr;
    for (std::size_t survey = 0; survey < kSurveys && response == nullptr; ++survey) {
      response = book.find(survey, std::stoll(id));
    }
    ASSERT_NE(response, nullptr) << id;
    sum.add(id, "closed", said.first, said.second, content_of(*response));
  }
  EXPECT_EQ(sum.finish(), account.truth()->root().member("checksum").text());
}

TEST(SurveyMonkeyTruth, FollowsChanges) {
  SurveyMonkeyAccount account({.items = 200});
  const auto before = account.truth();
  const Changed changed = account.product().change({.update = 5, .remove = 2, .add = 6});
  EXPECT_EQ(changed.updated.size(), 5U);
  EXPECT_EQ(changed.removed.size(), 2U);
  const auto after = account.truth();
  EXPECT_EQ(after->root().member("count").integer(), *before->root().member("count").integer() + 6);
  EXPECT_NE(after->root().member("checksum").text(), before->root().member("checksum").text());
}

TEST(SurveyMonkeyTruth, SameSeedSameBytes) {
  SurveyMonkeyAccount one({.items = 250, .seed = 7});
  SurveyMonkeyAccount two({.items = 250, .seed = 7});
  SurveyMonkeyAccount other({.items = 250, .seed = 8});
  const std::string target = SurveyMonkeyAccount::bulk(0, "per_page=100&simple=true");
  EXPECT_EQ(one.get(target).body, two.get(target).body);
  EXPECT_NE(one.get(target).body, other.get(target).body);
  const Change change{.update = 9, .remove = 3, .add = 2};
  EXPECT_EQ(one.product().change(change).updated, two.product().change(change).updated);
  EXPECT_EQ(one.product().truth(), two.product().truth());
}

}  // namespace
}  // namespace earshot::sandbox

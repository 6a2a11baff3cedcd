#include <algorithm>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenario.hpp"

namespace earshot::scenario {
namespace {

using testing::HasSubstr;

constexpr int kUsage = 2;

class Since : public Scenario {
 protected:
  void SetUp() override {
    serve(100);
    write_config();
    sync();
  }

  /// Lines of an export since the token, which moves on; the last line, which tells it, left out.
  std::string changes(std::string& token, const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{"export", "--since", token};
    words.insert(words.end(), more.begin(), more.end());
    const Finished finished = run(words);
    EXPECT_EQ(finished.exit_code, 0) << finished.err;
    const std::size_t last = finished.out.rfind("{\"next_since\"");
    EXPECT_NE(last, std::string::npos) << finished.out;
    if (last == std::string::npos) return {};
    const auto told = core::JsonDocument::parse(finished.out.substr(last));
    EXPECT_TRUE(told);
    if (told) token = told.value()->root().member("next_since").text();
    EXPECT_THAT(finished.err, HasSubstr("next: earshot export --since " + token));
    return finished.out.substr(0, last);
  }
};

TEST_F(Since, GivesWhatChangedWithTombstones) {
  std::string token = "start";
  EXPECT_EQ(ids_of(changes(token)), ids_of(exported()));
  EXPECT_EQ(changes(token), "");
  const auto told = control().post("/_sandbox/change", R"({"update":3,"delete":2,"add":1})");
  sync();
  std::set<std::string> touched;
  for (const char* kind : {"updated", "deleted", "added"}) {
    for (const core::JsonValue id : told->root().member(kind)) touched.emplace(id.text());
  }
  std::size_t tombstones = 0;
  std::set<std::string> given;
  std::istringstream lines(changes(token));
  for (std::string line; std::getline(lines, line);) {
    const auto record = core::JsonDocument::parse(line);
    ASSERT_TRUE(record) << line;
    given.emplace((*record)->root().member("source_id").text());
    tombstones += (*record)->root().member("status").text() == "deleted" ? 1U : 0U;
  }
  EXPECT_EQ(given, touched);
  EXPECT_EQ(tombstones, told->root().member("deleted").size());
  EXPECT_EQ(changes(token), "");
}

TEST_F(Since, ComesInPortions) {
  std::string token = "start";
  std::vector<std::string> ids;
  for (std::string part = "x"; !part.empty();) {
    part = changes(token, {"--limit", "30"});
    for (const std::string& id : ids_of(part)) ids.push_back(id);
  }
  std::sort(ids.begin(), ids.end());
  EXPECT_EQ(ids, ids_of(exported()));
}

TEST_F(Since, RefusesOtherTokensAndFilters) {
  std::string token = "start";
  changes(token);
  for (const std::string& wrong : {std::string("nonsense!"), std::string("1"), token + "0"}) {
    const Finished refused = run({"export", "--since", wrong});
    EXPECT_EQ(refused.exit_code, kUsage) << wrong;
    EXPECT_THAT(refused.err, HasSubstr("--since start")) << wrong;
  }
  EXPECT_EQ(run({"export", "--since", token, "--status", "open"}).exit_code, kUsage);
  EXPECT_EQ(run({"export", "--since", token, "--format", "csv"}).exit_code, kUsage);
}

}  // namespace
}  // namespace earshot::scenario

/// The list of cases and what is written about it.

#include <algorithm>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conformance/case.hpp"

namespace earshot::conformance {
namespace {

using testing::HasSubstr;

std::string text_of(const char* page) {
  std::ifstream file(std::string(EARSHOT_REFERENCE) + "/" + page);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Cases, HaveNamesOfTheirOwn) {
  std::set<std::string_view> ids;
  for (const Case* one : all_cases()) {
    EXPECT_TRUE(ids.insert(one->id).second) << one->id;
    EXPECT_NE(one->id.find('.'), std::string_view::npos) << one->id;
  }
}

TEST(Cases, PromiseInOneSentence) {
  for (const Case* one : all_cases()) EXPECT_TRUE(one->promise.ends_with('.')) << one->id;
}

TEST(Cases, CiteAClauseOfTheContract) {
  const std::string contract = text_of("contract.md");
  for (const Case* one : all_cases())
    EXPECT_THAT(contract, HasSubstr("**" + std::string(one->clause) + "**")) << one->id;
}

std::set<std::string> clauses_of_the_contract() {
  const std::string contract = text_of("contract.md");
  const std::regex clause(R"(\*\*([A-Z]+-[0-9]+)\*\*)");
  std::set<std::string> clauses;
  for (std::sregex_iterator at(contract.begin(), contract.end(), clause), end; at != end; ++at)
    clauses.insert((*at)[1]);
  return clauses;
}

TEST(Cases, JudgeEveryClauseButThoseOfWhichItIsSaidWhyNot) {
  std::set<std::string> judged;
  for (const Case* one : all_cases()) judged.emplace(one->clause);
  const std::string page = text_of("conformance.md");
  const std::string reasons =
      page.substr(std::min(page.find("## What no case judges"), page.size()));
  for (const std::string& clause : clauses_of_the_contract()) {
    const bool excused = reasons.find("\n| `" + clause + "` | ") != std::string::npos;
    EXPECT_NE(judged.contains(clause), excused) << clause;
  }
}

TEST(Cases, StandInTheReferenceInTheirOrder) {
  std::string table;
  for (const Case* one : all_cases())
    ((((table += "| `") += one->id) += "` | ") += one->promise) += " |\n";
  EXPECT_THAT(text_of("conformance.md"), HasSubstr("|---|---|\n" + table));
}

}  // namespace
}  // namespace earshot::conformance

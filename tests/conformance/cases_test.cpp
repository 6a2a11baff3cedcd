/// The list of cases and what is written about it.

#include <fstream>
#include <iterator>
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

TEST(Cases, StandInTheReferenceInTheirOrder) {
  std::string table;
  for (const Case* one : all_cases())
    ((((table += "| `") += one->id) += "` | ") += one->promise) += " |\n";
  EXPECT_THAT(text_of("conformance.md"), HasSubstr("|---|---|\n" + table));
}

}  // namespace
}  // namespace earshot::conformance

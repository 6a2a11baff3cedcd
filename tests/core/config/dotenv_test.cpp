#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <earshot/core/config/dotenv.hpp>

namespace earshot::core {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::Pair;

std::map<std::string, std::string> read(std::string_view text) {
  const auto variables = parse_dotenv(text);
  EXPECT_TRUE(variables) << (variables ? "" : variables.error().message);
  return variables.value_or({});
}

std::string mistake(std::string_view text) {
  const auto variables = parse_dotenv(text);
  EXPECT_FALSE(variables);
  return variables ? "" : variables.error().message;
}

TEST(Dotenv, ReadsNamesAndValues) {
  EXPECT_THAT(
      read("A=1\nB_2 = two words \nexport C=\n\r\nD=x=y"),
      ElementsAre(Pair("A", "1"), Pair("B_2", "two words"), Pair("C", ""), Pair("D", "x=y")));
}

TEST(Dotenv, LeavesCommentsOut) {
  EXPECT_THAT(read("# one\nA=1 # two\n  # three\nB=#\nC=a#b\nD='#' # four"),
              ElementsAre(Pair("A", "1"), Pair("B", ""), Pair("C", "a#b"), Pair("D", "#")));
}

TEST(Dotenv, TakesSingleQuotesLiterally) {
  EXPECT_THAT(read(R"(A='x\n"$B" ' )"), ElementsAre(Pair("A", R"(x\n"$B" )")));
}

TEST(Dotenv, UndoesEscapesInDoubleQuotes) {
  EXPECT_THAT(read(R"(A="1\n2\t\"\\\$\d")"), ElementsAre(Pair("A", "1\n2\t\"\\$\\d")));
}

TEST(Dotenv, LetsQuotesSpanLines) {
  EXPECT_THAT(read("A='-----\nkey\n-----'\nB=2"),
              ElementsAre(Pair("A", "-----\nkey\n-----"), Pair("B", "2")));
}

TEST(Dotenv, TakesTheLastOfANameGivenTwice) {
  EXPECT_THAT(read("A=1\nA=2"), ElementsAre(Pair("A", "2")));
}

TEST(Dotenv, BearsEmptyFilesAndByteOrderMarks) {
  EXPECT_THAT(read(""), IsEmpty());
  EXPECT_THAT(read("\xef\xbb\xbf"
                   "A=1"),
              ElementsAre(Pair("A", "1")));
}

TEST(Dotenv, NamesTheLineOfAMistake) {
  EXPECT_EQ(mistake("A=1\nnonsense\n"), "2: is no NAME=value");
  EXPECT_EQ(mistake("2A=1"), "1: is no NAME=value");
  EXPECT_EQ(mistake("=1"), "1: is no NAME=value");
  EXPECT_EQ(mistake("A B=1"), "1: is no NAME=value");
  EXPECT_EQ(mistake("A='1\n2\n3"), "1: has a quote that is not closed");
  EXPECT_EQ(mistake("A='1\n2' x"), "2: has something behind its closing quote");
}

TEST(Dotenv, IsBounded) {
  EXPECT_EQ(mistake("A=" + std::string(kLargestDotenv, 'x')), "1: is no text of at most 64 KiB");
  EXPECT_EQ(mistake(std::string_view("A=\0", 3)), "1: is no text of at most 64 KiB");
}

}  // namespace
}  // namespace earshot::core

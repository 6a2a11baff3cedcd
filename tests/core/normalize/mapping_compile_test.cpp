#include <string>

#include <gmock/gmock.h>

#include "mapped.hpp"

namespace earshot::core {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;

std::vector<SchemaIssue> issues_of(const std::string& spec, const std::string& override = {},
                                   std::string_view name = "ticket") {
  const auto spec_document = parsed(spec);
  const auto override_document = override.empty() ? nullptr : parsed(override);
  std::vector<SchemaIssue> issues;
  const auto mapping =
      Mapping::compile(name, spec_document->root(),
                       override_document ? override_document->root() : JsonValue(), issues);
  EXPECT_EQ(mapping == nullptr, !issues.empty());
  return issues;
}

struct Mistake {
  const char* spec;
  const char* path;
  const char* message;
};

void PrintTo(const Mistake& mistake, std::ostream* out) {
  *out << mistake.spec;
}

class MappingMistake : public testing::TestWithParam<Mistake> {};

TEST_P(MappingMistake, IsReportedWithItsPath) {
  EXPECT_THAT(
      issues_of(GetParam().spec),
      ElementsAre(AllOf(Field("path", &SchemaIssue::path, GetParam().path),
                        Field("message", &SchemaIssue::message, HasSubstr(GetParam().message)))));
}

INSTANTIATE_TEST_SUITE_P(
    Each, MappingMistake,
    testing::Values(
        Mistake{R"({"kind":"tickets"})", "/kind", "ticket, conversation"},
        Mistake{R"({"titel":"/a"})", "/titel", "did you mean \"title\"?"},
        Mistake{R"({"window":"due_at"})", "/window", "created_at"},
        Mistake{R"({"title":"subject"})", "/title", "'/' or '$name'"},
        Mistake{R"({"title":"/a~2"})", "/title", "is no pointer"},
        Mistake{R"({"title":"$"})", "/title", "is no pointer"},
        Mistake{R"({"title":7})", "/title", "expected a pointer"},
        Mistake{R"({"title":{}})", "/title", "needs one of at, const"},
        Mistake{R"({"title":{"at":"/a","const":1}})", "/title", "has at and const"},
        Mistake{R"({"title":{"at":"/a","els":"x"}})", "/title/els", "did you mean \"else\"?"},
        Mistake{R"({"title":{"at":"/a","where":1}})", "/title/where", "unknown beside \"at\""},
        Mistake{R"({"title":{"at":"/a","take":"/b"}})", "/title/take", "\"first_match\""},
        Mistake{R"({"title":{"template":"{/a"}})", "/title/template", "without a '}'"},
        Mistake{R"({"title":{"template":"{}"}})", "/title/template", "nothing between"},
        Mistake{R"({"title":{"first":[]}})", "/title/first", "list of forms"},
        Mistake{R"({"title":{"first":["/a",{"at":"b"}]}})", "/title/first/1/at", "is no pointer"},
        Mistake{R"({"title":{"lookup":"$page/users","equals":"/id"}})", "/title/take",
                "is required"},
        Mistake{R"({"title":{"lookup":"$page/users","key":"id","equals":"/id","take":"/n"}})",
                "/title/key", "pointer within the element"},
        Mistake{R"({"title":{"find":"/fields"}})", "/title/id", "a number or a string"},
        Mistake{R"({"title":{"join":"/parts","where":{"at":"/type"}}})", "/title/where", "\"in\""},
        Mistake{R"({"title":{"join":"/parts","separator":1}})", "/title/separator", "a string"},
        Mistake{R"({"title":{"at":"/a","format":"markdown"}})", "/title/format", "\"html\""},
        Mistake{R"({"title":{"at":"/a","format":"html","map":{}}})", "/title/format",
                "no meaning beside"},
        Mistake{R"({"title":{"at":"/a","map":[]}})", "/title/map", "an object"},
        Mistake{R"({"title":{"at":"/a","map":{"x":"1","X":"2"}}})", "/title/map/X", "twice"},
        Mistake{R"({"title":{"at":"/a","map":{},"first_match":{}}})", "/title/first_match",
                "beside \"map\""},
        Mistake{R"({"severity":{"at":"/p","map":{"1":"critical"}}})", "/severity/map/1",
                "low, normal, high, urgent"},
        Mistake{R"({"category":{"at":"/p","first_match":{"x":"y"}}})", "/category/first_match/x",
                "bug_report"},
        Mistake{R"({"status":{"at":"/p","else":"new"}})", "/status/else", "open, pending"},
        Mistake{R"({"customer_tier":{"const":"gold"}})", "/customer_tier/const", "enterprise"},
        Mistake{R"({"severity":{"first":[{"at":"/p","map":{"a":"b"}}]}})",
                "/severity/first/0/map/a", "low, normal"},
        Mistake{R"({"rating":"/score"})", "/rating", "\"value\""},
        Mistake{R"({"rating":{"value":"/a","max":5,"min":1}})", "/rating", "more members"},
        Mistake{R"({"metadata":["/a"]})", "/metadata", "an object"},
        Mistake{R"({"metadata":{"a/b":"x"}})", "/metadata/a~1b", "is no pointer"}));

TEST(MappingCompile, TellsAllMistakesAtOnce) {
  EXPECT_EQ(issues_of(R"({"titel":"/a","content":"b","severity":{"const":"x"}})").size(), 3U);
}

TEST(MappingCompile, AllowsAnyWordWhereAnotherMapFollows) {
  EXPECT_TRUE(issues_of(R"({"severity":{"first":[{"at":"/p","map":{"a":"b"}}],
                                        "map":{"b":"low"}}})")
                  .empty());
}

TEST(MappingCompile, AsksForAKindWhereTheNameIsNone) {
  EXPECT_THAT(issues_of("{}", {}, "webhook_ticket"),
              ElementsAre(Field(&SchemaIssue::path, "/kind")));
  EXPECT_TRUE(issues_of(R"({"kind":"ticket"})", {}, "webhook_ticket").empty());
}

TEST(MappingCompile, ChecksTheOverride) {
  EXPECT_THAT(issues_of("{}", R"({"severty":"/p"})"),
              ElementsAre(AllOf(Field(&SchemaIssue::path, "/severty"),
                                Field(&SchemaIssue::message, HasSubstr("\"severity\"")))));
  EXPECT_THAT(issues_of("{}", "[]"), ElementsAre(Field(&SchemaIssue::path, "")));
}

TEST(MappingCompile, KeepsTheIdentityFromOverrides) {
  EXPECT_THAT(
      issues_of("{}", R"({"kind":"call","source_id":"/x"})"),
      ElementsAre(Field(&SchemaIssue::path, "/kind"), Field(&SchemaIssue::path, "/source_id")));
}

TEST(MappingCompile, RefusesWhatIsNoObject) {
  EXPECT_FALSE(issues_of("[]").empty());
  EXPECT_FALSE(issues_of("null").empty());
}

}  // namespace
}  // namespace earshot::core

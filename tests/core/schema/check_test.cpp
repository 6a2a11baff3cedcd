#include <memory>
#include <string>

#include <gmock/gmock.h>

#include <earshot/core/json/schema.hpp>

namespace earshot::core {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::unique_ptr<JsonDocument> parsed(std::string_view text) {
  auto document = JsonDocument::parse(std::string(text));
  EXPECT_TRUE(document.has_value()) << text;
  return std::move(document).value();
}

/// Issues as "path: message".
std::vector<std::string> issues(std::string_view schema, std::string_view instance) {
  const auto schema_document = parsed(schema);
  const auto instance_document = parsed(instance);
  std::vector<std::string> out;
  for (const SchemaIssue& issue :
       check_schema(schema_document->root(), instance_document->root())) {
    out.push_back(issue.path + ": " + issue.message);
  }
  return out;
}

TEST(SchemaCheck, TellsTypesApart) {
  EXPECT_THAT(issues(R"({"type":"string"})", "\"x\""), IsEmpty());
  EXPECT_THAT(issues(R"({"type":"string"})", "12"), ElementsAre(": expected a string, found 12"));
  EXPECT_THAT(issues(R"({"type":["integer","null"]})", "{}"),
              ElementsAre(": expected an integer or null, found an object"));
  EXPECT_THAT(issues(R"({"type":"boolean"})", "\"true\""),
              ElementsAre(": expected true or false, found \"true\""));
  EXPECT_THAT(issues(R"({"type":"integer"})", "1.0"), IsEmpty());
  EXPECT_THAT(issues(R"({"type":"integer"})", "1.5"),
              ElementsAre(": expected an integer, found 1.5"));
  EXPECT_THAT(issues(R"({"type":"integer"})", "123456789012345678901234567890"), IsEmpty());
}

TEST(SchemaCheck, ReportsEveryIssueInDocumentOrder) {
  EXPECT_THAT(
      issues(R"({"type":"object","required":["id"],
                         "properties":{"a":{"type":"string"},"b":{"items":{"type":"integer"}}}})",
             R"({"b":[1,"x",2.5],"a":1})"),
      ElementsAre("/id: is required", "/b/1: expected an integer, found \"x\"",
                  "/b/2: expected an integer, found 2.5", "/a: expected a string, found 1"));
}

TEST(SchemaCheck, NamesTheTitleOfWhatIsRequired) {
  EXPECT_THAT(issues(R"({"required":["subdomain"],"properties":{"subdomain":
                         {"title":"the part before .acme.example"}}})",
                     "{}"),
              ElementsAre("/subdomain: is required (the part before .acme.example)"));
}

TEST(SchemaCheck, SuggestsTheNameThatWasMeant) {
  constexpr const char* kSchema =
      R"({"properties":{"requests":{},"per":{}},"additionalProperties":false})";
  EXPECT_THAT(issues(kSchema, R"({"request":1})"),
              ElementsAre("/request: is unknown; did you mean \"requests\"?"));
  EXPECT_THAT(issues(kSchema, R"({"bucket":1})"),
              ElementsAre("/bucket: is unknown; expected \"requests\" or \"per\""));
}

TEST(SchemaCheck, EscapesNamesInPaths) {
  EXPECT_THAT(issues(R"({"additionalProperties":{"type":"string"}})", R"({"a/b~c":1})"),
              ElementsAre("/a~1b~0c: expected a string, found 1"));
}

TEST(SchemaCheck, ComparesLargeIntegersExactly) {
  constexpr const char* kSchema = R"({"minimum":9007199254740993,"maximum":9007199254740995})";
  EXPECT_THAT(issues(kSchema, "9007199254740992"),
              ElementsAre(": must be at least 9007199254740993, found 9007199254740992"));
  EXPECT_THAT(issues(kSchema, "9007199254740993"), IsEmpty());
  EXPECT_THAT(issues(kSchema, "9007199254740996"), Not(IsEmpty()));
  EXPECT_THAT(issues(R"({"const":9007199254740993})", "9007199254740992"), Not(IsEmpty()));
  EXPECT_THAT(issues(R"({"minimum":-5})", "-100000000000000000000000"), Not(IsEmpty()));
  EXPECT_THAT(issues(R"({"exclusiveMinimum":0})", "0"),
              ElementsAre(": must be more than 0, found 0"));
  EXPECT_THAT(issues(R"({"exclusiveMinimum":0})", "0.001"), IsEmpty());
}

TEST(SchemaCheck, ListsTheValuesOfAnEnum) {
  constexpr const char* kSchema = R"({"enum":["basic","bearer",null]})";
  EXPECT_THAT(issues(kSchema, "null"), IsEmpty());
  EXPECT_THAT(issues(kSchema, "\"baisc\""),
              ElementsAre(": expected \"basic\", \"bearer\" or null, found \"baisc\"; did you mean "
                          "\"basic\"?"));
}

TEST(SchemaCheck, ComparesConstantsAsValues) {
  constexpr const char* kSchema = R"({"const":{"a":[1,2.0],"b":null}})";
  EXPECT_THAT(issues(kSchema, R"({"b":null,"a":[1.0,2]})"), IsEmpty());
  EXPECT_THAT(issues(kSchema, R"({"b":null,"a":[2,1]})"), Not(IsEmpty()));
}

TEST(SchemaCheck, CountsCharactersNotBytes) {
  EXPECT_THAT(issues(R"({"maxLength":3})", "\"äöü\""), IsEmpty());
  EXPECT_THAT(issues(R"({"maxLength":2})", "\"äöü\""),
              ElementsAre(": must have at most 2 characters"));
  EXPECT_THAT(issues(R"({"minLength":1})", "\"\""), ElementsAre(": must not be empty"));
}

TEST(SchemaCheck, FindsPatternsAnywhere) {
  EXPECT_THAT(issues(R"({"pattern":"b+"})", "\"abbc\""), IsEmpty());
  EXPECT_THAT(issues(R"({"pattern":"^b+$"})", "\"abbc\""),
              ElementsAre(": expected text that matches ^b+$, found \"abbc\""));
  EXPECT_THAT(issues(R"({"pattern":"^b+$","x-expected":"some b"})", "\"abbc\""),
              ElementsAre(": expected some b, found \"abbc\""));
}

TEST(SchemaCheck, AnswersSoonForPatternsThatInviteBacktracking) {
  const std::string hostile = '"' + std::string(4000, 'a') + "!\"";
  EXPECT_THAT(issues(R"({"pattern":"^(a+)+$"})", hostile), Not(IsEmpty()));
}

TEST(SchemaCheck, RefusesTextTooLongForItsPattern) {
  EXPECT_THAT(issues(R"({"pattern":"a"})", '"' + std::string(5000, 'a') + '"'), Not(IsEmpty()));
}

TEST(SchemaCheck, ShowsNoSecret) {
  const auto found = issues(R"({"properties":{"token":{"type":"string","minLength":8,"pattern":"^x",
                                "x-secret":true},"pin":{"type":"string","x-secret":true}}})",
                            R"({"token":"hunter2","pin":4711})");
  EXPECT_THAT(found, ElementsAre(AllOf(HasSubstr("/token"), Not(HasSubstr("hunter2"))),
                                 AllOf(HasSubstr("/token"), Not(HasSubstr("hunter2"))),
                                 "/pin: expected a string, found a number"));
}

TEST(SchemaCheck, CountsAndComparesItems) {
  EXPECT_THAT(issues(R"({"minItems":1})", "[]"), ElementsAre(": must not be empty"));
  EXPECT_THAT(issues(R"({"maxItems":1})", "[1,2]"), ElementsAre(": must have at most 1 item"));
  EXPECT_THAT(issues(R"({"uniqueItems":true})", R"([{"a":1},2,{"a":1.0}])"),
              ElementsAre("/2: stands in the list twice"));
}

TEST(SchemaCheck, ChecksNamesAndPatternsOfMembers) {
  EXPECT_THAT(issues(R"({"propertyNames":{"pattern":"^[a-z]+$","x-expected":"small letters"}})",
                     R"({"ok":1,"Bad":2})"),
              ElementsAre("/Bad: expected small letters, found \"Bad\""));
  constexpr const char* kPatterns =
      R"({"patternProperties":{"^x-":{"type":"string"}},"additionalProperties":false})";
  EXPECT_THAT(issues(kPatterns, R"({"x-a":"b"})"), IsEmpty());
  EXPECT_THAT(
      issues(kPatterns, R"({"x-a":1,"y":2})"),
      ElementsAre("/x-a: expected a string, found 1", "/y: is unknown; nothing is expected here"));
}

TEST(SchemaCheck, AsksForDependentMembers) {
  EXPECT_THAT(issues(R"({"dependentRequired":{"map":["code_at"]}})", R"({"map":{}})"),
              ElementsAre("/code_at: is required beside \"map\""));
}

TEST(SchemaCheck, ReportsTheAlternativeThatWasMeant) {
  constexpr const char* kSchema = R"({"anyOf":[{"type":"string","minLength":1},
      {"type":"object","required":["url"],"properties":{"url":{"type":"string"}}}]})";
  EXPECT_THAT(issues(kSchema, "\"x\""), IsEmpty());
  EXPECT_THAT(issues(kSchema, "\"\""), ElementsAre(": must not be empty"));
  EXPECT_THAT(issues(kSchema, "{}"), ElementsAre("/url: is required"));
  EXPECT_THAT(issues(kSchema, "7"), ElementsAre(": expected a string or an object, found 7"));
  EXPECT_THAT(issues(R"({"anyOf":[{"const":"public"},{"type":"array"}]})", "\"pubic\""),
              ElementsAre(": expected \"public\", found \"pubic\""));
}

TEST(SchemaCheck, WantsExactlyOneMemberOfSeveral) {
  constexpr const char* kSchema = R"({"oneOf":[{"required":["at"]},{"required":["const"]}]})";
  EXPECT_THAT(issues(kSchema, R"({"at":1})"), IsEmpty());
  EXPECT_THAT(issues(kSchema, "{}"), ElementsAre(": needs \"at\" or \"const\""));
  EXPECT_THAT(issues(kSchema, R"({"at":1,"const":2})"),
              ElementsAre(": has \"at\" and \"const\": only one of them may stand here"));
}

TEST(SchemaCheck, RefusesWhatFitsSeveralOrIsForbidden) {
  EXPECT_THAT(issues(R"({"oneOf":[{"type":"number"},{"type":"integer"}]})", "1"), Not(IsEmpty()));
  EXPECT_THAT(issues(R"({"not":{"const":0,"title":"zero"}})", "0"),
              ElementsAre(": must not be zero"));
  EXPECT_THAT(issues("false", "0"), ElementsAre(": is not allowed"));
}

TEST(SchemaCheck, FollowsReferencesAsDeepAsTheInstance) {
  constexpr const char* kTree = R"({"$ref":"#/$defs/node","$defs":{"node":{"type":"object",
      "properties":{"next":{"$ref":"#/$defs/node"}},"additionalProperties":false}}})";
  EXPECT_THAT(issues(kTree, R"({"next":{"next":{"next":{}}}})"), IsEmpty());
  EXPECT_THAT(issues(kTree, R"({"next":{"next":3}})"),
              ElementsAre("/next/next: expected an object, found 3"));
}

TEST(SchemaCheck, EndsForReferencesInACircle) {
  EXPECT_THAT(issues(R"({"$ref":"#/$defs/a","$defs":{"a":{"$ref":"#/$defs/a"}}})", "1"),
              ElementsAre(HasSubstr("too deep")));
  EXPECT_THAT(issues(R"({"$ref":"#/$defs/a","$defs":{"a":{"anyOf":[{"$ref":"#/$defs/a"},
                         {"$ref":"#/$defs/a"}]}}})",
                     "1"),
              Not(IsEmpty()));
}

TEST(SchemaCheck, AcceptsEverythingWithoutASchema) {
  const auto instance = parsed(R"({"a":1})");
  EXPECT_THAT(check_schema({}, instance->root()), IsEmpty());
}

}  // namespace
}  // namespace earshot::core

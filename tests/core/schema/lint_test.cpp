#include <memory>
#include <string>

#include <gmock/gmock.h>

#include <earshot/core/json/schema.hpp>

namespace earshot::core {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<SchemaIssue> lint(const std::string& schema) {
  const auto document = JsonDocument::parse(schema);
  EXPECT_TRUE(document.has_value()) << schema;
  return lint_schema((*document)->root());
}

auto issue(const char* path, const char* message) {
  return AllOf(Field(&SchemaIssue::path, path), Field(&SchemaIssue::message, HasSubstr(message)));
}

TEST(SchemaLint, AcceptsEveryKeywordInUse) {
  EXPECT_THAT(lint(R"({"$schema":"x","$id":"x","title":"t","description":"d","default":1,
      "examples":[1],"format":"email","x-secret":true,"type":["object","null"],
      "properties":{"a":{"$ref":"#/$defs/a"}},"required":["a"],"additionalProperties":false,
      "patternProperties":{"^x":true},"propertyNames":{"pattern":"a"},
      "dependentRequired":{"a":["b"]},"not":{"const":0},"anyOf":[{"enum":[1]}],"oneOf":[{}],
      "$defs":{"a":{"type":"array","items":{"minLength":1,"maxLength":2},"minItems":0,"maxItems":9,
      "uniqueItems":true,"minimum":1,"maximum":2.5,"exclusiveMinimum":0}}})"),
              IsEmpty());
}

TEST(SchemaLint, NamesUnknownKeywords) {
  EXPECT_THAT(
      lint(R"({"requird":["a"],"if":{}})"),
      ElementsAre(issue("/requird", "did you mean \"required\"?"), issue("/if", "may use")));
}

TEST(SchemaLint, TakesPropertiesForNamesNotKeywords) {
  EXPECT_THAT(lint(R"({"properties":{"if":{"type":"string"},"patternProperties":{"type":"x"}}})"),
              ElementsAre(issue("/properties/patternProperties/type", "string, integer")));
}

TEST(SchemaLint, ReportsReferencesThatPointNowhere) {
  EXPECT_THAT(lint(R"({"items":{"$ref":"#/$defs/nobody"}})"),
              ElementsAre(issue("/items/$ref", "points nowhere")));
  EXPECT_THAT(lint(R"({"$ref":"https://example.com/schema.json"})"),
              ElementsAre(issue("/$ref", "points nowhere")));
}

TEST(SchemaLint, ReportsPatternsThatCannotBeUsed) {
  EXPECT_THAT(lint(R"({"pattern":"a(b"})"), ElementsAre(issue("/pattern", "regular expression")));
  EXPECT_THAT(lint(R"({"pattern":"(a)\\1"})"),
              ElementsAre(issue("/pattern", "regular expression")));
  EXPECT_THAT(lint(R"({"patternProperties":{"[":{}}})"),
              ElementsAre(issue("/patternProperties/[", "regular expression")));
  EXPECT_THAT(lint(R"({"pattern":")" + std::string(600, 'a') + "\"}"),
              ElementsAre(issue("/pattern", "longer than 512")));
}

TEST(SchemaLint, ReportsKeywordsOfTheWrongShape) {
  EXPECT_THAT(lint(R"({"type":"strng","required":"a","minLength":-1,"properties":[],"anyOf":[],
                       "enum":[],"uniqueItems":1,"maximum":"9","items":7})"),
              ElementsAre(issue("/type", "string, integer"), issue("/required", "list of names"),
                          issue("/minLength", "whole number"), issue("/properties", "an object"),
                          issue("/anyOf", "list of schemas"), issue("/enum", "a list"),
                          issue("/uniqueItems", "true or false"), issue("/maximum", "a number"),
                          issue("/items", "a schema")));
}

}  // namespace
}  // namespace earshot::core

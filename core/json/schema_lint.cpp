#include <algorithm>
#include <array>
#include <iterator>

#include <fmt/format.h>

#include <earshot/core/base/text.hpp>

#include "earshot/core/json/schema.hpp"
#include "schema_pattern.hpp"
#include "schema_value.hpp"

namespace earshot::core {
namespace {

/// What a keyword's value must be.
enum class Shape {
  anything,
  type,
  schema,
  schema_or_false,
  schemas,
  schema_map,
  values,
  names,
  name_map,
  count,
  number,
  flag,
  text,
  pattern,
  reference
};

struct Keyword {
  std::string_view name;
  Shape shape;
};

constexpr std::array kKeywords{
    Keyword{"type", Shape::type},
    Keyword{"enum", Shape::values},
    Keyword{"const", Shape::anything},
    Keyword{"properties", Shape::schema_map},
    Keyword{"required", Shape::names},
    Keyword{"additionalProperties", Shape::schema_or_false},
    Keyword{"patternProperties", Shape::schema_map},
    Keyword{"propertyNames", Shape::schema},
    Keyword{"items", Shape::schema_or_false},
    Keyword{"minItems", Shape::count},
    Keyword{"maxItems", Shape::count},
    Keyword{"uniqueItems", Shape::flag},
    Keyword{"minLength", Shape::count},
    Keyword{"maxLength", Shape::count},
    Keyword{"pattern", Shape::pattern},
    Keyword{"minimum", Shape::number},
    Keyword{"maximum", Shape::number},
    Keyword{"exclusiveMinimum", Shape::number},
    Keyword{"anyOf", Shape::schemas},
    Keyword{"oneOf", Shape::schemas},
    Keyword{"not", Shape::schema},
    Keyword{"$ref", Shape::reference},
    Keyword{"$defs", Shape::schema_map},
    Keyword{"dependentRequired", Shape::name_map},
    Keyword{"title", Shape::text},
    Keyword{"description", Shape::text},
    Keyword{"default", Shape::anything},
    Keyword{"examples", Shape::anything},
    Keyword{"format", Shape::text},
    Keyword{"$schema", Shape::text},
    Keyword{"$id", Shape::text},
    Keyword{"$comment", Shape::text},
    Keyword{"deprecated", Shape::flag},
    Keyword{"readOnly", Shape::flag},
    Keyword{"writeOnly", Shape::flag},
};

constexpr std::array<std::string_view, 7> kTypes{"string", "integer", "number", "boolean",
                                                 "object", "array",   "null"};

class Linter {
 public:
  explicit Linter(JsonValue schema) : root_(schema) {}

  std::vector<SchemaIssue> run() {
    lint(root_);
    return std::move(issues_);
  }

 private:
  void lint(JsonValue schema);
  void lint_keyword(JsonValue value, Shape shape);
  void lint_type(JsonValue type);
  void lint_schemas(JsonValue list);
  void lint_schema_map(JsonValue map);
  void lint_names(JsonValue names);
  void lint_pattern(std::string_view pattern);
  void lint_reference(JsonValue reference);
  void unknown_keyword(std::string_view name);

  void add(std::string message) { issues_.push_back({path_, std::move(message)}); }
  void expect(bool fits, std::string_view what, JsonValue found) {
    if (!fits) add(fmt::format("expected {}, found {}", what, value_in_words(found)));
  }
  template <typename Visit>
  void below(std::string_view segment, Visit visit) {
    const std::size_t size = path_.size();
    path_ += '/';
    path_ += pointer_segment(segment);
    visit();
    path_.resize(size);
  }

  JsonValue root_;
  std::vector<SchemaIssue> issues_;
  std::string path_;
};

void Linter::lint(JsonValue schema) {
  if (schema.is_boolean()) return;
  if (!schema.is_object()) return expect(false, "a schema, which is an object", schema);
  for (const JsonValue value : schema) {
    const std::string_view name = value.key();
    if (name.starts_with("x-")) continue;
    below(name, [&] {
      const auto* known = std::find_if(kKeywords.begin(), kKeywords.end(),
                                       [&](const Keyword& k) { return k.name == name; });
      known == kKeywords.end() ? unknown_keyword(name) : lint_keyword(value, known->shape);
    });
  }
}

void Linter::unknown_keyword(std::string_view name) {
  std::vector<std::string> known;
  known.reserve(std::size(kKeywords));
  for (const Keyword& keyword : kKeywords) known.emplace_back(keyword.name);
  const auto guess = closest(name, known);
  add(guess ? fmt::format("is no keyword of schemas; did you mean {}?", quoted(*guess))
            : std::string("is no keyword that Earshot's schemas may use"));
}

void Linter::lint_keyword(JsonValue value, Shape shape) {
  switch (shape) {
    case Shape::anything: return;
    case Shape::type: return lint_type(value);
    case Shape::schema:
    case Shape::schema_or_false: return lint(value);
    case Shape::schemas: return lint_schemas(value);
    case Shape::schema_map: return lint_schema_map(value);
    case Shape::values: return expect(value.size() > 0 && value.is_array(), "a list", value);
    case Shape::names: return lint_names(value);
    case Shape::name_map:
      expect(value.is_object(), "an object of lists of names", value);
      for (const JsonValue names : value) below(names.key(), [&] { lint_names(names); });
      return;
    case Shape::count:
      return expect(value.integer().value_or(-1) >= 0, "a whole number from 0 on", value);
    case Shape::number: return expect(value.is_number(), "a number", value);
    case Shape::flag: return expect(value.is_boolean(), "true or false", value);
    case Shape::text: return expect(value.is_string(), "a string", value);
    case Shape::pattern:
      return value.is_string() ? lint_pattern(value.text()) : expect(false, "a string", value);
    case Shape::reference: return lint_reference(value);
  }
}

void Linter::lint_type(JsonValue type) {
  const auto lint_one = [&](JsonValue one) {
    const bool known =
        one.is_string() && std::find(kTypes.begin(), kTypes.end(), one.text()) != kTypes.end();
    expect(known, "string, integer, number, boolean, object, array or null", one);
  };
  if (!type.is_array()) return lint_one(type);
  for (const JsonValue one : type) lint_one(one);
}

void Linter::lint_schemas(JsonValue list) {
  if (!list.is_array() || list.size() == 0) return expect(false, "a list of schemas", list);
  std::size_t index = 0;
  for (const JsonValue schema : list) below(std::to_string(index++), [&] { lint(schema); });
}

void Linter::lint_schema_map(JsonValue map) {
  if (!map.is_object()) return expect(false, "an object of schemas", map);
  const bool patterns = map.key() == "patternProperties";
  for (const JsonValue schema : map) {
    below(schema.key(), [&] {
      if (patterns) lint_pattern(schema.key());
      lint(schema);
    });
  }
}

void Linter::lint_names(JsonValue names) {
  if (!names.is_array()) return expect(false, "a list of names", names);
  for (const JsonValue name : names) expect(name.is_string(), "a name", name);
}

void Linter::lint_pattern(std::string_view pattern) {
  const Result<SchemaPattern> compiled = SchemaPattern::compile(pattern);
  if (!compiled) add(compiled.error().message);
}

void Linter::lint_reference(JsonValue reference) {
  if (resolve_reference(root_, reference).exists()) return;
  add(fmt::format("points nowhere: expected \"#/$defs/NAME\" of a schema there, found {}",
                  value_in_words(reference)));
}

}  // namespace

std::vector<SchemaIssue> lint_schema(JsonValue schema) {
  return Linter(schema).run();
}

}  // namespace earshot::core

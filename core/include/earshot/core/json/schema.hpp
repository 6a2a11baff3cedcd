#pragma once

#include <string>
#include <vector>

#include <earshot/core/json/document.hpp>

namespace earshot::core {

/// One way in which a document does not follow a schema.
struct SchemaIssue {
  std::string path;     ///< JSON pointer in the instance; "" is its root.
  std::string message;  ///< What is wrong and what would be right ("is required", "expected a
                        ///< string, found 12").
};

/// All the ways in which `instance` does not follow `schema`, in document order.
///
/// The part of JSON Schema 2020-12 that Earshot's schemas use: type, enum, const, properties,
/// required, additionalProperties (false or a schema), patternProperties, propertyNames, items,
/// minItems, maxItems, uniqueItems, minLength, maxLength, pattern, minimum, maximum,
/// exclusiveMinimum, anyOf, oneOf, not, $ref to "#/$defs/NAME" and dependentRequired; annotations
/// (title, description, default, examples, format, x-*) are not checked. An unknown property gets a
/// "did you mean".
[[nodiscard]] std::vector<SchemaIssue> check_schema(JsonValue schema, JsonValue instance);

/// Ways in which `schema` is itself not usable by check_schema: unknown keywords, unresolved $ref,
/// bad pattern.
[[nodiscard]] std::vector<SchemaIssue> lint_schema(JsonValue schema);

}  // namespace earshot::core

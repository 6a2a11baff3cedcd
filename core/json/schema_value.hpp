#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <vector>

#include <earshot/core/json/document.hpp>

namespace earshot::core {

/// Order of two numbers: exact where both are whole, of whatever size.
[[nodiscard]] std::partial_ordering compare_numbers(JsonValue a, JsonValue b) noexcept;
/// Equal as JSON values: members in any order, numbers by value.
[[nodiscard]] bool json_equal(JsonValue a, JsonValue b);
/// True for a whole number of whatever size.
[[nodiscard]] bool is_whole(JsonValue number) noexcept;
/// True if `value` is of the JSON Schema type of that name.
[[nodiscard]] bool has_type(JsonValue value, std::string_view type) noexcept;
/// "a string", "an integer": a JSON Schema type in words.
[[nodiscard]] std::string type_in_words(std::string_view type);
/// The kind of a value in words.
[[nodiscard]] std::string kind_in_words(JsonValue value);
/// A scalar as JSON, shortened; an array or object by its kind.
[[nodiscard]] std::string value_in_words(JsonValue value);
/// "a", "a or b", "a, b or c".
[[nodiscard]] std::string either(const std::vector<std::string>& words);
/// Texts in quotes.
[[nodiscard]] std::string quoted(std::string_view text);
/// The target of "#/$defs/NAME" below `root`; absent for anything else.
[[nodiscard]] JsonValue resolve_reference(JsonValue root, JsonValue reference) noexcept;

}  // namespace earshot::core

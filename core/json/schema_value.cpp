#include "schema_value.hpp"

#include <cmath>
#include <optional>

#include <fmt/format.h>

#include <earshot/core/base/text.hpp>

namespace earshot::core {
namespace {

constexpr std::size_t kShown = 60;

/// A whole number as it is written: sign and digits, without leading zeros.
struct WholeToken {
  bool negative = false;
  std::string_view digits;
};

std::optional<WholeToken> whole_token(std::string_view token) noexcept {
  WholeToken out;
  out.negative = token.starts_with('-');
  if (out.negative) token.remove_prefix(1);
  if (token.empty() || token.find_first_not_of("0123456789") != std::string_view::npos) {
    return std::nullopt;
  }
  while (token.size() > 1 && token.front() == '0') token.remove_prefix(1);
  out.digits = token;
  out.negative = out.negative && token != "0";
  return out;
}

std::strong_ordering compare_magnitudes(std::string_view a, std::string_view b) noexcept {
  return a.size() == b.size() ? a <=> b : a.size() <=> b.size();
}

std::strong_ordering compare_tokens(const WholeToken& a, const WholeToken& b) noexcept {
  if (a.negative != b.negative) return b.negative <=> a.negative;
  return a.negative ? compare_magnitudes(b.digits, a.digits)
                    : compare_magnitudes(a.digits, b.digits);
}

bool equal_arrays(JsonValue a, JsonValue b) {
  auto other = b.begin();
  for (const JsonValue element : a) {
    if (!json_equal(element, *other)) return false;
    ++other;
  }
  return true;
}

bool equal_objects(JsonValue a, JsonValue b) {
  for (const JsonValue member : a) {
    if (!json_equal(member, b.member(member.key()))) return false;
  }
  return true;
}

}  // namespace

std::partial_ordering compare_numbers(JsonValue a, JsonValue b) noexcept {
  const std::optional<WholeToken> whole_a = whole_token(a.text());
  const std::optional<WholeToken> whole_b = whole_token(b.text());
  if (whole_a && whole_b) return compare_tokens(*whole_a, *whole_b);
  const std::optional<double> real_a = a.real();
  const std::optional<double> real_b = b.real();
  if (!real_a || !real_b) return std::partial_ordering::unordered;
  return *real_a <=> *real_b;
}

bool json_equal(JsonValue a, JsonValue b) {
  if (a.kind() != b.kind() || a.size() != b.size()) return false;
  if (a.is_number()) return compare_numbers(a, b) == std::partial_ordering::equivalent;
  if (a.is_array()) return equal_arrays(a, b);
  if (a.is_object()) return equal_objects(a, b);
  return a.text() == b.text();
}

bool is_whole(JsonValue number) noexcept {
  if (!number.is_number()) return false;
  if (whole_token(number.text())) return true;
  const std::optional<double> real = number.real();
  return real && std::trunc(*real) == *real;
}

bool has_type(JsonValue value, std::string_view type) noexcept {
  if (type == "string") return value.is_string();
  if (type == "integer") return is_whole(value);
  if (type == "number") return value.is_number();
  if (type == "boolean") return value.is_boolean();
  if (type == "object") return value.is_object();
  if (type == "array") return value.is_array();
  return type == "null" && value.is_null();
}

std::string type_in_words(std::string_view type) {
  if (type == "boolean") return "true or false";
  if (type == "null") return "null";
  const bool vowel = type == "integer" || type == "object" || type == "array";
  return fmt::format("{} {}", vowel ? "an" : "a", type);
}

std::string kind_in_words(JsonValue value) {
  switch (value.kind()) {
    case JsonKind::absent: return "nothing";
    case JsonKind::null: return "null";
    case JsonKind::boolean_false:
    case JsonKind::boolean_true: return "a boolean";
    case JsonKind::number: return "a number";
    case JsonKind::string: return "a string";
    case JsonKind::array: return "an array";
    case JsonKind::object: return "an object";
  }
  return "nothing";
}

std::string value_in_words(JsonValue value) {
  const bool whole = value.is_array() || value.is_object() || !value.exists();
  return whole ? kind_in_words(value) : shorten(value.dump(), kShown);
}

std::string either(const std::vector<std::string>& words) {
  std::string out;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) out += i + 1 == words.size() ? " or " : ", ";
    out += words[i];
  }
  return out;
}

std::string quoted(std::string_view text) {
  return fmt::format("\"{}\"", shorten(text, kShown));
}

JsonValue resolve_reference(JsonValue root, JsonValue reference) noexcept {
  constexpr std::string_view kPrefix = "#/$defs/";
  const std::string_view text = reference.text();
  if (!reference.is_string() || !text.starts_with(kPrefix)) return {};
  return root.at(text.substr(1));
}

}  // namespace earshot::core

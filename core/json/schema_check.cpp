#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <earshot/core/base/text.hpp>

#include "schema_checker.hpp"
#include "schema_value.hpp"

namespace earshot::core {
namespace {

constexpr std::size_t kMostSteps = 1'000'000;
constexpr int kDeepest = 600;

/// Bytes that begin a code point.
std::int64_t characters(std::string_view text) {
  return std::count_if(text.begin(), text.end(),
                       [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
}

std::string_view plural(std::int64_t count) {
  return count == 1 ? "" : "s";
}

}  // namespace

std::vector<SchemaIssue> SchemaChecker::run(JsonValue instance) {
  check(root_, instance);
  if (gave_up_) return {*std::move(gave_up_)};
  std::vector<SchemaIssue> issues;
  for (SchemaFinding& finding : findings_) issues.push_back(std::move(finding.issue));
  return issues;
}

void SchemaChecker::add(std::string message, std::string expected) {
  findings_.push_back({{path_, std::move(message)}, std::move(expected)});
}

void SchemaChecker::add_at(std::string_view member, std::string message) {
  const std::size_t size = enter(member);
  add(std::move(message));
  leave(size);
}

std::size_t SchemaChecker::enter(std::string_view segment) {
  const std::size_t size = path_.size();
  path_ += '/';
  path_ += pointer_segment(segment);
  return size;
}

std::string SchemaChecker::found_words(JsonValue value) const {
  return hidden_ > 0 ? kind_in_words(value) : value_in_words(value);
}

void SchemaChecker::expect(std::string expected, JsonValue found) {
  add(fmt::format("expected {}, found {}", expected, found_words(found)), expected);
}

void SchemaChecker::check(JsonValue schema, JsonValue instance) {
  if (schema.kind() == JsonKind::boolean_false) return add("is not allowed");
  if (!schema.is_object()) return;
  if (!step()) return;
  const bool secret = schema.member("x-secret").truthy();
  ++depth_;
  hidden_ += secret ? 1 : 0;
  check_keywords(schema, instance);
  hidden_ -= secret ? 1 : 0;
  --depth_;
}

bool SchemaChecker::step() {
  const bool goes_on = ++steps_ <= kMostSteps && depth_ < kDeepest;
  if (!goes_on) give_up();
  return goes_on;
}

/// From here on nothing fits any more, so that all ends soon.
void SchemaChecker::give_up() {
  steps_ = kMostSteps;
  if (!gave_up_) gave_up_ = {path_, "is too deep or too large to be checked"};
  add(gave_up_->message);
}

void SchemaChecker::check_keywords(JsonValue schema, JsonValue instance) {
  if (const JsonValue reference = schema.member("$ref"); reference.exists()) {
    check(resolve_reference(root_, reference), instance);
  }
  if (!check_kind(schema, instance) || !check_values(schema, instance)) return;
  if (instance.is_string()) check_text(schema, instance.text());
  if (instance.is_number()) check_number(schema, instance);
  if (instance.is_array()) check_array(schema, instance);
  if (instance.is_object()) check_object(schema, instance);
  check_alternatives(schema.member("anyOf"), instance, false);
  check_alternatives(schema.member("oneOf"), instance, true);
  check_not(schema.member("not"), instance);
}

bool SchemaChecker::check_kind(JsonValue schema, JsonValue instance) {
  const JsonValue type = schema.member("type");
  if (!type.exists()) return true;
  std::vector<std::string> words;
  if (type.is_string()) {
    if (has_type(instance, type.text())) return true;
    words.push_back(type_in_words(type.text()));
  }
  for (const JsonValue one : type) {
    if (has_type(instance, one.text())) return true;
    words.push_back(type_in_words(one.text()));
  }
  expect(either(words), instance);
  return false;
}

/// enum and const.
bool SchemaChecker::check_values(JsonValue schema, JsonValue instance) {
  const JsonValue constant = schema.member("const");
  if (constant.exists() && !json_equal(constant, instance)) {
    const bool same_kind = constant.kind() == instance.kind();
    std::string words = value_in_words(constant);
    add(fmt::format("expected {}, found {}", words, found_words(instance)),
        same_kind ? std::string() : words);
    return false;
  }
  const JsonValue values = schema.member("enum");
  if (!values.is_array()) return true;
  std::vector<std::string> words;
  std::vector<std::string> texts;
  bool same_kind = false;
  for (const JsonValue value : values) {
    if (json_equal(value, instance)) return true;
    same_kind = same_kind || value.kind() == instance.kind();
    words.push_back(value_in_words(value));
    if (value.is_string()) texts.emplace_back(value.text());
  }
  std::string message = fmt::format("expected {}, found {}", either(words), found_words(instance));
  const auto guess = instance.is_string() ? closest(instance.text(), texts) : std::nullopt;
  if (guess) message += fmt::format("; did you mean {}?", quoted(*guess));
  add(std::move(message), same_kind ? std::string() : either(words));
  return false;
}

void SchemaChecker::check_text(JsonValue schema, std::string_view text) {
  const auto least = schema.member("minLength").integer();
  const auto most = schema.member("maxLength").integer();
  const std::int64_t length = least || most ? characters(text) : 0;
  if (least && length < *least) {
    add(length == 0 ? std::string("must not be empty")
                    : fmt::format("must have at least {} characters", *least));
  }
  if (most && length > *most) {
    add(fmt::format("must have at most {} character{}", *most, plural(*most)));
  }
  const JsonValue pattern = schema.member("pattern");
  const SchemaPattern* compiled = pattern.is_string() ? patterns_.get(pattern.text()) : nullptr;
  if (compiled == nullptr || compiled->found_in(text)) return;
  const JsonValue words = schema.member("x-expected");
  const std::string expected = words.is_string()
                                   ? std::string(words.text())
                                   : fmt::format("text that matches {}", pattern.text());
  add(hidden_ > 0 ? fmt::format("expected {}", expected)
                  : fmt::format("expected {}, found {}", expected, quoted(text)));
}

void SchemaChecker::check_number(JsonValue schema, JsonValue number) {
  const auto bound = [&](const char* keyword, const char* words, auto fits) {
    const JsonValue limit = schema.member(keyword);
    if (!limit.is_number() || fits(compare_numbers(number, limit))) return;
    add(fmt::format("must be {} {}, found {}", words, limit.text(), found_words(number)));
  };
  bound("minimum", "at least", [](std::partial_ordering order) { return order >= 0; });
  bound("maximum", "at most", [](std::partial_ordering order) { return order <= 0; });
  bound("exclusiveMinimum", "more than", [](std::partial_ordering order) { return order > 0; });
}

void SchemaChecker::check_array(JsonValue schema, JsonValue array) {
  const auto size = static_cast<std::int64_t>(array.size());
  const auto least = schema.member("minItems").integer();
  const auto most = schema.member("maxItems").integer();
  if (least && size < *least) {
    add(size == 0 ? std::string("must not be empty")
                  : fmt::format("must have at least {} items", *least));
  }
  if (most && size > *most) add(fmt::format("must have at most {} item{}", *most, plural(*most)));
  if (schema.member("uniqueItems").truthy()) check_unique(array);
  const JsonValue items = schema.member("items");
  if (!items.exists()) return;
  std::size_t index = 0;
  for (const JsonValue element : array) {
    const std::size_t mark = enter(std::to_string(index++));
    check(items, element);
    leave(mark);
  }
}

void SchemaChecker::check_unique(JsonValue array) {
  std::vector<JsonValue> seen;
  for (const JsonValue element : array) {
    steps_ += seen.size();
    if (steps_ > kMostSteps) return give_up();
    const bool doubled = std::any_of(seen.begin(), seen.end(),
                                     [&](JsonValue other) { return json_equal(other, element); });
    if (doubled) add_at(std::to_string(seen.size()), "stands in the list twice");
    seen.push_back(element);
  }
}

std::vector<SchemaIssue> check_schema(JsonValue schema, JsonValue instance) {
  return SchemaChecker(schema).run(instance);
}

}  // namespace earshot::core

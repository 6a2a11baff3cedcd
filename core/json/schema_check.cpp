#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include <earshot/core/base/text.hpp>

#include "earshot/core/json/schema.hpp"
#include "schema_pattern.hpp"
#include "schema_value.hpp"

namespace earshot::core {
namespace {

constexpr std::size_t kMostSteps = 1'000'000;
constexpr int kDeepest = 600;

/// An issue, and whether it only says that the value is of another kind than the schema is for:
/// alternatives of other kinds are not what the author meant.
struct Finding {
  SchemaIssue issue;
  std::string expected;  ///< For a value of another kind: what is expected, in words.
};
using Findings = std::vector<Finding>;

class Checker {
 public:
  explicit Checker(JsonValue schema) : root_(schema) {}

  std::vector<SchemaIssue> run(JsonValue instance) {
    check(root_, instance);
    if (gave_up_) return {*std::move(gave_up_)};
    std::vector<SchemaIssue> issues;
    for (Finding& finding : findings_) issues.push_back(std::move(finding.issue));
    return issues;
  }

 private:
  void check(JsonValue schema, JsonValue instance);
  void check_keywords(JsonValue schema, JsonValue instance);
  bool check_kind(JsonValue schema, JsonValue instance);
  bool check_values(JsonValue schema, JsonValue instance);
  void check_text(JsonValue schema, std::string_view text);
  void check_number(JsonValue schema, JsonValue number);
  void check_array(JsonValue schema, JsonValue array);
  void check_unique(JsonValue array);
  void check_object(JsonValue schema, JsonValue object);
  void check_required(JsonValue schema, JsonValue object);
  void check_dependent(JsonValue schema, JsonValue object);
  void check_member(JsonValue schema, JsonValue member);
  void check_name(JsonValue schema, std::string_view name);
  void check_alternatives(JsonValue alternatives, JsonValue instance, bool exactly_one);
  void check_not(JsonValue schema, JsonValue instance);

  bool report_required_sets(JsonValue alternatives, JsonValue instance);
  void report_closest(std::vector<Findings> failures, JsonValue instance);
  void report_unknown(JsonValue schema, std::string_view name);

  void give_up();
  Findings attempt(JsonValue schema, JsonValue instance);
  void add(std::string message, std::string expected = {});
  void add_at(std::string_view member, std::string message);
  void expect(std::string expected, JsonValue found);
  [[nodiscard]] std::string found_words(JsonValue value) const;
  std::size_t enter(std::string_view segment);
  void leave(std::size_t size) { path_.resize(size); }

  JsonValue root_;
  SchemaPatterns patterns_;
  Findings findings_;
  std::string path_;
  std::optional<SchemaIssue> gave_up_;
  std::size_t steps_ = 0;
  int depth_ = 0;
  int hidden_ = 0;  ///< Inside a secret: values are not shown.
};

void Checker::add(std::string message, std::string expected) {
  findings_.push_back({{path_, std::move(message)}, std::move(expected)});
}

void Checker::add_at(std::string_view member, std::string message) {
  const std::size_t size = enter(member);
  add(std::move(message));
  leave(size);
}

std::size_t Checker::enter(std::string_view segment) {
  const std::size_t size = path_.size();
  path_ += '/';
  path_ += pointer_segment(segment);
  return size;
}

std::string Checker::found_words(JsonValue value) const {
  return hidden_ > 0 ? kind_in_words(value) : value_in_words(value);
}

void Checker::expect(std::string expected, JsonValue found) {
  add(fmt::format("expected {}, found {}", expected, found_words(found)), expected);
}

void Checker::check(JsonValue schema, JsonValue instance) {
  if (schema.kind() == JsonKind::boolean_false) return add("is not allowed");
  if (!schema.is_object()) return;
  if (++steps_ > kMostSteps || depth_ >= kDeepest) return give_up();
  const bool secret = schema.member("x-secret").truthy();
  ++depth_;
  hidden_ += secret ? 1 : 0;
  check_keywords(schema, instance);
  hidden_ -= secret ? 1 : 0;
  --depth_;
}

/// From here on nothing fits any more, so that all ends soon.
void Checker::give_up() {
  steps_ = kMostSteps;
  if (!gave_up_) gave_up_ = {path_, "is too deep or too large to be checked"};
  add(gave_up_->message);
}

void Checker::check_keywords(JsonValue schema, JsonValue instance) {
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

bool Checker::check_kind(JsonValue schema, JsonValue instance) {
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
bool Checker::check_values(JsonValue schema, JsonValue instance) {
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

/// Bytes that begin a code point.
std::int64_t characters(std::string_view text) {
  return std::count_if(text.begin(), text.end(),
                       [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; });
}

std::string_view plural(std::int64_t count) {
  return count == 1 ? "" : "s";
}

void Checker::check_text(JsonValue schema, std::string_view text) {
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

void Checker::check_number(JsonValue schema, JsonValue number) {
  const auto bound = [&](const char* keyword, const char* words, auto fits) {
    const JsonValue limit = schema.member(keyword);
    if (!limit.is_number() || fits(compare_numbers(number, limit))) return;
    add(fmt::format("must be {} {}, found {}", words, limit.text(), found_words(number)));
  };
  bound("minimum", "at least", [](std::partial_ordering order) { return order >= 0; });
  bound("maximum", "at most", [](std::partial_ordering order) { return order <= 0; });
  bound("exclusiveMinimum", "more than", [](std::partial_ordering order) { return order > 0; });
}

void Checker::check_array(JsonValue schema, JsonValue array) {
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

void Checker::check_unique(JsonValue array) {
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

void Checker::check_object(JsonValue schema, JsonValue object) {
  check_required(schema, object);
  check_dependent(schema, object);
  for (const JsonValue member : object) {
    const std::size_t mark = enter(member.key());
    check_name(schema.member("propertyNames"), member.key());
    check_member(schema, member);
    leave(mark);
  }
}

void Checker::check_required(JsonValue schema, JsonValue object) {
  for (const JsonValue name : schema.member("required")) {
    if (object.member(name.text()).exists()) continue;
    const JsonValue title = schema.member("properties").member(name.text()).member("title");
    add_at(name.text(),
           title.is_string() ? fmt::format("is required ({})", title.text()) : "is required");
  }
}

void Checker::check_dependent(JsonValue schema, JsonValue object) {
  for (const JsonValue names : schema.member("dependentRequired")) {
    if (!object.member(names.key()).exists()) continue;
    for (const JsonValue name : names) {
      if (object.member(name.text()).exists()) continue;
      add_at(name.text(), fmt::format("is required beside {}", quoted(names.key())));
    }
  }
}

/// A member's value against properties, patternProperties and additionalProperties.
void Checker::check_member(JsonValue schema, JsonValue member) {
  const JsonValue own = schema.member("properties").member(member.key());
  bool known = own.exists();
  if (known) check(own, member);
  for (const JsonValue pattern : schema.member("patternProperties")) {
    const SchemaPattern* compiled = patterns_.get(pattern.key());
    if (compiled == nullptr || !compiled->found_in(member.key())) continue;
    known = true;
    check(pattern, member);
  }
  const JsonValue others = schema.member("additionalProperties");
  if (known || !others.exists()) return;
  if (others.kind() == JsonKind::boolean_false) return report_unknown(schema, member.key());
  check(others, member);
}

void Checker::report_unknown(JsonValue schema, std::string_view name) {
  std::vector<std::string> known;
  std::vector<std::string> shown;
  for (const JsonValue property : schema.member("properties")) {
    known.emplace_back(property.key());
    shown.push_back(quoted(property.key()));
  }
  if (const auto guess = closest(name, known)) {
    return add(fmt::format("is unknown; did you mean {}?", quoted(*guess)));
  }
  add(known.empty() ? std::string("is unknown; nothing is expected here")
                    : fmt::format("is unknown; expected {}", either(shown)));
}

void Checker::check_name(JsonValue schema, std::string_view name) {
  if (!schema.is_object()) return;
  if (const JsonValue target = resolve_reference(root_, schema.member("$ref")); target.exists()) {
    if (++steps_ > kMostSteps || depth_ >= kDeepest) return give_up();
    ++depth_;
    check_name(target, name);
    --depth_;
  }
  std::vector<std::string> words;
  bool listed = false;
  for (const JsonValue value : schema.member("enum")) {
    listed = listed || value.text() == name;
    words.push_back(quoted(value.text()));
  }
  if (!words.empty() && !listed) add(fmt::format("expected the name {}", either(words)));
  const int hidden = std::exchange(hidden_, 0);
  check_text(schema, name);
  hidden_ = hidden;
}

Findings Checker::attempt(JsonValue schema, JsonValue instance) {
  Findings outer = std::exchange(findings_, {});
  check(schema, instance);
  return std::exchange(findings_, std::move(outer));
}

void Checker::check_alternatives(JsonValue alternatives, JsonValue instance, bool exactly_one) {
  if (alternatives.size() == 0) return;
  std::vector<Findings> failures;
  std::size_t fitting = 0;
  for (const JsonValue alternative : alternatives) {
    Findings found = attempt(alternative, instance);
    fitting += found.empty() ? 1u : 0u;
    failures.push_back(std::move(found));
  }
  if (fitting == 1 || (fitting > 1 && !exactly_one)) return;
  if (report_required_sets(alternatives, instance)) return;
  if (fitting > 1) return add("fits several alternatives where only one may fit");
  report_closest(std::move(failures), instance);
}

/// Alternatives that only ask for one member each: "expected exactly one of ...".
bool Checker::report_required_sets(JsonValue alternatives, JsonValue instance) {
  std::vector<std::string> names;
  std::vector<std::string> present;
  for (const JsonValue alternative : alternatives) {
    const JsonValue required = alternative.member("required");
    if (alternative.size() != 1 || required.size() != 1) return false;
    const std::string_view name = (*required.begin()).text();
    names.push_back(quoted(name));
    if (instance.member(name).exists()) present.push_back(quoted(name));
  }
  add(present.empty()
          ? fmt::format("needs {}", either(names))
          : fmt::format("has {}: only one of them may stand here", fmt::join(present, " and ")));
  return true;
}

/// Of alternatives that all fail: what is wrong with the one that was meant, which is the one for
/// this kind of value with the fewest mistakes.
void Checker::report_closest(std::vector<Findings> failures, JsonValue instance) {
  const Findings* best = nullptr;
  std::vector<std::string> expected;
  for (const Findings& failure : failures) {
    const Finding& first = failure.front();
    if (first.issue.path == path_ && !first.expected.empty()) {
      const bool listed = std::count(expected.begin(), expected.end(), first.expected) > 0;
      if (!listed) expected.push_back(first.expected);
    } else if (best == nullptr || failure.size() < best->size()) {
      best = &failure;
    }
  }
  if (best == nullptr) return expect(either(expected), instance);
  findings_.insert(findings_.end(), best->begin(), best->end());
}

void Checker::check_not(JsonValue schema, JsonValue instance) {
  if (!schema.exists() || !attempt(schema, instance).empty()) return;
  const JsonValue title = schema.member("title");
  add(title.is_string() ? fmt::format("must not be {}", title.text())
                        : std::string("is what the schema forbids here"));
}

}  // namespace

std::vector<SchemaIssue> check_schema(JsonValue schema, JsonValue instance) {
  return Checker(schema).run(instance);
}

}  // namespace earshot::core

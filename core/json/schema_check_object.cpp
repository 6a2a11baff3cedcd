#include <utility>

#include <fmt/format.h>

#include <earshot/core/base/text.hpp>

#include "schema_checker.hpp"
#include "schema_value.hpp"

namespace earshot::core {

void SchemaChecker::check_object(JsonValue schema, JsonValue object) {
  check_required(schema, object);
  check_dependent(schema, object);
  for (const JsonValue member : object) {
    const std::size_t mark = enter(member.key());
    check_name(schema.member("propertyNames"), member.key());
    check_member(schema, member);
    leave(mark);
  }
}

void SchemaChecker::check_required(JsonValue schema, JsonValue object) {
  for (const JsonValue name : schema.member("required")) {
    if (object.member(name.text()).exists()) continue;
    const JsonValue title = schema.member("properties").member(name.text()).member("title");
    add_at(name.text(),
           title.is_string() ? fmt::format("is required ({})", title.text()) : "is required");
  }
}

void SchemaChecker::check_dependent(JsonValue schema, JsonValue object) {
  for (const JsonValue names : schema.member("dependentRequired")) {
    if (!object.member(names.key()).exists()) continue;
    for (const JsonValue name : names) {
      if (object.member(name.text()).exists()) continue;
      add_at(name.text(), fmt::format("is required beside {}", quoted(names.key())));
    }
  }
}

/// A member's value against properties, patternProperties and additionalProperties.
void SchemaChecker::check_member(JsonValue schema, JsonValue member) {
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

void SchemaChecker::report_unknown(JsonValue schema, std::string_view name) {
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

void SchemaChecker::check_name(JsonValue schema, std::string_view name) {
  if (!schema.is_object()) return;
  if (const JsonValue target = resolve_reference(root_, schema.member("$ref")); target.exists()) {
    if (!step()) return;
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

}  // namespace earshot::core

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "schema_checker.hpp"
#include "schema_value.hpp"

namespace earshot::core {

SchemaFindings SchemaChecker::attempt(JsonValue schema, JsonValue instance) {
  SchemaFindings outer = std::exchange(findings_, {});
  check(schema, instance);
  return std::exchange(findings_, std::move(outer));
}

void SchemaChecker::check_alternatives(JsonValue alternatives, JsonValue instance,
                                       bool exactly_one) {
  if (alternatives.size() == 0) return;
  std::vector<SchemaFindings> failures;
  std::size_t fitting = 0;
  for (const JsonValue alternative : alternatives) {
    SchemaFindings found = attempt(alternative, instance);
    fitting += found.empty() ? 1u : 0u;
    failures.push_back(std::move(found));
  }
  if (fitting == 1 || (fitting > 1 && !exactly_one)) return;
  if (report_required_sets(alternatives, instance)) return;
  if (fitting > 1) return add("fits several alternatives where only one may fit");
  report_closest(failures, instance);
}

/// Alternatives that only ask for one member each: "expected exactly one of ...".
bool SchemaChecker::report_required_sets(JsonValue alternatives, JsonValue instance) {
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
void SchemaChecker::report_closest(const std::vector<SchemaFindings>& failures,
                                   JsonValue instance) {
  const SchemaFindings* best = nullptr;
  std::vector<std::string> expected;
  for (const SchemaFindings& failure : failures) {
    const SchemaFinding& first = failure.front();
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

void SchemaChecker::check_not(JsonValue schema, JsonValue instance) {
  if (!schema.exists() || !attempt(schema, instance).empty()) return;
  const JsonValue title = schema.member("title");
  add(title.is_string() ? fmt::format("must not be {}", title.text())
                        : std::string("is what the schema forbids here"));
}

}  // namespace earshot::core

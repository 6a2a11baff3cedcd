#include <earshot/core/normalize/mapping.hpp>

#include "manifest_check.hpp"

namespace earshot::core {
namespace {

void check_template(ManifestCheck& check, JsonValue text, const std::string& path) {
  check.placeholders(text, path, [&](std::string_view name) {
    if (name.front() == '/' || name.front() == '$') return;
    if (!check.config_member(name).exists()) return check.report_undeclared(path, name);
    if (check.is_secret(name)) check.report(path, "names a secret: records must not hold any");
  });
}

/// Templates anywhere in a mapping name config members, where they do not point into the item.
void check_templates(ManifestCheck& check, JsonValue value, const std::string& path) {
  std::size_t index = 0;
  for (const JsonValue child : value) {
    const std::string here =
        value.is_array() ? join_path(path, index++) : join_path(path, child.key());
    if (child.key() == "template" && child.is_string()) {
      check_template(check, child, here);
    } else {
      check_templates(check, child, here);
    }
  }
}

}  // namespace

void check_records(ManifestCheck& check) {
  for (const JsonValue spec : check.root().member("records")) {
    const std::string path = join_path("/records", spec.key());
    std::vector<SchemaIssue> issues;
    static_cast<void>(Mapping::compile(spec.key(), spec, {}, issues));
    check.report_all(path, issues);
    if (issues.empty()) check_templates(check, spec, path);
  }
}

}  // namespace earshot::core

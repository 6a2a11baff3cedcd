#include "manifest_check.hpp"

#include <fmt/format.h>

#include <earshot/core/base/text.hpp>
#include <earshot/core/normalize/template_text.hpp>

namespace earshot::core {

std::string join_path(const std::string& path, std::string_view member) {
  return fmt::format("{}/{}", path, pointer_segment(member));
}

std::string join_path(const std::string& path, std::size_t index) {
  return fmt::format("{}/{}", path, index);
}

JsonValue ManifestCheck::config_member(std::string_view name) const noexcept {
  return root_.member("config").member("properties").member(name);
}

bool ManifestCheck::is_secret(std::string_view name) const noexcept {
  return config_member(name).member("x-secret").truthy();
}

bool ManifestCheck::is_endpoint(std::string_view name) const noexcept {
  return root_.member("endpoints").member(name).exists();
}

void ManifestCheck::report(std::string path, std::string message) {
  issues_.push_back({std::move(path), std::move(message)});
}

void ManifestCheck::report_all(const std::string& path, const std::vector<SchemaIssue>& issues) {
  for (const SchemaIssue& issue : issues) report(path + issue.path, issue.message);
}

void ManifestCheck::report_undeclared(const std::string& path, std::string_view name) {
  std::vector<std::string> known;
  for (const JsonValue member : root_.member("config").member("properties")) {
    known.emplace_back(member.key());
  }
  const auto guess = closest(name, known);
  report(path, guess ? fmt::format("names \"{}\", which is not declared under /config/properties; "
                                   "did you mean \"{}\"?",
                                   shorten(name, 64), *guess)
                     : fmt::format("names \"{}\", which is not declared: add it to "
                                   "/config/properties",
                                   shorten(name, 64)));
}

void ManifestCheck::placeholders(JsonValue text, const std::string& path,
                                 const std::function<void(std::string_view)>& visit) {
  if (!text.is_string()) return;
  const Result<std::vector<TemplatePart>> parts = parse_template(text.text());
  if (!parts) return report(path, parts.error().message);
  for (const TemplatePart& part : *parts) {
    if (part.placeholder) visit(part.text);
  }
}

void ManifestCheck::check_public_template(JsonValue text, const std::string& path) {
  placeholders(text, path, [&](std::string_view name) {
    if (!config_member(name).exists()) return report_undeclared(path, name);
    if (is_secret(name)) {
      report(path, fmt::format("names the secret \"{}\": secrets belong to auth only", name));
    }
  });
}

std::vector<SchemaIssue> check_manifest(JsonValue root) {
  ManifestCheck check(root);
  check_config(check);
  check_auth(check);
  check_traffic(check);
  check_records(check);
  return check.take();
}

}  // namespace earshot::core

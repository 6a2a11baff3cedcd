#include "earshot/core/manifest/manifest.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "manifest_check.hpp"
#include "manifest_content.hpp"

namespace earshot::core {
namespace {

constexpr std::size_t kLargest = std::size_t{1} << 20;
constexpr JsonLimits kLimits{.depth = 64, .nodes = 200'000};

bool lies_within(std::string_view path, std::string_view outer) {
  return path.starts_with(outer) && (path.size() == outer.size() || path[outer.size()] == '/');
}

/// Adds what the schema has not said about the same place in its own words.
void add_new(std::vector<SchemaIssue>& issues, std::vector<SchemaIssue> more) {
  const std::size_t told = issues.size();
  for (SchemaIssue& issue : more) {
    const bool known = std::any_of(
        issues.begin(), issues.begin() + static_cast<std::ptrdiff_t>(told),
        [&](const SchemaIssue& other) {
          return lies_within(issue.path, other.path) || lies_within(other.path, issue.path);
        });
    if (!known) issues.push_back(std::move(issue));
  }
}

std::vector<SchemaIssue> all_issues(JsonValue root) {
  const Result<std::unique_ptr<JsonDocument>> schema =
      JsonDocument::parse(std::string(manifest_schema()));
  if (!schema) return {{"", "the built-in schema is broken: " + schema.error().message}};
  std::vector<SchemaIssue> issues = check_schema((*schema)->root(), root);
  add_new(issues, check_manifest(root));
  return issues;
}

}  // namespace

std::string Manifest::required_config() const {
  std::string out;
  for (const JsonValue member : config_schema().member("required")) {
    if (!out.empty()) out += ',';
    out += member.text();
  }
  return out;
}

bool Manifest::is_secret(std::string_view member) const noexcept {
  return config_schema().member("properties").member(member).member("x-secret").truthy();
}

ManifestReading read_manifest(std::string_view text) {
  ManifestReading out;
  if (text.size() > kLargest) {
    out.issues.push_back({"", "is larger than 1 MiB"});
    return out;
  }
  Result<std::unique_ptr<JsonDocument>> document = JsonDocument::parse(std::string(text), kLimits);
  if (!document) {
    out.issues.push_back({"", document.error().message});
    return out;
  }
  out.issues = all_issues((*document)->root());
  if (out.issues.empty()) out.manifest = manifest_content(std::move(document).value());
  return out;
}

}  // namespace earshot::core

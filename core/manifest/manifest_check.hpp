#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <earshot/core/json/schema.hpp>

namespace earshot::core {

/// What the checks of a manifest's sections share. They find what a schema cannot say, and bear
/// with values of any kind: what the schema refuses is told by it.
class ManifestCheck {
 public:
  explicit ManifestCheck(JsonValue root) : root_(root) {}

  [[nodiscard]] JsonValue root() const noexcept { return root_; }
  /// The schema of a config member; absent if it is not declared.
  [[nodiscard]] JsonValue config_member(std::string_view name) const noexcept;
  [[nodiscard]] bool is_secret(std::string_view name) const noexcept;
  [[nodiscard]] bool is_endpoint(std::string_view name) const noexcept;

  void report(std::string path, std::string message);
  /// Issues of a part, with the part's path before theirs.
  void report_all(const std::string& path, const std::vector<SchemaIssue>& issues);
  /// "is not declared under config/properties; did you mean ...?"
  void report_undeclared(const std::string& path, std::string_view name);

  /// Calls `visit` with the text between each pair of braces; reports a broken template.
  void placeholders(JsonValue text, const std::string& path,
                    const std::function<void(std::string_view)>& visit);
  /// Placeholders must name config members that are no secrets.
  void check_public_template(JsonValue text, const std::string& path);

  [[nodiscard]] std::vector<SchemaIssue> take() { return std::move(issues_); }

 private:
  JsonValue root_;
  std::vector<SchemaIssue> issues_;
};

[[nodiscard]] std::string join_path(const std::string& path, std::string_view member);
[[nodiscard]] std::string join_path(const std::string& path, std::size_t index);

void check_config(ManifestCheck& check);
void check_auth(ManifestCheck& check);
void check_traffic(ManifestCheck& check);
void check_records(ManifestCheck& check);

/// All of them.
[[nodiscard]] std::vector<SchemaIssue> check_manifest(JsonValue root);

}  // namespace earshot::core

#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <earshot/core/config/config.hpp>
#include <earshot/core/json/document.hpp>

namespace YAML {
class Node;
}

namespace earshot::core {

/// A part of a YAML file as JSON, and where each value stood.
struct YamlPart {
  std::shared_ptr<const JsonDocument> json;  ///< Null if the YAML could not be turned into JSON.
  std::map<std::string, int> lines;          ///< By JSON pointer.
  std::map<std::string, bool> from_outside;  ///< Pointers whose text came from "${...}" alone.

  /// The line of a pointer, or of the closest value above it.
  [[nodiscard]] int line(std::string pointer) const;
};

/// Reads a file's one document into `out`, a map without members where it has none. False, with an
/// issue, where the text is not valid or holds more than one.
[[nodiscard]] bool load_yaml(const std::string& text, const std::filesystem::path& file,
                             YAML::Node& out, std::vector<ConfigIssue>& issues);

/// Turns a YAML node into JSON. Scalars take their type from `schema` (absent: from how they look),
/// `${...}` is filled in from the environment. What cannot be is added to `issues` under `prefix`.
[[nodiscard]] YamlPart yaml_to_json(const YAML::Node& node, JsonValue schema,
                                    const Environment& environment,
                                    const std::filesystem::path& file, const std::string& prefix,
                                    std::vector<ConfigIssue>& issues);

/// "/integrations/acme/plugin" below "a" as people write it: "a.integrations.acme.plugin".
[[nodiscard]] std::string dotted(const std::string& prefix, std::string_view pointer);

}  // namespace earshot::core

#include "typed_members.hpp"

#include <yaml-cpp/yaml.h>

namespace earshot::core {

namespace {

/// Text in which nothing is filled in.
std::string literal(std::string_view text) {
  std::string out;
  for (std::size_t open = text.find("${"); open != std::string_view::npos; open = text.find("${")) {
    out.append(text.substr(0, open)).append("$${");
    text.remove_prefix(open + 2);
  }
  return out.append(text);
}

/// A list as people type it, "[a, b]"; what is none stays a text, which the schema then refuses.
YAML::Node typed_list(const std::string& text) {
  try {
    return YAML::Load(text);
  } catch (const YAML::Exception&) {
    return YAML::Node(text);
  }
}

}  // namespace

YamlPart typed_members(const Manifest& manifest, const std::map<std::string, std::string>& members,
                       std::vector<ConfigIssue>& issues) {
  const JsonValue properties = manifest.config_schema().member("properties");
  YAML::Node node(YAML::NodeType::Map);
  for (const auto& [member, text] : members) {
    const bool list = properties.member(member).member("type").text() == "array";
    node[member] = list ? typed_list(text) : YAML::Node(literal(text));
  }
  return yaml_to_json(
      node, manifest.config_schema(), [](const std::string&) { return std::nullopt; }, {}, "",
      issues);
}

}  // namespace earshot::core

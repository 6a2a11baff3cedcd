#include "typed_members.hpp"

#include <yaml-cpp/yaml.h>

#include <earshot/core/config/typed_list.hpp>

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

/// What is no list stays a text, which the schema then refuses.
YAML::Node list_of(const std::string& text) {
  const Result<std::vector<std::string>> elements = typed_list(text);
  if (!elements) return YAML::Node(literal(text));
  YAML::Node list(YAML::NodeType::Sequence);
  for (const std::string& element : *elements) list.push_back(literal(element));
  return list;
}

}  // namespace

YamlPart typed_members(const Manifest& manifest, const std::map<std::string, std::string>& members,
                       std::vector<ConfigIssue>& issues) {
  const JsonValue properties = manifest.config_schema().member("properties");
  YAML::Node node(YAML::NodeType::Map);
  for (const auto& [member, text] : members) {
    const bool list = properties.member(member).member("type").text() == "array";
    node[member] = list ? list_of(text) : YAML::Node(literal(text));
  }
  return yaml_to_json(
      node, manifest.config_schema(), [](const std::string&) { return std::nullopt; }, {}, "",
      issues);
}

}  // namespace earshot::core

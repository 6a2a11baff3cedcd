#include "earshot/core/config/typed_list.hpp"

#include <yaml-cpp/yaml.h>

namespace earshot::core {

Result<std::vector<std::string>> typed_list(const std::string& text) {
  try {
    const YAML::Node node = YAML::Load(text);
    if (node.IsSequence()) return node.as<std::vector<std::string>>();
  } catch (const YAML::Exception&) {
    // told below
  }
  return Error{.code = Code::config, .message = "expected a list such as [a, b]"};
}

}  // namespace earshot::core

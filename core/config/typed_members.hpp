#pragma once

#include <map>
#include <string>
#include <vector>

#include <earshot/core/config/config.hpp>

#include "yaml_document.hpp"

namespace earshot::core {

/// Members that stand in no file, as typed or taken from variables, with the types of the
/// manifest's schema; a list is typed "[a, b]".
YamlPart typed_members(const Manifest& manifest, const std::map<std::string, std::string>& members,
                       std::vector<ConfigIssue>& issues);

}  // namespace earshot::core

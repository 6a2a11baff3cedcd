#pragma once

#include <string_view>
#include <vector>

namespace earshot::host {

/// One file of sdk/templates, built in.
struct Template {
  std::string_view path;  ///< "common/manifest.json", "cpp/plugin.cpp"
  std::string_view text;
};
[[nodiscard]] const std::vector<Template>& project_templates();

}  // namespace earshot::host

#pragma once

#include <span>
#include <string_view>

namespace earshot::host {

/// One file of sdk/templates, built in.
struct Template {
  std::string_view path;  ///< "common/manifest.json", "cpp/plugin.cpp"
  std::string_view text;
};
[[nodiscard]] std::span<const Template> project_templates() noexcept;

}  // namespace earshot::host

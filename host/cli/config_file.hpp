#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace earshot::host {

/// One integration as it is written into earshot.yaml.
struct ConfigEntry {
  std::string name;
  std::string plugin;
  std::map<std::string, std::string> config{};
  std::map<std::string, std::vector<std::string>> lists{};  ///< The rest of its settings.
  std::map<std::string, std::string> credentials{};  ///< References: ${VARIABLE} or file:PATH.
  std::string base_url{};
  std::string ca_file{};
};

/// The text of an earshot.yaml. Every scalar is quoted where YAML would take it for something else.
[[nodiscard]] std::string config_text(const std::vector<std::filesystem::path>& plugin_dirs,
                                      const std::filesystem::path& data_dir,
                                      const std::vector<ConfigEntry>& entries);

}  // namespace earshot::host

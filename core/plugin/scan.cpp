#include <algorithm>
#include <map>
#include <system_error>

#include <fmt/format.h>

#include <earshot/core/plugin/loader.hpp>

#include "inspect.hpp"

namespace earshot::core {
namespace {

namespace fs = std::filesystem;

/// The *.so of a directory, sorted by name so that the same file wins every time.
Result<std::vector<fs::path>> libraries_in(const fs::path& directory) {
  std::error_code failure;
  fs::directory_iterator entry(directory, failure);
  std::vector<fs::path> found;
  for (; !failure && entry != fs::directory_iterator(); entry.increment(failure)) {
    if (entry->path().extension() == ".so") found.push_back(entry->path());
  }
  if (failure) {
    return refusal(fmt::format(
        "cannot be read as a plugin directory ({}): make it, or correct `plugin_dirs` in the "
        "configuration",
        failure.message()));
  }
  std::ranges::sort(found);
  return found;
}

class Scan {
 public:
  void directory(const fs::path& path) {
    Result<std::vector<fs::path>> libraries = libraries_in(path);
    if (!libraries) return refuse(path, libraries.error().message);
    for (const fs::path& library : *libraries) file(library);
  }

  PluginScan finish() && {
    for (auto& [name, plugin] : plugins_) result_.plugins.push_back(std::move(plugin));
    return std::move(result_);
  }

 private:
  void file(const fs::path& path) {
    Result<PluginFile> plugin = judge_plugin(path);
    if (!plugin) return refuse(path, plugin.error().message);
    const std::string name = plugin->manifest.name;
    const auto [at, is_new] = plugins_.try_emplace(name, *std::move(plugin));
    std::error_code ignored;
    if (is_new || fs::equivalent(at->second.path, path, ignored)) return;
    refuse(path, fmt::format("'{}' is there already, as {}: remove one of the two", name,
                             at->second.path.string()));
  }

  void refuse(const fs::path& path, std::string reason) {
    result_.refused.push_back({.path = path, .reason = std::move(reason)});
  }

  std::map<std::string, PluginFile> plugins_;
  PluginScan result_;
};

}  // namespace

PluginScan scan_plugins(const std::vector<fs::path>& directories) {
  Scan scan;
  for (const fs::path& directory : directories) scan.directory(directory);
  return std::move(scan).finish();
}

}  // namespace earshot::core

#include "program.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include <fmt/format.h>

#include <earshot/core/base/file.hpp>
#include <earshot/core/base/text.hpp>
#include <earshot/core/store/sqlite.hpp>

namespace earshot::host {

using core::Code;
using core::Error;
using core::Result;

namespace {

constexpr std::uint64_t kMaxConfig = 1U << 20;

std::optional<std::string> environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

Error unknown_name(std::string_view what, const std::string& name,
                   const std::vector<std::string>& names) {
  std::string message = fmt::format("there is no {} '{}'", what, name);
  if (const auto near = core::closest(name, names)) {
    message += fmt::format("; did you mean '{}'?", *near);
  } else if (names.empty()) {
    message += fmt::format("; there are none at all");
  } else {
    message += fmt::format("; there are: {}", fmt::join(names, ", "));
  }
  return {.code = Code::config, .message = std::move(message)};
}

}  // namespace

core::Log& Program::log() {
  if (!log_) {
    core::LogOptions options;
    options.level = options_.verbose ? core::LogLevel::debug
                    : options_.quiet ? core::LogLevel::error
                                     : core::LogLevel::warn;
    options.file = options_.log_file;
    options.json = options_.json && !options_.log_file.empty();
    log_ = std::make_unique<core::Log>(std::move(options));
  }
  return *log_;
}

std::filesystem::path Program::executable() {
  return std::filesystem::read_symlink("/proc/self/exe");
}

std::vector<std::filesystem::path> Program::default_plugin_dirs() const {
  if (!options_.plugin_dirs.empty()) return options_.plugin_dirs;
  return {executable().parent_path().parent_path() / "plugins"};
}

core::PluginCatalog Program::open_catalog(const std::vector<std::filesystem::path>& directories) {
  scan_ = core::scan_plugins(directories.empty() ? default_plugin_dirs() : directories);
  core::PluginCatalog catalog;
  for (const core::PluginFile& file : scan_->plugins) catalog.names.push_back(file.manifest.name);
  catalog.find = [this](std::string_view name) -> const core::Manifest* {
    const auto found =
        std::find_if(scan_->plugins.begin(), scan_->plugins.end(),
                     [name](const core::PluginFile& file) { return file.manifest.name == name; });
    return found == scan_->plugins.end() ? nullptr : &found->manifest;
  };
  return catalog;
}

Result<core::ConfigReading> Program::check_config() {
  Result<std::string> text = core::read_file(options_.config, kMaxConfig);
  if (!text) {
    return Error{.code = Code::config,
                 .message = text.error().message +
                            "; write one with 'earshot init' or name it with --config FILE"};
  }
  const core::ConfigOverrides overrides{.plugin_dirs = options_.plugin_dirs,
                                        .data_dir = options_.data_dir};
  return core::read_config(options_.config, *text, overrides, environment,
                           [this](const std::vector<std::filesystem::path>& directories) {
                             return open_catalog(directories);
                           });
}

Result<const core::HostSettings*> Program::settings() {
  if (settings_) return &*settings_;
  EAR_TRY(core::ConfigReading reading, check_config());
  std::string mistakes;
  for (const core::ConfigIssue& issue : reading.issues) {
    if (issue.warning) {
      if (!options_.quiet) fmt::print(stderr, "{}\n", to_string(issue));
    } else {
      (mistakes += mistakes.empty() ? "" : "\n") += to_string(issue);
    }
  }
  if (!reading.settings) return Error{.code = Code::config, .message = std::move(mistakes)};
  settings_ = std::move(reading.settings);
  return &*settings_;
}

const core::PluginScan& Program::plugins() {
  if (!scan_) {
    if (std::filesystem::exists(options_.config)) static_cast<void>(check_config());
    if (!scan_) open_catalog({});
  }
  return *scan_;
}

Result<const core::PluginFile*> Program::plugin(const std::string& name) {
  std::vector<std::string> names;
  for (const core::PluginFile& file : plugins().plugins) {
    if (file.manifest.name == name) return &file;
    names.push_back(file.manifest.name);
  }
  return unknown_name("plugin", name, names);
}

Result<std::vector<Target>> Program::targets(const std::vector<std::string>& names) {
  EAR_TRY(const core::HostSettings* all, settings());
  std::vector<std::string> known;
  for (const core::IntegrationSettings& one : all->integrations) known.push_back(one.name);
  for (const std::string& name : names) {
    if (std::find(known.begin(), known.end(), name) == known.end())
      return unknown_name("integration", name, known);
  }
  std::vector<Target> targets;
  for (const core::IntegrationSettings& one : all->integrations) {
    if (!names.empty() && std::find(names.begin(), names.end(), one.name) == names.end()) continue;
    EAR_TRY(const core::PluginFile* file, plugin(one.plugin));
    targets.push_back({one, *file});
  }
  return targets;
}

Result<std::filesystem::path> Program::data_dir() {
  if (!options_.data_dir.empty()) return options_.data_dir;
  if (settings_) return settings_->data_dir;
  EAR_TRY(const core::ConfigReading reading, check_config());
  if (!reading.data_dir.empty()) return reading.data_dir;
  EAR_TRY(const core::HostSettings* all, settings());
  return all->data_dir;
}

Result<std::unique_ptr<core::StoreReader>> Program::reader() {
  EAR_TRY(const std::filesystem::path directory, data_dir());
  return core::open_sqlite_reader(directory);
}

}  // namespace earshot::host

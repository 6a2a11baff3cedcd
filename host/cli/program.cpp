#include "program.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include <fmt/format.h>

#include <earshot/core/base/file.hpp>
#include <earshot/core/base/text.hpp>
#include <earshot/core/config/dotenv.hpp>
#include <earshot/core/store/sqlite.hpp>

#include "members.hpp"
#include "say.hpp"

namespace earshot::host {

using core::Code;
using core::Error;
using core::Result;

namespace {

constexpr std::uint64_t kMaxConfig = 1U << 20;

/// The file .env that counts: beside the configuration, else in the working directory.
std::filesystem::path dotenv_file(const std::filesystem::path& config) {
  std::error_code failure;
  const std::filesystem::path beside = std::filesystem::absolute(config).parent_path() / ".env";
  return std::filesystem::exists(beside, failure) ? beside : std::filesystem::absolute(".env");
}

bool others_may_read(const std::filesystem::path& file) {
  using Perms = std::filesystem::perms;
  std::error_code failure;
  const Perms mode = std::filesystem::status(file, failure).permissions();
  return !failure && (mode & (Perms::group_read | Perms::others_read)) != Perms::none;
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

core::PluginCatalog catalog_of(const core::PluginScan& scan) {
  core::PluginCatalog catalog;
  for (const core::PluginFile& file : scan.plugins) catalog.names.push_back(file.manifest.name);
  catalog.find = [&scan](std::string_view name) -> const core::Manifest* {
    const auto found =
        std::find_if(scan.plugins.begin(), scan.plugins.end(),
                     [name](const core::PluginFile& file) { return file.manifest.name == name; });
    return found == scan.plugins.end() ? nullptr : &found->manifest;
  };
  catalog.refusal = [&scan](std::string_view name) -> std::string {
    for (const core::PluginScan::Refusal& refused : scan.refused) {
      if (refused.path.stem() == name) return refused.path.string() + ": " + refused.reason;
    }
    return {};
  };
  return catalog;
}

core::Log& Program::log() {
  if (!log_) {
    const bool is_configured = reading_ && reading_->settings;
    const core::LogSettings configured =
        is_configured ? reading_->settings->log : core::LogSettings{};
    core::LogOptions options;
    options.file = options_.log_file.empty() ? configured.file : options_.log_file;
    options.level =
        options_.verbose ? core::LogLevel::debug : configured.level.value_or(core::LogLevel::warn);
    if (options_.quiet && options.file.empty())
      options.level = std::max(options.level, core::LogLevel::error);
    options.max_size = configured.max_size;
    options.max_files = configured.max_files;
    options.json = options_.json && !options.file.empty();
    options.print = [this](std::string_view line) { terminal_.print(line); };
    log_ = std::make_unique<core::Log>(std::move(options));
  }
  return *log_;
}

std::filesystem::path Program::executable() {
  return std::filesystem::read_symlink("/proc/self/exe");
}

std::vector<std::filesystem::path> Program::default_plugin_dirs() const {
  if (!options_.plugin_dirs.empty()) return options_.plugin_dirs;
  const std::filesystem::path beside = executable().parent_path().parent_path();
  std::error_code failure;
  const std::filesystem::path built = beside / "plugins";
  return {std::filesystem::exists(built, failure) ? built : beside / "lib/earshot/plugins"};
}

core::PluginCatalog Program::open_catalog(const std::vector<std::filesystem::path>& directories) {
  plugin_dirs_ = directories.empty() ? default_plugin_dirs() : directories;
  scan_ = core::scan_plugins(plugin_dirs_);
  return catalog_of(*scan_);
}

bool Program::config_was_named() const {
  return options_.config != GlobalOptions{}.config;
}

Result<const core::ConfigReading*> Program::check_config() {
  if (reading_) return &*reading_;
  Result<std::string> text = core::read_file(options_.config, kMaxConfig);
  if (!text) {
    return Error{.code = Code::config,
                 .message = text.error().message +
                            "; write one with 'earshot init' or name it with --config FILE"};
  }
  EAR_TRY(const core::Environment variables, environment());
  const core::ConfigOverrides overrides{.plugin_dirs = options_.plugin_dirs,
                                        .data_dir = options_.data_dir};
  reading_ = core::read_config(options_.config, *text, overrides, variables,
                               [this](const std::vector<std::filesystem::path>& directories) {
                                 return open_catalog(directories);
                               });
  return &*reading_;
}

Result<core::Environment> Program::environment() {
  if (!dotenv_) {
    const std::filesystem::path file = dotenv_file(options_.config);
    std::error_code failure;
    if (std::filesystem::exists(file, failure)) {
      EAR_CHECK(read_dotenv(file));
    } else {
      dotenv_.emplace();
    }
  }
  return core::Environment([this](const std::string& name) -> std::optional<std::string> {
    if (const char* value = std::getenv(name.c_str())) return value;
    const auto found = dotenv_->find(name);
    return found == dotenv_->end() ? std::nullopt : std::optional(found->second);
  });
}

Result<void> Program::read_dotenv(const std::filesystem::path& file) {
  EAR_TRY(const std::string text, core::read_file(file, core::kLargestDotenv));
  auto variables = core::parse_dotenv(text);
  if (!variables) {
    return Error{.code = Code::config,
                 .message = fmt::format("{}:{}", file.string(), variables.error().message)};
  }
  if (others_may_read(file) && !options_.quiet) {
    say(stderr, "{}: warning: others may read it; 'chmod 600 {}'\n", file.string(), file.string());
  }
  dotenv_ = *std::move(variables);
  return {};
}

Result<const core::HostSettings*> Program::settings() {
  EAR_TRY(const core::ConfigReading* reading, check_config());
  const bool warn = !std::exchange(warned_, true) && !options_.quiet;
  std::string mistakes;
  for (const core::ConfigIssue& issue : reading->issues) {
    if (issue.warning) {
      if (warn) say(stderr, "{}\n", to_string(issue));
    } else {
      (mistakes += mistakes.empty() ? "" : "\n") += to_string(issue);
    }
  }
  if (!reading->settings) return Error{.code = Code::config, .message = std::move(mistakes)};
  return &*reading->settings;
}

const core::PluginScan& Program::plugins() {
  if (!scan_) {
    std::error_code unknown;
    if (std::filesystem::exists(options_.config, unknown)) static_cast<void>(check_config());
    if (!scan_) open_catalog({});
  }
  return *scan_;
}

const std::vector<std::filesystem::path>& Program::plugin_dirs() {
  static_cast<void>(plugins());
  return plugin_dirs_;
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

Result<Target> Program::target_of_environment(const std::string& name,
                                              const std::vector<std::string>& members,
                                              const std::string& base_url) {
  EAR_TRY(const core::PluginFile* file, plugin(name));
  EAR_TRY(const core::Environment variables, environment());
  EAR_TRY(const auto typed, read_members(members, variables));
  EAR_TRY(core::IntegrationSettings settings,
          unsaved_integration(name, file->manifest, typed, variables));
  if (!base_url.empty()) {
    const std::string mistake = core::base_url_mistake(base_url);
    if (!mistake.empty()) return Error{.code = Code::config, .message = "--base-url " + mistake};
  }
  settings.base_url = base_url;
  return Target{std::move(settings), *file};
}

Result<void> Program::check_unconfigured(const std::string& name) {
  if (config_was_named()) EAR_CHECK(settings());
  const Result<const core::ConfigReading*> reading = check_config();
  if (!reading) return {};
  const std::vector<std::string>& names = (*reading)->names;
  if (std::find(names.begin(), names.end(), name) == names.end()) return {};
  return Error{.code = Code::config,
               .message = fmt::format("{} configures an integration '{}'; name that instead of the "
                                      "plugin",
                                      options_.config.string(), name)};
}

Result<std::filesystem::path> Program::data_dir() {
  if (!options_.data_dir.empty()) return options_.data_dir;
  if (!config_was_named() && !std::filesystem::exists(options_.config))
    return std::filesystem::path("data");
  EAR_TRY(const core::ConfigReading* reading, check_config());
  if (!reading->data_dir.empty()) return reading->data_dir;
  EAR_TRY(const core::HostSettings* all, settings());
  return all->data_dir;
}

Result<void> Program::check_name(core::StoreReader& reader, const std::string& name) {
  if (name.empty()) return {};
  std::vector<std::string> names;
  EAR_TRY(const std::vector<core::IntegrationRow> rows, reader.integrations());
  for (const core::IntegrationRow& row : rows) names.push_back(row.name);
  if (const Result<const core::ConfigReading*> reading = check_config()) {
    for (const std::string& configured : (*reading)->names) {
      if (std::find(names.begin(), names.end(), configured) == names.end())
        names.push_back(configured);
    }
  }
  if (std::find(names.begin(), names.end(), name) != names.end()) return {};
  return unknown_name("integration", name, names);
}

Result<std::unique_ptr<core::StoreReader>> Program::reader() {
  EAR_TRY(const std::filesystem::path directory, data_dir());
  return core::open_sqlite_reader(directory);
}

}  // namespace earshot::host

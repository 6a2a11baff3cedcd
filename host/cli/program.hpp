#pragma once

/// What the verbs share: the options that stand before or after every verb, and the things they
/// open.

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <earshot/core/config/config.hpp>
#include <earshot/core/observe/log.hpp>
#include <earshot/core/plugin/loader.hpp>
#include <earshot/core/store/store.hpp>

#include "exit_code.hpp"
#include "terminal.hpp"

namespace earshot::host {

struct GlobalOptions {
  std::filesystem::path config = "earshot.yaml";
  std::filesystem::path data_dir;
  std::vector<std::filesystem::path> plugin_dirs;
  bool json = false;
  bool verbose = false;
  bool quiet = false;
  std::filesystem::path log_file;
};

/// An integration with the plugin that it needs.
struct Target {
  core::IntegrationSettings settings;
  core::PluginFile plugin;
};

/// The plugins found, by name. `scan` lives as long as what it gives.
[[nodiscard]] core::PluginCatalog catalog_of(const core::PluginScan& scan);

/// One start of the program. Everything is opened when first asked for; errors carry the whole
/// story. [one thread at a time]
class Program {
 public:
  explicit Program(GlobalOptions options) : options_(std::move(options)) {}

  [[nodiscard]] const GlobalOptions& options() const noexcept { return options_; }
  [[nodiscard]] core::Log& log();
  [[nodiscard]] core::Clock& clock() noexcept { return clock_; }
  /// Standard error; what is printed there while something is drawn goes through it.
  [[nodiscard]] Terminal& terminal() noexcept { return terminal_; }

  /// The checked configuration. Warnings go to standard error; mistakes come as one error, all of
  /// them in it.
  [[nodiscard]] core::Result<const core::HostSettings*> settings();
  /// What a check of the configuration finds, mistakes and all, as it was when first asked for.
  [[nodiscard]] core::Result<const core::ConfigReading*> check_config();
  /// The plugin files of the configured directories, or of `--plugin-dir` and the built-in ones
  /// without a configuration.
  [[nodiscard]] const core::PluginScan& plugins();
  /// Where those are looked for, in order; never none.
  [[nodiscard]] const std::vector<std::filesystem::path>& plugin_dirs();
  /// A plugin by name; config naming the near ones where there is none.
  [[nodiscard]] core::Result<const core::PluginFile*> plugin(const std::string& name);
  /// The integrations of those names, or all; config naming the near ones where one is unknown.
  [[nodiscard]] core::Result<std::vector<Target>> targets(const std::vector<std::string>& names);
  /// The plugin as an integration of its own name that is in no file: made of `members` as they are
  /// typed ("name=value") and, where those say nothing, of the environment. An empty `base_url` is
  /// the product's own.
  [[nodiscard]] core::Result<Target> target_of_environment(const std::string& name,
                                                           const std::vector<std::string>& members,
                                                           const std::string& base_url);
  /// config where an integration of that name is configured, or where the file that --config named
  /// has mistakes; another file's are no hindrance.
  [[nodiscard]] core::Result<void> check_unconfigured(const std::string& name);
  /// Variables of the environment and, where that has none, of the file .env beside the
  /// configuration or else in the working directory. config where that file has a mistake.
  [[nodiscard]] core::Result<core::Environment> environment();
  /// Where the store is: of the options, else the configuration's, which for that need not be
  /// without mistakes: reading takes no credentials.
  [[nodiscard]] core::Result<std::filesystem::path> data_dir();
  /// config naming the near ones where no integration of that name is configured or has anything
  /// stored. An empty name stands for all.
  [[nodiscard]] core::Result<void> check_name(core::StoreReader& reader, const std::string& name);
  /// The store for reading.
  [[nodiscard]] core::Result<std::unique_ptr<core::StoreReader>> reader();
  /// This program's file, which probes plugins.
  [[nodiscard]] static std::filesystem::path executable();

 private:
  /// Whether --config named a file, which then has to be there and good.
  [[nodiscard]] bool config_was_named() const;
  [[nodiscard]] std::vector<std::filesystem::path> default_plugin_dirs() const;
  [[nodiscard]] core::Result<void> read_dotenv(const std::filesystem::path& file);
  core::PluginCatalog open_catalog(const std::vector<std::filesystem::path>& directories);

  GlobalOptions options_;
  core::SystemClock clock_;
  Terminal terminal_;
  std::unique_ptr<core::Log> log_;
  std::optional<std::map<std::string, std::string>> dotenv_;
  std::vector<std::filesystem::path> plugin_dirs_;  ///< Of the scan.
  std::optional<core::PluginScan> scan_;
  std::optional<core::ConfigReading> reading_;
  bool warned_ = false;  ///< Of what the reading warns of.
};

}  // namespace earshot::host

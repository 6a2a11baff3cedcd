#pragma once

/// The operator's configuration: one YAML file, read whole, all mistakes reported at once.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <earshot/core/base/daily_hours.hpp>
#include <earshot/core/base/secret.hpp>
#include <earshot/core/base/time.hpp>
#include <earshot/core/json/document.hpp>
#include <earshot/core/manifest/manifest.hpp>
#include <earshot/core/observe/log.hpp>

namespace earshot::core {

/// Something wrong, or worth a warning, in a configuration file.
struct ConfigIssue {
  std::filesystem::path file;
  int line = 0;         ///< From 1; 0 where there is none.
  std::string path;     ///< "integrations.acme.config.subdomain"
  std::string message;  ///< What is wrong and what would be right. No secret.
  bool warning = false;
};
/// "earshot.yaml:7: integrations.acme.config.subdomain: is required"
[[nodiscard]] std::string to_string(const ConfigIssue& issue);

/// `http:` of the file, or of one integration where it says otherwise.
struct HttpSettings {
  Micros timeout = std::chrono::seconds(30);  ///< To the first byte, and between two.
  Micros connect_timeout = std::chrono::seconds(10);
  int max_retries = 3;
  Micros retry_delay = std::chrono::seconds(1);
  std::uint32_t max_connections = 100;
  std::uint32_t max_connections_per_host = 30;
  std::string proxy;              ///< For http and https; empty: the environment's.
  std::filesystem::path ca_file;  ///< tls.ca_file
  Micros max_wait =
      std::chrono::seconds(60);  ///< For quota, within a run; longer ends it as yielded.
};

/// One account of a product, checked against its manifest.
struct IntegrationSettings {
  std::string name;
  std::string plugin;
  std::shared_ptr<const JsonDocument> config;  ///< With defaults; without secrets.
  std::map<std::string, Secret> credentials;
  std::string base_url;
  std::map<std::string, std::optional<LimitRule>>
      limits;                                   ///< By bucket: other figures, or nothing for "off".
  std::optional<Micros> every;                  ///< schedule.every
  std::shared_ptr<const JsonDocument> mapping;  ///< Overrides by record and field; may be null.
  bool store_raw = false;
  HttpSettings http;
};

/// `log:` of the file.
struct LogSettings {
  std::filesystem::path file;     ///< Empty: standard error.
  std::optional<LogLevel> level;  ///< Where the file says so.
  std::uint64_t max_size = LogOptions{}.max_size;
  std::uint32_t max_files = LogOptions{}.max_files;
};

struct HostSettings {
  std::filesystem::path file;
  std::vector<std::filesystem::path> plugin_dirs;
  std::filesystem::path data_dir;
  HttpSettings http;
  LogSettings log;
  std::optional<DailyHours> backfill_hours;       ///< backfill.hours in backfill.time_zone
  std::vector<IntegrationSettings> integrations;  ///< In the file's order.
};

/// What the command line and the environment put over the file.
struct ConfigOverrides {
  std::vector<std::filesystem::path> plugin_dirs;
  std::filesystem::path data_dir;
};

struct ConfigReading {
  std::optional<HostSettings> settings;  ///< Present if there is nothing worse than warnings.
  std::vector<ConfigIssue> issues;
  std::filesystem::path data_dir;  ///< Known also where integrations have mistakes; else empty.
  std::vector<std::string> names;  ///< Of the integrations, those with mistakes too.
};

using Environment = std::function<std::optional<std::string>(const std::string&)>;
/// Finds manifests by name once the plugin directories are known; lists the names there are.
struct PluginCatalog {
  std::function<const Manifest*(std::string_view name)> find;
  std::vector<std::string> names;
  /// Why a file was refused that would be that plugin by its name; empty where there is none.
  std::function<std::string(std::string_view name)> refusal{};
};

/// Reads a configuration. `${VAR}` and `${VAR:-default}` stand for the environment's values, `$${`
/// for "${"; "file:PATH" as a credential reads the secret from a file; relative paths are relative
/// to the file; scalars take their type from the schema. A literal secret is a warning, a secret
/// under `config` an error. A member that is absent is taken from the variable that the manifest
/// names (x-env), unless two integrations would get it.
[[nodiscard]] ConfigReading read_config(
    const std::filesystem::path& file, std::string_view text, const ConfigOverrides& overrides,
    const Environment& environment,
    const std::function<PluginCatalog(const std::vector<std::filesystem::path>&)>& open_catalog);

/// Checks the members of one integration that is in no file: `members` are config and credentials
/// together, by name. What is absent is taken from the environment, where one is given.
[[nodiscard]] ConfigReading check_integration(const std::string& name, const Manifest& manifest,
                                              const std::map<std::string, std::string>& members,
                                              const Environment& environment = {});

/// Why that will not do as an integration's base_url; empty if it will.
[[nodiscard]] std::string base_url_mistake(std::string_view base_url);

/// The published JSON Schema of earshot.yaml (sdk/schema/earshot.schema.json, built in), for
/// editors.
[[nodiscard]] std::string_view config_schema() noexcept;

}  // namespace earshot::core

#include <algorithm>
#include <utility>

#include <yaml-cpp/yaml.h>

#include <earshot/core/base/text.hpp>
#include <earshot/core/config/config.hpp>
#include <earshot/core/json/schema.hpp>

#include "from_environment.hpp"
#include "host_parts.hpp"
#include "integration.hpp"
#include "secret_files.hpp"
#include "typed_members.hpp"
#include "yaml_document.hpp"

namespace earshot::core {

namespace {

constexpr std::size_t kMaxFile = std::size_t{1} << 20;

constexpr Micros kLeast{1};

/// Reads one file; what it finds wrong is collected, never thrown or returned early.
class Reader {
 public:
  Reader(std::filesystem::path file, const ConfigOverrides& overrides,
         const Environment& environment)
      : file_(std::move(file)), overrides_(overrides), environment_(environment) {}

  ConfigReading read(
      std::string_view text,
      const std::function<PluginCatalog(const std::vector<std::filesystem::path>&)>& open_catalog) {
    ConfigReading reading;
    settings_.file = file_;
    const Result<std::unique_ptr<JsonDocument>> schema =
        JsonDocument::parse(std::string(config_schema()));
    if (load(text, (*schema)->root())) {
      read_host();
      if (!already_told("data_dir")) reading.data_dir = settings_.data_dir;
      catalog_ = open_catalog(settings_.plugin_dirs);
      if (root().member("integrations").is_object()) {
        for (const auto& member : yaml_["integrations"]) {
          reading.names.push_back(member.first.Scalar());
          read_integration(reading.names.back(), member.second);
        }
      }
      tell_shared_variables();
    }
    const bool good = std::all_of(issues_.begin(), issues_.end(),
                                  [](const ConfigIssue& issue) { return issue.warning; });
    if (good) reading.settings = std::move(settings_);
    reading.issues = std::move(issues_);
    return reading;
  }

 private:
  bool load(std::string_view text, JsonValue schema) {
    if (text.size() > kMaxFile) {
      issue(0, "", "is larger than 1 MiB");
      return false;
    }
    if (!load_yaml(std::string(text), file_, yaml_, issues_)) return false;
    part_ = yaml_to_json(yaml_, schema, environment_, file_, "", issues_);
    if (!part_.json) return false;
    for (const SchemaIssue& found : check_schema(schema, root())) {
      issue(part_.line(found.path), dotted("", found.path), found.message);
    }
    return root().is_object();
  }

  void read_host() {
    settings_.data_dir =
        !overrides_.data_dir.empty() ? overrides_.data_dir : resolved(text_or("/data_dir", "data"));
    settings_.plugin_dirs = overrides_.plugin_dirs;
    if (settings_.plugin_dirs.empty()) {
      for (const JsonValue directory : root().at("/plugin_dirs"))
        settings_.plugin_dirs.push_back(resolved(directory.text()));
    }
    settings_.http = read_http("/http", HttpSettings{});
    settings_.log =
        read_log(root().at("/log"), [this](std::string_view path) { return resolved(path); });
    if (auto hours = read_backfill_hours(root().at("/backfill")); hours) {
      settings_.backfill_hours = *std::move(hours);
    } else {
      issue(part_.line("/backfill"), "backfill", hours.error().message);
    }
  }

  void read_integration(const std::string& name, const YAML::Node& node) {
    const std::string pointer = "/integrations/" + pointer_segment(name);
    const JsonValue value = root().at(pointer);
    if (!value.is_object() || !node.IsMap()) return;
    const std::string plugin(value.member("plugin").text());
    const Manifest* manifest = catalog_.find(plugin);
    if (manifest == nullptr) {
      if (!plugin.empty())
        issue(part_.line(pointer + "/plugin"), dotted("", pointer + "/plugin"),
              unknown_plugin(plugin));
      return;
    }
    IntegrationSettings integration;
    integration.name = name;
    integration.plugin = plugin;
    integration.base_url = value.member("base_url").text();
    integration.store_raw = value.member("store_raw").truthy();
    integration.http = read_http(pointer + "/http", settings_.http);
    if (value.at("/schedule/every").exists())
      integration.every = duration(pointer + "/schedule/every", Micros{}, kLeast);
    check_base_url(pointer, integration.base_url);
    read_limits(pointer, value.member("limits"), *manifest, integration);
    read_members(pointer, node, *manifest, integration);
    read_mapping(pointer, node["mapping"], *manifest, integration);
    settings_.integrations.push_back(std::move(integration));
  }

  /// Config and credentials again, now that the plugin's schema says what their types are.
  void read_members(const std::string& pointer, const YAML::Node& node, const Manifest& manifest,
                    IntegrationSettings& integration) {
    std::map<std::string, YamlPart> parts;
    for (const char* section : {"config", "credentials"}) {
      std::vector<ConfigIssue> told;  // by the first pass over the whole file
      if (node[section].IsDefined() && node[section].IsMap()) {
        parts[section] =
            yaml_to_json(node[section], manifest.config_schema(), environment_, file_, "", told);
      }
    }
    const auto root_of = [&parts](const char* section) {
      return parts.contains(section) && parts[section].json ? parts[section].json->root()
                                                            : JsonValue();
    };
    const auto report = [&](std::string_view section, std::string_view at, std::string message) {
      const std::string path = pointer + "/" + std::string(section) + std::string(at);
      if (!already_told(dotted("", path)))
        issue(part_.line(path), dotted("", path), std::move(message));
    };
    const SecretFiles files = read_secret_files(manifest, root_of("credentials"), resolved("."),
                                                [&](std::string_view at, std::string message) {
                                                  report("credentials", at, std::move(message));
                                                });
    const auto filled = members_from_environment(
        manifest,
        [&](std::string_view member) {
          return root_of("config").member(member).exists() ||
                 root_of("credentials").member(member).exists();
        },
        environment_);
    std::vector<ConfigIssue> none;
    const YamlPart supplied = typed_members(manifest, filled, none);
    note_variables(pointer, manifest, filled);
    check_members(manifest,
                  {.config = root_of("config"),
                   .credentials = files.credentials ? files.credentials->root() : JsonValue(),
                   .environment = supplied.json ? supplied.json->root() : JsonValue()},
                  integration, report);
    warn_of_literals(pointer, parts["credentials"], files, filled, integration);
  }

  /// Which members a variable is taken for, in the whole file.
  void note_variables(const std::string& pointer, const Manifest& manifest,
                      const std::map<std::string, std::string>& filled) {
    for (const auto& [member, text] : filled) {
      const char* section = manifest.is_secret(member) ? "/credentials/" : "/config/";
      variables_[std::string(variable_of(manifest, member))].push_back(pointer + section + member);
    }
  }

  void tell_shared_variables() {
    for (const auto& [variable, paths] : variables_) {
      if (paths.size() < 2) continue;
      for (const std::string& path : paths) {
        issue(part_.line(path), dotted("", path),
              "is left out, and " + variable + " would fill it in for " +
                  std::to_string(paths.size()) +
                  " integrations at once; say it in each of them, as ${VARIABLE} of its own");
      }
    }
  }

  void warn_of_literals(const std::string& pointer, const YamlPart& part, const SecretFiles& files,
                        const std::map<std::string, std::string>& filled,
                        const IntegrationSettings& integration) {
    for (const auto& [name, secret] : integration.credentials) {
      if (filled.contains(name)) continue;
      const std::string path = pointer + "/credentials/" + pointer_segment(name);
      const bool outside =
          part.from_outside.contains("/" + pointer_segment(name)) || files.members.contains(name);
      if (outside || already_told(dotted("", path))) continue;
      issue(part_.line(path), dotted("", path),
            "is a literal secret in a file; better ${VARIABLE} or file:PATH", true);
    }
  }

  void read_limits(const std::string& pointer, JsonValue limits, const Manifest& manifest,
                   IntegrationSettings& integration) {
    for (const JsonValue limit : limits) {
      const std::string bucket(limit.key());
      const std::string path = pointer + "/limits/" + pointer_segment(bucket);
      const auto declared =
          std::find_if(manifest.limits.begin(), manifest.limits.end(),
                       [&bucket](const LimitRule& rule) { return rule.bucket == bucket; });
      if (declared == manifest.limits.end()) {
        std::string names;
        for (const LimitRule& rule : manifest.limits)
          (names += names.empty() ? "" : ", ") += rule.bucket;
        issue(part_.line(path), dotted("", path),
              "is no bucket of plugin '" + manifest.name + "'; there are: " + names);
        continue;
      }
      integration.limits[bucket] =
          limit.is_object() ? std::optional(changed(*declared, limit, path)) : std::nullopt;
    }
  }
  LimitRule changed(LimitRule rule, JsonValue limit, const std::string& pointer) {
    rule.requests =
        static_cast<std::uint32_t>(limit.member("requests").integer().value_or(rule.requests));
    rule.per = duration(pointer + "/per", rule.per, kLeast);
    rule.by_operator = true;
    rule.burst.reset();
    if (const auto burst = limit.member("burst").integer())
      rule.burst = static_cast<std::uint32_t>(*burst);
    return rule;
  }

  void read_mapping(const std::string& pointer, const YAML::Node& node, const Manifest& manifest,
                    IntegrationSettings& integration) {
    if (!node.IsDefined() || !node.IsMap()) return;
    std::vector<ConfigIssue> told;
    integration.mapping = yaml_to_json(node, JsonValue(), environment_, file_, "", told).json;
    if (!integration.mapping) return;
    check_mapping(manifest, integration.mapping->root(),
                  [&](std::string_view at, std::string message) {
                    const std::string path = pointer + "/mapping" + std::string(at);
                    issue(part_.line(path), dotted("", path), std::move(message));
                  });
  }

  void check_base_url(const std::string& pointer, const std::string& base_url) {
    const std::string path = pointer + "/base_url";
    if (base_url.empty() || already_told(dotted("", path))) return;
    std::string mistake = base_url_mistake(base_url);
    if (!mistake.empty()) issue(part_.line(path), dotted("", path), std::move(mistake));
  }

  /// The duration at `pointer`, or `other`; one that cannot be meant is told.
  Micros duration(const std::string& pointer, Micros other, Micros least = Micros{0}) {
    const JsonValue value = root().at(pointer);
    if (!value.exists()) return other;
    const std::optional<Micros> read = parse_duration(value.text());
    if (read && *read >= least) return *read;
    if (!already_told(dotted("", pointer))) {
      issue(part_.line(pointer), dotted("", pointer),
            read ? "must be more than 0" : "is too long; at most 3650d");
    }
    return other;
  }

  HttpSettings read_http(const std::string& pointer, HttpSettings http) {
    const JsonValue value = root().at(pointer);
    http.timeout = duration(pointer + "/timeout", http.timeout, kLeast);
    http.connect_timeout = duration(pointer + "/connect_timeout", http.connect_timeout, kLeast);
    http.retry_delay = duration(pointer + "/retry_delay", http.retry_delay);
    http.max_wait = duration(pointer + "/max_wait", http.max_wait);
    http.max_retries =
        static_cast<int>(value.member("max_retries").integer().value_or(http.max_retries));
    const auto count = [&value](const char* name, std::uint32_t other) {
      return static_cast<std::uint32_t>(value.member(name).integer().value_or(other));
    };
    http.max_connections = count("max_connections", http.max_connections);
    http.max_connections_per_host =
        count("max_connections_per_host", http.max_connections_per_host);
    if (const JsonValue proxy = value.member("proxy"); proxy.exists()) http.proxy = proxy.text();
    if (const JsonValue ca_file = value.at("/tls/ca_file"); ca_file.exists())
      http.ca_file = resolved(ca_file.text());
    return http;
  }

  [[nodiscard]] std::string unknown_plugin(const std::string& plugin) const {
    std::string message = "there is no plugin '" + plugin + "' in plugin_dirs";
    if (const std::string why = catalog_.refusal ? catalog_.refusal(plugin) : std::string();
        !why.empty())
      return message + "; " + why;
    if (const auto near = closest(plugin, catalog_.names))
      return message + "; did you mean '" + *near + "'?";
    std::string names;
    for (const std::string& name : catalog_.names) (names += names.empty() ? "" : ", ") += name;
    return message + (names.empty() ? "; no plugin was found at all" : "; there are: " + names);
  }

  [[nodiscard]] JsonValue root() const { return part_.json->root(); }
  [[nodiscard]] std::string text_or(std::string_view pointer, std::string_view other) const {
    const JsonValue value = root().at(pointer);
    return std::string(value.is_string() ? value.text() : other);
  }
  [[nodiscard]] std::filesystem::path resolved(std::string_view path) const {
    std::error_code unknown;
    const std::filesystem::path file = std::filesystem::absolute(file_, unknown);
    return ((unknown ? file_ : file).parent_path() / path).lexically_normal();
  }
  [[nodiscard]] bool already_told(const std::string& path) const {
    return std::any_of(issues_.begin(), issues_.end(),
                       [&path](const ConfigIssue& told) { return told.path == path; });
  }
  void issue(int line, std::string path, std::string message, bool warning = false) {
    issues_.push_back({file_, line, std::move(path), std::move(message), warning});
  }

  std::filesystem::path file_;
  const ConfigOverrides& overrides_;
  const Environment& environment_;
  YAML::Node yaml_;
  YamlPart part_;
  PluginCatalog catalog_;
  HostSettings settings_;
  std::map<std::string, std::vector<std::string>> variables_;  ///< Pointers they are taken for.
  std::vector<ConfigIssue> issues_;
};

}  // namespace

std::string to_string(const ConfigIssue& issue) {
  std::string text = issue.file.string();
  if (issue.line > 0) text += ":" + std::to_string(issue.line);
  text += issue.warning ? ": warning: " : ": ";
  if (!issue.path.empty()) text += issue.path + ": ";
  return text + issue.message;
}

ConfigReading read_config(
    const std::filesystem::path& file, std::string_view text, const ConfigOverrides& overrides,
    const Environment& environment,
    const std::function<PluginCatalog(const std::vector<std::filesystem::path>&)>& open_catalog) {
  return Reader(file, overrides, environment).read(text, open_catalog);
}

}  // namespace earshot::core

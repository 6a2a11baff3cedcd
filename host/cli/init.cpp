#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include <earshot/core/base/file.hpp>
#include <earshot/core/base/text.hpp>
#include <earshot/core/config/typed_list.hpp>
#include <earshot/core/json/writer.hpp>

#include "config_file.hpp"
#include "members.hpp"
#include "repeatable.hpp"
#include "say.hpp"
#include "verb.hpp"

namespace earshot::host {

using core::Code;
using core::Error;
using core::Result;

namespace {

using Members = std::map<std::string, std::string>;

struct InitArguments {
  std::string plugin;
  std::string id;
  std::string auth;
  std::vector<std::string> members;
  std::string base_url;
};

std::string ask(const std::string& question, const std::string& proposal) {
  say(stderr, "{}{}: ", question, proposal.empty() ? "" : " [" + proposal + "]");
  std::string answer;
  if (!std::getline(std::cin, answer)) return proposal;
  const std::string given(core::trim(answer));
  return given.empty() ? proposal : given;
}

bool may_ask() {
  return isatty(STDIN_FILENO) == 1;
}

std::string choice_names(const core::Manifest& manifest) {
  std::string names;
  for (const core::AuthAlternative& one : manifest.auth)
    (names += names.empty() ? "" : ", ") += "'" + one.title + "'";
  return names;
}

/// The way to authorize: named, asked for, the first for which all is given, or the first.
Result<const core::AuthAlternative*> choose(const core::Manifest& manifest,
                                            const std::string& title, const Members& given) {
  std::string wanted = title;
  if (wanted.empty() && may_ask() && manifest.auth.size() > 1) {
    wanted = ask("credentials, one of " + choice_names(manifest), manifest.auth.front().title);
  }
  if (wanted.empty()) {
    const auto ready = std::find_if(
        manifest.auth.begin(), manifest.auth.end(), [&](const core::AuthAlternative& one) {
          return std::all_of(one.required.begin(), one.required.end(),
                             [&](const std::string& name) { return given.contains(name); });
        });
    return ready == manifest.auth.end() ? &manifest.auth.front() : &*ready;
  }
  for (const core::AuthAlternative& one : manifest.auth) {
    if (core::iequals(one.title, wanted)) return &one;
  }
  return Error{
      .code = Code::config,
      .message = fmt::format("--auth takes one of {}, not '{}'", choice_names(manifest), wanted)};
}

/// Members an integration must have: those of the schema, then those of the chosen credentials.
std::vector<std::string> needed_members(const core::Manifest& manifest,
                                        const core::AuthAlternative& auth) {
  std::vector<std::string> names;
  for (const core::JsonValue name : manifest.config_schema().member("required"))
    names.emplace_back(name.text());
  for (const std::string& name : auth.required) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

std::string variable_of(const core::Manifest& manifest, const std::string& member) {
  const std::string_view declared =
      manifest.config_schema().member("properties").member(member).member("x-env").text();
  if (!declared.empty()) return std::string(declared);
  std::string name = manifest.name + "_" + member;
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) {
    return std::isalnum(c) != 0 ? static_cast<char>(std::toupper(c)) : '_';
  });
  return name;
}

/// "${VARIABLE}" of a variable that the environment does not have.
bool is_unset(const std::string& reference, const core::Environment& environment) {
  return reference.starts_with("${") && !environment(reference.substr(2, reference.size() - 3));
}

Result<Members> read_given(const std::vector<std::string>& typed) {
  Members given;
  for (const std::string& one : typed) {
    const std::size_t equals = one.find('=');
    if (equals == std::string::npos || equals == 0)
      return Error{.code = Code::config,
                   .message = fmt::format("--set takes name=value, not '{}'", one)};
    given[one.substr(0, equals)] = one.substr(equals + 1);
  }
  return given;
}

/// How a secret is written into the file: as the place it is read from.
Result<std::string> secret_reference(const std::string& name, const std::string& typed) {
  if (typed.starts_with("env:")) return "${" + typed.substr(4) + "}";
  if (typed.starts_with("${") || typed.starts_with("file:")) return typed;
  return Error{
      .code = Code::config,
      .message = fmt::format(
          "--set {}: a secret is not written into a file; give env:VARIABLE or file:PATH", name)};
}

/// Asks for what is needed and was not given; names all of it where nobody can be asked.
Result<void> complete(const core::Manifest& manifest, const core::AuthAlternative& auth,
                      Members& given) {
  std::string missing;
  for (const std::string& name : needed_members(manifest, auth)) {
    if (given.contains(name)) continue;
    if (manifest.is_secret(name)) {
      given[name] = "env:" + variable_of(manifest, name);
      continue;
    }
    const core::JsonValue schema = manifest.config_schema().member("properties").member(name);
    std::string answer;
    if (may_ask()) answer = ask(fmt::format("{} ({})", name, schema.member("title").text()), "");
    if (answer.empty()) (missing += missing.empty() ? "" : " ") += "--set " + name + "=...";
    given[name] = std::move(answer);
  }
  if (missing.empty()) return {};
  return Error{.code = Code::config,
               .message = fmt::format("{} with '{}' needs: {}; --auth takes another of {}",
                                      manifest.name, auth.title, missing, choice_names(manifest))};
}

Result<void> add_setting(const core::Manifest& manifest, const std::string& name,
                         const std::string& typed, ConfigEntry& entry) {
  const core::JsonValue schema = manifest.config_schema().member("properties").member(name);
  if (schema.member("type").text() != "array") {
    entry.config[name] = typed;
    return {};
  }
  Result<std::vector<std::string>> list = core::typed_list(typed);
  if (!list)
    return Error{.code = Code::config,
                 .message = fmt::format("--set {}: {}", name, list.error().message)};
  entry.lists[name] = *std::move(list);
  return {};
}

Result<ConfigEntry> make_entry(const core::Manifest& manifest, const InitArguments& arguments) {
  EAR_TRY(Members given, read_given(arguments.members));
  EAR_TRY(const core::AuthAlternative* auth, choose(manifest, arguments.auth, given));
  EAR_CHECK(complete(manifest, *auth, given));
  ConfigEntry entry{.name = arguments.id, .plugin = manifest.name, .base_url = arguments.base_url};
  for (const auto& [name, typed] : given) {
    if (manifest.is_secret(name)) {
      EAR_TRY(entry.credentials[name], secret_reference(name, typed));
    } else {
      EAR_CHECK(add_setting(manifest, name, typed, entry));
    }
  }
  return entry;
}

void print_written(Program& program, const ConfigEntry& entry, const std::string& setup) {
  const std::string file = program.options().config.string();
  if (program.options().json) {
    core::JsonWriter out;
    out.begin_object();
    out.member("file", file);
    out.member("integration", entry.name);
    out.member("plugin", entry.plugin);
    out.end_object();
    say("{}\n", out.take());
    return;
  }
  if (program.options().quiet) return;
  say("{} is written.\n", file);
  const Result<core::Environment> environment = program.environment();
  for (const auto& [name, reference] : entry.credentials)
    say("  {} is read from {}{}\n", name, reference,
        environment && is_unset(reference, *environment) ? ", which is not set yet" : "");
  say("Next: earshot test {}, then earshot sync {}\n", entry.name, entry.name);
  if (!setup.empty()) say("\nWhere the credentials come from:\n{}\n", setup);
}

/// Checks the text as the host will read it, with a stand-in for variables that are not set yet.
Result<void> check_text(Program& program, const std::filesystem::path& file,
                        const std::string& text) {
  EAR_TRY(const core::Environment real, program.environment());
  const core::Environment environment = [&](const std::string& name) {
    const auto value = real(name);
    const bool named = text.find("${" + name) != std::string::npos;
    return value || !named ? value : std::optional<std::string>("not-set-yet");
  };
  core::PluginScan scan;
  const core::ConfigReading reading = core::read_config(
      file, text, {}, environment, [&scan](const std::vector<std::filesystem::path>& directories) {
        scan = core::scan_plugins(directories);
        return catalog_of(scan);
      });
  std::string mistakes;
  for (const core::ConfigIssue& issue : reading.issues) {
    if (issue.warning) continue;
    (mistakes += mistakes.empty() ? "" : "\n") += issue.path + ": " + issue.message;
  }
  if (reading.settings) return {};
  return Error{.code = Code::config,
               .message = "the answers do not make a good configuration:\n" + mistakes};
}

/// A folder as it was typed, for a file that may stand in another than the one worked in.
Result<std::filesystem::path> independent(const std::filesystem::path& typed) {
  std::error_code error;
  const std::filesystem::path absolute = std::filesystem::absolute(typed, error);
  if (!error) return absolute.lexically_normal();
  return Error{.code = Code::config,
               .message = fmt::format("cannot tell where {} is: {}; give it as an absolute path",
                                      typed.string(), error.message())};
}

Result<void> init(Program& program, InitArguments arguments) {
  const std::filesystem::path& file = program.options().config;
  std::error_code unknown;
  if (std::filesystem::exists(file, unknown)) {
    return Error{.code = Code::config,
                 .message = fmt::format("{} is there already and is left as it is; add to its "
                                        "'integrations', or name another file with --config",
                                        file.string())};
  }
  if (arguments.plugin.empty() && may_ask()) arguments.plugin = ask("plugin", "zendesk");
  if (arguments.plugin.empty())
    return Error{.code = Code::config,
                 .message = "--plugin is required; 'earshot plugins' lists them"};
  EAR_TRY(const core::PluginFile* plugin, program.plugin(arguments.plugin));
  if (arguments.id.empty())
    arguments.id = may_ask() ? ask("name of the integration", arguments.plugin) : arguments.plugin;
  EAR_TRY(const ConfigEntry entry, make_entry(plugin->manifest, arguments));
  EAR_TRY(const std::filesystem::path plugin_dir, independent(plugin->path.parent_path()));
  std::filesystem::path data_dir = "data";
  if (!program.options().data_dir.empty()) {
    EAR_TRY(data_dir, independent(program.options().data_dir));
  }
  const std::string text = config_text({plugin_dir}, data_dir, {entry});
  EAR_CHECK(check_text(program, file, text));
  EAR_CHECK(core::write_file(file, text, 0644));
  print_written(program, entry, plugin->manifest.setup);
  return {};
}

}  // namespace

void add_init(CLI::App& app, Verb& chosen) {
  auto arguments = std::make_shared<InitArguments>();
  CLI::App* verb =
      app.add_subcommand("init", "Write a first configuration; asks for what is not given");
  verb->add_option("--plugin", arguments->plugin, "Product");
  verb->add_option("--id", arguments->id, "Name of the integration");
  verb->add_option("--auth", arguments->auth,
                   "Which credentials, by title, as 'earshot plugins show' lists them");
  repeatable(verb->add_option("--set", arguments->members,
                              "name=value; for a secret name=env:VARIABLE or name=file:PATH; for "
                              "a list 'name=[a, b]'"));
  verb->add_option("--base-url", arguments->base_url,
                   "Another server that speaks the product's API");
  verb->footer(
      "Example:\n  earshot init --plugin zendesk --id acme --auth 'API token' --set subdomain=acme "
      "--set email=me@acme.example");
  verb->callback([arguments, &chosen] {
    chosen = [arguments](Program& program) {
      const Result<void> done = init(program, *arguments);
      return done ? ExitCode::done : report(program, done.error());
    };
  });
}

}  // namespace earshot::host

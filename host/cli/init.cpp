#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include <earshot/core/base/file.hpp>
#include <earshot/core/base/text.hpp>

#include "config_file.hpp"
#include "members.hpp"
#include "verb.hpp"

namespace earshot::host {

using core::Code;
using core::Error;
using core::Result;

namespace {

struct InitArguments {
  std::string plugin;
  std::string id;
  std::string auth;
  std::vector<std::string> members;
  std::string base_url;
};

std::string ask(const std::string& question, const std::string& proposal) {
  fmt::print(stderr, "{}{}: ", question, proposal.empty() ? "" : " [" + proposal + "]");
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

/// The way to authorize: named, asked for, or the first.
Result<const core::AuthAlternative*> choose(const core::Manifest& manifest,
                                            const std::string& title) {
  std::string wanted = title;
  if (wanted.empty() && may_ask() && manifest.auth.size() > 1) {
    wanted = ask("credentials, one of " + choice_names(manifest), manifest.auth.front().title);
  }
  if (wanted.empty()) return &manifest.auth.front();
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

Result<ConfigEntry> make_entry(const core::Manifest& manifest, const InitArguments& arguments) {
  std::map<std::string, std::string> given;
  for (const std::string& typed : arguments.members) {
    const std::size_t equals = typed.find('=');
    if (equals == std::string::npos)
      return Error{.code = Code::config, .message = "--set takes name=value"};
    given[typed.substr(0, equals)] = typed.substr(equals + 1);
  }
  EAR_TRY(const core::AuthAlternative* auth, choose(manifest, arguments.auth));
  ConfigEntry entry{.name = arguments.id, .plugin = manifest.name, .base_url = arguments.base_url};
  for (const std::string& name : needed_members(manifest, *auth)) {
    if (manifest.is_secret(name)) {
      entry.credentials[name] = "${" + variable_of(manifest, name) + "}";
    } else if (!given.contains(name) && may_ask()) {
      const core::JsonValue schema = manifest.config_schema().member("properties").member(name);
      given[name] = ask(fmt::format("{} ({})", name, schema.member("title").text()), "");
    }
  }
  for (auto& [name, value] : given) {
    if (manifest.is_secret(name)) {
      if (value.starts_with("env:")) value = "${" + value.substr(4) + "}";
      if (!value.starts_with("${") && !value.starts_with("file:")) {
        return Error{
            .code = Code::config,
            .message = fmt::format(
                "--set {}: a secret is not written into a file; give env:VARIABLE or file:PATH",
                name)};
      }
      entry.credentials[name] = value;
    } else {
      entry.config[name] = value;
    }
  }
  return entry;
}

/// Checks the text as the host will read it, with a stand-in for variables that are not set yet.
Result<void> check_text(Program& program, const std::filesystem::path& file,
                        const std::string& text) {
  const core::Environment environment = [](const std::string& name) {
    const char* value = std::getenv(name.c_str());
    return std::optional<std::string>(value == nullptr ? "not-set-yet" : value);
  };
  const core::ConfigReading reading = core::read_config(
      file, text, {}, environment, [&program](const std::vector<std::filesystem::path>&) {
        core::PluginCatalog catalog;
        catalog.find = [&program](std::string_view name) -> const core::Manifest* {
          const Result<const core::PluginFile*> found = program.plugin(std::string(name));
          return found ? &(*found)->manifest : nullptr;
        };
        return catalog;
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

Result<void> init(Program& program, InitArguments arguments) {
  const std::filesystem::path& file = program.options().config;
  if (std::filesystem::exists(file)) {
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
  const std::filesystem::path data_dir =
      program.options().data_dir.empty() ? "data" : program.options().data_dir;
  const std::string text = config_text({plugin->path.parent_path()}, data_dir, {entry});
  EAR_CHECK(check_text(program, file, text));
  EAR_CHECK(core::write_file(file, text, 0644));
  fmt::print("{} is written.\n", file.string());
  for (const auto& [name, reference] : entry.credentials)
    fmt::print("  {} is read from {}\n", name, reference);
  fmt::print("Next: earshot test {}, then earshot sync {}\n", entry.name, entry.name);
  if (!plugin->manifest.setup.empty())
    fmt::print("\nWhere the credentials come from:\n{}\n", plugin->manifest.setup);
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
  verb->add_option("--set", arguments->members,
                   "name=value; for a secret name=env:VARIABLE or name=file:PATH");
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

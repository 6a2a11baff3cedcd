#include "plugins.hpp"

#include <memory>
#include <string>

#include <fmt/format.h>

#include <earshot/core/json/writer.hpp>

#include "say.hpp"
#include "table.hpp"

namespace earshot::host {

using core::Result;

namespace {

void write_names(core::JsonWriter& out, const char* name, const std::vector<std::string>& names) {
  out.key(name);
  out.begin_array();
  for (const std::string& one : names) out.string(one);
  out.end_array();
}

void write_plugin(core::JsonWriter& out, const core::PluginFile& file) {
  out.begin_object();
  out.member("name", file.manifest.name);
  out.member("title", file.manifest.title);
  out.member("version", file.manifest.version);
  out.member("path", file.path.string());
  out.member("abi", file.manifest.abi);
  out.member("digest", file.digest);
  write_names(out, "provides", file.manifest.provides);
  write_names(out, "actions", file.manifest.actions);
  write_names(out, "events", file.manifest.events);
  out.end_object();
}

ExitCode list(Program& program) {
  const core::PluginScan& scan = program.plugins();
  Table table({"plugin", "version", "abi", "provides", "file"});
  core::JsonWriter out;
  out.begin_array();
  for (const core::PluginFile& file : scan.plugins) {
    table.add({file.manifest.name, file.manifest.version, file.manifest.abi,
               fmt::format("{}", fmt::join(file.manifest.provides, " ")), file.path.string()});
    write_plugin(out, file);
  }
  for (const core::PluginScan::Refusal& refusal : scan.refused) {
    out.begin_object();
    out.member("path", refusal.path.string());
    out.member("refused", refusal.reason);
    out.end_object();
  }
  out.end_array();
  if (program.options().json) {
    say("{}\n", out.take());
  } else {
    say("{}", table.empty() ? "no plugin was found\n" : table.text());
  }
  for (const core::PluginScan::Refusal& refusal : scan.refused) {
    say(stderr, "refused {}: {}\n", refusal.path.string(), refusal.reason);
  }
  return ExitCode::done;
}

void print_auth(const core::Manifest& manifest) {
  say("\ncredentials, one of:\n");
  for (const core::AuthAlternative& auth : manifest.auth) {
    say("  {}: {}\n", auth.title, fmt::join(auth.required, ", "));
  }
}

bool names_member(core::JsonValue names, std::string_view member) {
  for (const core::JsonValue name : names) {
    if (name.text() == member) return true;
  }
  return false;
}

void print_settings(const core::Manifest& manifest) {
  const core::JsonValue schema = manifest.config_schema();
  Table table({"setting", "type", "", "variable", "what it is"});
  for (const core::JsonValue property : schema.member("properties")) {
    const bool needed = names_member(schema.member("required"), property.key());
    const bool secret = manifest.is_secret(property.key());
    table.add({std::string(property.key()), std::string(property.member("type").text()),
               secret   ? "secret"
               : needed ? "required"
                        : "",
               std::string(property.member("x-env").text()),
               std::string(property.member("title").text())});
  }
  say("\nsettings:\n{}", table.text());
}

ExitCode show(Program& program, const std::string& name) {
  const Result<const core::PluginFile*> found = program.plugin(name);
  if (!found) return report(program, found.error());
  const core::PluginFile& file = **found;
  if (program.options().json) {
    say("{}\n", file.manifest.document->root().dump());
    return ExitCode::done;
  }
  const core::Manifest& manifest = file.manifest;
  say("{} {}, {}\n  file      {}\n  sha256    {}\n  abi       {}\n  provides  {}\n  docs      {}\n",
      manifest.name, manifest.version, manifest.title, file.path.string(), file.digest,
      manifest.abi, fmt::join(manifest.provides, ", "), manifest.vendor_docs);
  print_settings(manifest);
  print_auth(manifest);
  print_reach(manifest);
  Table limits({"limit", "requests", "per", "on"});
  for (const core::LimitRule& rule : manifest.limits) {
    limits.add({rule.bucket, std::to_string(rule.requests), core::human_duration(rule.per),
                rule.match.empty() ? "every request" : rule.match});
  }
  say("\n{}", limits.text());
  if (!manifest.setup.empty()) say("\nsetup:\n{}\n", manifest.setup);
  return ExitCode::done;
}

}  // namespace

void print_reach(const core::Manifest& manifest) {
  say("\nmay reach:\n");
  for (const auto& [name, endpoint] : manifest.endpoints) say("  {}: {}\n", name, endpoint.url);
  for (const auto& [name, link] : manifest.links) {
    say("  link {}: {}\n", name,
        link.anywhere ? "any public address" : fmt::format("{}", fmt::join(link.hosts, ", ")));
  }
  for (const std::string& secret : manifest.reads_secrets)
    say("  WARNING: it asks to read the secret '{}'\n", secret);
  if (manifest.reads_secrets.empty())
    say("  it reads no secret: the host adds credentials to its requests\n");
}

void add_plugins(CLI::App& app, Verb& chosen) {
  CLI::App* verb =
      app.add_subcommand("plugins", "What is in the plugin directories, without running it");
  verb->footer(
      "Example:\n  earshot plugins\n  earshot plugins show zendesk\n  earshot plugins install "
      "acme.so");
  verb->require_subcommand(0, 1);
  verb->callback([verb, &chosen] {
    if (verb->get_subcommands().empty()) chosen = list;
  });
  auto name = std::make_shared<std::string>();
  CLI::App* sub =
      verb->add_subcommand("show", "What one plugin needs, may reach and how to set it up");
  sub->add_option("name", *name, "Plugin")->required();
  sub->footer("Example:\n  earshot plugins show zendesk");
  sub->fallthrough();
  sub->callback(
      [name, &chosen] { chosen = [name](Program& program) { return show(program, *name); }; });
  add_plugins_install(*verb, chosen);
}

}  // namespace earshot::host

#include <map>
#include <memory>
#include <string>

#include <earshot/core/json/writer.hpp>
#include <earshot/core/store/wait.hpp>

#include "say.hpp"
#include "table.hpp"
#include "verb.hpp"
#include "workbench.hpp"

namespace earshot::host {

using core::Result;

namespace {

struct RemoveArguments {
  std::string id;
  bool purge = false;
};

/// Why an integration has to be authorized again, by its name.
std::map<std::string, std::string> refused(Program& program) {
  std::map<std::string, std::string> out;
  const Result<std::unique_ptr<core::StoreReader>> reader = program.reader();
  if (!reader) return out;
  const auto rows = (*reader)->integrations();
  if (!rows) return out;
  for (const core::IntegrationRow& row : *rows) {
    const auto why = row.state.find(core::kNeedsReauth);
    if (why != row.state.end()) out.emplace(row.name, why->second);
  }
  return out;
}

ExitCode list(Program& program) {
  const Result<std::vector<Target>> targets = program.targets({});
  if (!targets) return report(program, targets.error());
  const std::map<std::string, std::string> reauth = refused(program);
  Table table({"integration", "plugin", "version", "base_url", "schedule"});
  core::JsonWriter out;
  out.begin_array();
  for (const Target& target : *targets) {
    const std::string every =
        target.settings.every ? core::human_duration(*target.settings.every) : "";
    table.add({target.settings.name, target.settings.plugin, target.plugin.manifest.version,
               target.settings.base_url, every});
    out.begin_object();
    out.member("integration", target.settings.name);
    out.member("plugin", target.settings.plugin);
    out.member("version", target.plugin.manifest.version);
    out.member("base_url", target.settings.base_url);
    out.key("config");
    out.value(target.settings.config->root());
    out.key("credentials");
    out.begin_array();
    for (const auto& [name, secret] : target.settings.credentials) out.string(name);
    out.end_array();
    const auto why = reauth.find(target.settings.name);
    out.member("needs_reauth", why == reauth.end() ? std::nullopt : std::optional(why->second));
    out.end_object();
  }
  out.end_array();
  if (program.options().json) {
    say("{}\n", out.take());
  } else if (table.empty()) {
    say("no integration is configured; add one with 'earshot init'\n");
  } else {
    say("{}", table.text());
    for (const auto& [name, why] : reauth) say("{}: {}\n", name, why);
  }
  return ExitCode::done;
}

ExitCode remove(Program& program, const RemoveArguments& arguments) {
  if (!arguments.purge) {
    return report(program, {.code = core::Code::config,
                            .message = "to stop fetching, take '" + arguments.id +
                                       "' out of the configuration; to remove its records, "
                                       "cursors, runs and secrets for good, say --purge"});
  }
  Result<std::unique_ptr<Workbench>> bench = Workbench::open(program);
  if (!bench) return report(program, bench.error());
  const Result<void> gone = core::wait_for<void>(
      [&](auto done) { (*bench)->store().purge(arguments.id, std::move(done)); });
  if (!gone) return report(program, gone.error());
  if (program.options().json) {
    core::JsonWriter out;
    out.begin_object();
    out.member("integration", arguments.id);
    out.member("purged", true);
    out.end_object();
    say("{}\n", out.take());
  } else if (!program.options().quiet) {
    say("everything stored for {} is gone\n", arguments.id);
  }
  return ExitCode::done;
}

}  // namespace

void add_integrations(CLI::App& app, Verb& chosen) {
  CLI::App* verb = app.add_subcommand(
      "integrations", "List the configured integrations, or remove what one has stored");
  verb->footer("Example:\n  earshot integrations\n  earshot integrations remove acme --purge");
  verb->require_subcommand(0, 1);
  verb->callback([verb, &chosen] {
    if (verb->get_subcommands().empty()) chosen = list;
  });
  auto arguments = std::make_shared<RemoveArguments>();
  CLI::App* sub = verb->add_subcommand("remove", "Remove what is stored for an integration");
  sub->add_option("id", arguments->id, "Integration")->required();
  sub->footer("Example:\n  earshot integrations remove acme --purge");
  sub->add_flag("--purge", arguments->purge, "Its records, cursors, runs and secrets, for good");
  sub->fallthrough();
  sub->callback([arguments, &chosen] {
    chosen = [arguments](Program& program) { return remove(program, *arguments); };
  });
}

}  // namespace earshot::host

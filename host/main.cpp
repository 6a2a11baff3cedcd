/// The earshot program: the command line over the core.

#include <cstdio>
#include <exception>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "cli/verb.hpp"

namespace earshot::host {
namespace {

void add_global_options(CLI::App& app, GlobalOptions& options) {
  app.set_version_flag("--version", std::string("earshot ") + kVersion);
  app.add_option("--config", options.config, "Configuration file")->capture_default_str();
  app.add_option("--data-dir", options.data_dir,
                 "Where the store and the vault are, instead of the configuration's");
  app.add_option("--plugin-dir", options.plugin_dirs,
                 "Where plugins are looked for, instead of the configuration's");
  app.add_flag("--json", options.json, "Print JSON for programs");
  app.add_flag("-v,--verbose", options.verbose, "Log every exchange, secrets masked");
  app.add_flag("-q,--quiet", options.quiet, "Print errors only");
  app.add_option("--log-file", options.log_file,
                 "Write the log there, rotated, instead of standard error");
  app.fallthrough();
  app.require_subcommand(1);
}

int run(int argc, char** argv) {
  CLI::App app{
      "Earshot brings what customers say within earshot of the people who build the product.",
      "earshot"};
  GlobalOptions options;
  Verb chosen;
  add_global_options(app, options);
  for (const auto add : {add_init, add_config, add_integrations, add_status, add_sync, add_test,
                         add_plugins, add_records, add_export, add_runs, add_state, add_webhooks,
                         add_backup, add_manifest, add_map, add_sandbox, add_demo, add_probe}) {
    add(app, chosen);
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? static_cast<int>(ExitCode::done)
                                : static_cast<int>(ExitCode::usage);
  }
  Program program(std::move(options));
  return static_cast<int>(chosen(program));
}

}  // namespace
}  // namespace earshot::host

int main(int argc, char** argv) {
  try {
    return earshot::host::run(argc, argv);
  } catch (const std::exception& bug) {
    fmt::print(stderr, "earshot: internal error: {}\n", bug.what());
    return static_cast<int>(earshot::host::ExitCode::failed);
  }
}

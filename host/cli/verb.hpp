#pragma once

/// One file a verb. Each adds itself to the command line and, when it is the one that was typed,
/// becomes `chosen`.

#include <functional>
#include <string>

#include <CLI/CLI.hpp>

#include "program.hpp"

namespace earshot::host {

using Verb = std::function<ExitCode(Program&)>;

/// Prints an error for people, or as {"error": {...}} with --json, and gives the exit code that
/// goes with it.
ExitCode report(const Program& program, const core::Error& error);

void add_backup(CLI::App& app, Verb& chosen);
void add_config(CLI::App& app, Verb& chosen);
void add_conform(CLI::App& app, Verb& chosen);
void add_demo(CLI::App& app, Verb& chosen);
void add_export(CLI::App& app, Verb& chosen);
void add_init(CLI::App& app, Verb& chosen);
void add_integrations(CLI::App& app, Verb& chosen);
void add_manifest(CLI::App& app, Verb& chosen);
void add_map(CLI::App& app, Verb& chosen);
void add_new(CLI::App& app, Verb& chosen);
void add_plugins(CLI::App& app, Verb& chosen);
void add_probe(CLI::App& app, Verb& chosen);
void add_record(CLI::App& app, Verb& chosen);
void add_records(CLI::App& app, Verb& chosen);
void add_renormalize(CLI::App& app, Verb& chosen);
void add_runs(CLI::App& app, Verb& chosen);
void add_sandbox(CLI::App& app, Verb& chosen);
void add_state(CLI::App& app, Verb& chosen);
void add_status(CLI::App& app, Verb& chosen);
void add_sync(CLI::App& app, Verb& chosen);
void add_test(CLI::App& app, Verb& chosen);
void add_webhooks(CLI::App& app, Verb& chosen);

}  // namespace earshot::host

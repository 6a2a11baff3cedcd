#pragma once

#include <CLI/CLI.hpp>

#include "verb.hpp"

namespace earshot::host {

/// Puts the global options and every verb on the command line. What is typed ends up in `options`
/// and `chosen`, which must outlive `app`.
void build_command_line(CLI::App& app, GlobalOptions& options, Verb& chosen);

/// Answers --help and --version on standard output; for wrong usage says on standard error what is
/// wrong and where help is.
ExitCode answer(const CLI::App& app, const CLI::ParseError& error);

}  // namespace earshot::host

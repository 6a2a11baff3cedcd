#pragma once

#include <string>
#include <vector>

#include <earshot/core/json/writer.hpp>
#include <earshot/core/store/store.hpp>
#include <earshot/core/sync/engine.hpp>

#include "program.hpp"

namespace earshot::host {

class ProgressBars;
class Workbench;

[[nodiscard]] std::vector<std::string> names_of(const std::vector<Target>& targets);
/// Runs all of them side by side and waits; `bars` hear of each that ends.
[[nodiscard]] std::vector<core::RunSummary> sync_all(Workbench& bench,
                                                     const std::vector<Target>& targets,
                                                     const core::RunOptions& options,
                                                     ProgressBars& bars);

/// What the runs came to, a row each; fits 80 columns.
[[nodiscard]] std::string run_table(const std::vector<core::RunSummary>& runs, std::size_t columns);
/// The machine-readable form of a run: a JSON object, stable; members may be added.
void write_run(core::JsonWriter& out, const core::RunSummary& run);
/// "since the last sync", "from 2026-11-01T00:00:00Z up to now"
[[nodiscard]] std::string describe_window(const core::RunSummary& run);
/// "96 of 100 cached answers were still good, 4 confirmed by the product"; empty where none was
/// asked for.
[[nodiscard]] std::string describe_cache(const core::RunSummary& run);
/// A table with errors and notes behind it, or one JSON object a line. With --quiet what went wrong
/// alone.
void print_runs(const Program& program, const std::vector<core::RunSummary>& runs,
                const std::vector<std::string>& notes);

}  // namespace earshot::host

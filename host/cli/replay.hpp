#pragma once

/// Verbs on recorded exchanges instead of a product: offline, and without waiting.

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <earshot/core/http/cassette.hpp>
#include <earshot/core/sync/engine.hpp>

#include "program.hpp"
#include "workbench.hpp"

namespace earshot::host {

/// One cassette of a plugin.
struct Recording {
  std::string name;  ///< Of the file.
  std::vector<core::CassetteEntry> exchanges;
};

/// What `sync` goes through: of a folder first_run.har and, where it is there, second_run.har; else
/// the one file.
[[nodiscard]] core::Result<std::vector<Recording>> recorded_runs(const std::filesystem::path& path);
/// What `test` goes through: of a folder authenticate.har; else the one file.
[[nodiscard]] core::Result<Recording> recorded_authentication(const std::filesystem::path& path);

/// The parts of a workbench that sends nothing.
[[nodiscard]] BenchParts replaying(const Recording& recording,
                                   std::shared_ptr<core::VirtualClock> flying_time);

/// Goes through the cassettes one after the other, each as one sync of the target, and prints what
/// they came to. Keeps it in --data-dir, else nowhere.
ExitCode replay_sync(Program& program, const Target& target, const core::RunOptions& options,
                     const std::filesystem::path& path);

}  // namespace earshot::host

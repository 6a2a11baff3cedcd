#include "replay.hpp"

#include <future>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "demo_folder.hpp"
#include "progress_bars.hpp"
#include "run_view.hpp"
#include "verb.hpp"

namespace earshot::host {

using core::Result;
using core::RunSummary;

namespace {

Result<Recording> read_recording(const std::filesystem::path& file) {
  EAR_TRY(std::vector<core::CassetteEntry> exchanges, core::load_cassette(file));
  return Recording{.name = file.filename().string(), .exchanges = std::move(exchanges)};
}

bool is_folder(const std::filesystem::path& path) {
  std::error_code failure;
  return std::filesystem::is_directory(path, failure);
}

bool is_there(const std::filesystem::path& path) {
  std::error_code failure;
  return std::filesystem::exists(path, failure);
}

/// A data directory for one replay: that of --data-dir, or one that goes with it.
struct ReplayFolder {
  std::unique_ptr<DemoFolder> passing;
  std::filesystem::path path;
};

Result<ReplayFolder> replay_folder(const Program& program) {
  if (!program.options().data_dir.empty()) return ReplayFolder{{}, program.options().data_dir};
  EAR_TRY(std::unique_ptr<DemoFolder> passing, DemoFolder::passing());
  const std::filesystem::path path = passing->path() / "data";
  return ReplayFolder{std::move(passing), path};
}

Result<RunSummary> replay(Program& program, const Target& target, const core::RunOptions& options,
                          BenchParts parts) {
  EAR_TRY(const std::unique_ptr<Workbench> bench, Workbench::of(program, std::move(parts)));
  ProgressBars bars(program, {target.settings.name});
  std::vector<RunSummary> runs = sync_all(*bench, {target}, options, bars);
  bars.finish();
  return std::move(runs.front());
}

}  // namespace

Result<std::vector<Recording>> recorded_runs(const std::filesystem::path& path) {
  std::vector<Recording> recordings;
  if (!is_folder(path)) {
    EAR_TRY(Recording only, read_recording(path));
    recordings.push_back(std::move(only));
    return recordings;
  }
  EAR_TRY(Recording first, read_recording(path / "first_run.har"));
  recordings.push_back(std::move(first));
  if (is_there(path / "second_run.har")) {
    EAR_TRY(Recording second, read_recording(path / "second_run.har"));
    recordings.push_back(std::move(second));
  }
  return recordings;
}

Result<Recording> recorded_authentication(const std::filesystem::path& path) {
  return read_recording(is_folder(path) ? path / "authenticate.har" : path);
}

BenchParts replaying(const Recording& recording, std::shared_ptr<core::VirtualClock> flying_time) {
  BenchParts parts;
  parts.transport = [exchanges = recording.exchanges](core::Loop& loop,
                                                      const core::HttpClientOptions& /*http*/) {
    return std::make_unique<core::CassetteTransport>(loop, exchanges);
  };
  parts.find_accounts = false;
  parts.flying_time = std::move(flying_time);
  return parts;
}

ExitCode replay_sync(Program& program, const Target& target, const core::RunOptions& options,
                     const std::filesystem::path& path) {
  const Result<std::vector<Recording>> recordings = recorded_runs(path);
  if (!recordings) return report(program, recordings.error());
  const Result<ReplayFolder> folder = replay_folder(program);
  if (!folder) return report(program, folder.error());
  const auto time = std::make_shared<core::VirtualClock>(program.clock().now());
  std::vector<RunSummary> runs;
  std::vector<std::string> notes;
  ExitCode code = ExitCode::done;
  for (const Recording& recording : *recordings) {
    BenchParts parts = replaying(recording, time);
    parts.directory = folder->path;
    Result<RunSummary> run = replay(program, target, options, std::move(parts));
    if (!run) return report(program, run.error());
    notes.push_back(fmt::format("{}: {} of {} recorded exchanges asked for", recording.name,
                                std::min<std::uint64_t>(run->requests, recording.exchanges.size()),
                                recording.exchanges.size()));
    code = worse(code, exit_code(*run));
    runs.push_back(*std::move(run));
  }
  if (folder->passing) notes.emplace_back("replayed: nothing was kept; --data-dir keeps it");
  print_runs(program, runs, notes);
  return code;
}

}  // namespace earshot::host

#include "workbench.hpp"

#include <cstdlib>
#include <thread>
#include <utility>

#include <fmt/format.h>
#include <malloc.h>
#include <unistd.h>

#include <earshot/core/plugin/call.hpp>
#include <earshot/core/store/sqlite.hpp>

namespace earshot::host {

using core::Result;

namespace {

constexpr std::int64_t kGraceMicros = 2'000'000;
constexpr int kFreedBytesKept = 16 << 20;

std::int64_t steady_micros() {
  return std::chrono::duration_cast<core::Micros>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

Result<std::optional<core::Secret>> master_key(Program& program) {
  EAR_TRY(const core::Environment environment, program.environment());
  const std::optional<std::string> key = environment("EARSHOT_MASTER_KEY");
  return key ? std::optional(core::Secret(*key)) : std::nullopt;
}

/// Every page asks for the memory that the page before gave back; fetching it from the kernel again
/// each time costs a fifth of a sync.
void keep_freed_memory() {
  mallopt(M_MMAP_THRESHOLD, kFreedBytesKept);
  mallopt(M_TRIM_THRESHOLD, kFreedBytesKept);
}

}  // namespace

Result<std::unique_ptr<Workbench>> Workbench::open(Program& program, WatchRuns watch) {
  std::unique_ptr<Workbench> bench(new Workbench);
  EAR_TRY(const std::filesystem::path directory, program.data_dir());
  EAR_TRY(bench->store_, core::open_sqlite_store(directory, program.clock()));
  EAR_TRY(const std::optional<core::Secret> key, master_key(program));
  EAR_TRY(bench->vault_, core::Vault::open(directory, key));
  bench->loader_ = std::make_unique<core::PluginLoader>(
      core::host_table(), core::LoaderOptions{.probe_program = Program::executable(),
                                              .probe_cache = directory / "plugins.probed"});
  bench->start_engine(program, std::move(watch));
  return bench;
}

std::unique_ptr<Workbench> Workbench::unsaved(Program& program) {
  std::unique_ptr<Workbench> bench(new Workbench);
  bench->loader_ = std::make_unique<core::PluginLoader>(
      core::host_table(),
      core::LoaderOptions{.probe_program = Program::executable(), .probe_cache = {}});
  bench->start_engine(program, {});
  return bench;
}

void Workbench::start_engine(Program& program, WatchRuns watch) {
  keep_freed_memory();
  core::EngineOptions options;
  options.clock = &program.clock();
  options.log = &program.log();
  options.loader = loader_.get();
  options.store = store_.get();
  options.vault = vault_ ? &*vault_ : nullptr;
  options.find_accounts = true;
  options.loops = std::max(1U, std::thread::hardware_concurrency());
  options.seed = static_cast<std::uint64_t>(steady_micros());
  options.progress = std::move(watch);
  core::proxies_from_environment(options.http);
  if (const core::Result<const core::HostSettings*> settings = program.settings()) {
    options.http.max_connections = (*settings)->http.max_connections;
    options.http.max_connections_per_host = (*settings)->http.max_connections_per_host;
  }
  engine_ = std::make_unique<core::Engine>(std::move(options));
}

void Workbench::interrupt(int count) {
  std::int64_t never = 0;
  interrupted_at_.compare_exchange_strong(never, steady_micros());
  interrupts_ = count;
  engine_->stop();
}

void Workbench::give_up_if_asked() const {
  if (interrupts_ == 0) return;
  if (interrupts_ > 1 || steady_micros() - interrupted_at_ > kGraceMicros) {
    fmt::print(stderr,
               "earshot: a plugin did not stop in time; leaving it. What was committed is kept.\n");
    ::_exit(static_cast<int>(ExitCode::interrupted));
  }
}

}  // namespace earshot::host

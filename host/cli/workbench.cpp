#include "workbench.hpp"

#include <cstdlib>
#include <thread>
#include <utility>

#include <malloc.h>
#include <unistd.h>

#include <earshot/core/plugin/call.hpp>
#include <earshot/core/store/sqlite.hpp>

#include "say.hpp"

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
  EAR_TRY(std::filesystem::path directory, program.data_dir());
  return of(program, {.directory = std::move(directory), .watch = std::move(watch)});
}

Result<std::unique_ptr<Workbench>> Workbench::of(Program& program, BenchParts parts) {
  std::unique_ptr<Workbench> bench(new Workbench);
  bench->flying_time_ = std::move(parts.flying_time);
  core::LoaderOptions loader{.probe_program = Program::executable(), .probe_cache = {}};
  if (!parts.directory.empty()) {
    EAR_CHECK(bench->open_directory(program, parts.directory));
    loader.probe_cache = parts.directory / "plugins.probed";
  }
  bench->loader_ = std::make_unique<core::PluginLoader>(core::host_table(), std::move(loader));
  bench->start_engine(program, std::move(parts));
  return bench;
}

core::Clock& Workbench::clock(Program& program) noexcept {
  if (flying_time_) return *flying_time_;
  return program.clock();
}

Result<void> Workbench::open_directory(Program& program, const std::filesystem::path& directory) {
  EAR_TRY(store_, core::open_sqlite_store(directory, clock(program)));
  EAR_TRY(const std::optional<core::Secret> key, master_key(program));
  EAR_TRY(vault_, core::Vault::open(directory, key));
  return {};
}

void Workbench::start_engine(Program& program, BenchParts parts) {
  keep_freed_memory();
  core::EngineOptions options;
  options.clock = &clock(program);
  options.log = &program.log();
  options.loader = loader_.get();
  options.store = store_.get();
  options.vault = vault_ ? &*vault_ : nullptr;
  options.find_accounts = parts.find_accounts;
  options.loops = std::max(1U, std::thread::hardware_concurrency());
  options.seed = static_cast<std::uint64_t>(steady_micros());
  options.progress = std::move(parts.watch);
  options.transport = std::move(parts.transport);
  core::proxies_from_environment(options.http);
  if (const auto reading = program.check_config(); reading && (*reading)->settings) {
    const core::HttpSettings& http = (*reading)->settings->http;
    options.http.max_connections = http.max_connections;
    options.http.max_connections_per_host = http.max_connections_per_host;
  }
  engine_ = std::make_unique<core::Engine>(std::move(options));
}

Result<core::AccountReport> Workbench::authenticate(const Target& target) {
  std::promise<Result<core::AccountReport>> promise;
  std::future<Result<core::AccountReport>> answer = promise.get_future();
  engine_->authenticate(
      target.settings, target.plugin,
      [&promise](Result<core::AccountReport> report) { promise.set_value(std::move(report)); });
  return await(answer);
}

void Workbench::interrupt(int count) {
  std::int64_t never = 0;
  interrupted_at_.compare_exchange_strong(never, steady_micros());
  interrupts_ = count;
  engine_->stop();
}

std::chrono::milliseconds Workbench::step() const noexcept {
  return std::chrono::milliseconds(flying_time_ ? 1 : 50);
}

void Workbench::pass_time() const {
  if (flying_time_) flying_time_->advance(std::chrono::milliseconds(100));
  give_up_if_asked();
}

void Workbench::give_up_if_asked() const {
  if (interrupts_ == 0) return;
  if (interrupts_ > 1 || steady_micros() - interrupted_at_ > kGraceMicros) {
    say(stderr,
        "earshot: a plugin did not stop in time; leaving it. What was committed is kept.\n");
    ::_exit(static_cast<int>(ExitCode::interrupted));
  }
}

}  // namespace earshot::host

#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include <earshot/core/store/store.hpp>
#include <earshot/core/sync/engine.hpp>
#include <earshot/core/vault/vault.hpp>

#include "program.hpp"

namespace earshot::host {

/// What hears how runs go on.
using WatchRuns = std::function<void(const core::RunProgress&)>;

/// What a workbench is made of.
struct BenchParts {
  std::filesystem::path directory{};  ///< Of store and vault; empty: nothing is kept.
  WatchRuns watch{};
  /// What carries requests; empty: sockets. Called where the engine makes its loops.
  decltype(core::EngineOptions::transport) transport{};
  bool find_accounts = true;  ///< See EngineOptions.
  /// Where it is given, no wait takes time, neither for quota nor before a retry.
  std::shared_ptr<core::VirtualClock> flying_time{};
};

/// The host at work on one data directory: its store, vault, plugins and engine. For verbs that
/// write.
class Workbench {
 public:
  /// Takes the data directory; fails with the owner's pid where another host has it.
  [[nodiscard]] static core::Result<std::unique_ptr<Workbench>> open(Program& program,
                                                                     WatchRuns watch = {});
  /// Of those parts; fails as the one above.
  [[nodiscard]] static core::Result<std::unique_ptr<Workbench>> of(Program& program,
                                                                   BenchParts parts);

  [[nodiscard]] core::Engine& engine() noexcept { return *engine_; }
  [[nodiscard]] core::Store& store() noexcept { return *store_; }
  /// Asks the product whose the credentials are, and waits.
  [[nodiscard]] core::Result<core::AccountReport> authenticate(const Target& target);

  /// Waits for an answer of the engine, through interrupts: the first cancels what runs, a second
  /// or 2 seconds end the program.
  template <typename T>
  [[nodiscard]] T await(std::future<T>& answer) {
    while (answer.wait_for(step()) != std::future_status::ready) pass_time();
    return answer.get();
  }
  /// From the interrupt watcher: stops the engine.
  void interrupt(int count);

 private:
  Workbench() = default;
  [[nodiscard]] core::Clock& clock(Program& program) noexcept;
  [[nodiscard]] core::Result<void> open_directory(Program& program,
                                                  const std::filesystem::path& directory);
  void start_engine(Program& program, BenchParts parts);
  [[nodiscard]] std::chrono::milliseconds step() const noexcept;
  void pass_time() const;
  void give_up_if_asked() const;

  std::shared_ptr<core::VirtualClock> flying_time_;
  std::unique_ptr<core::Store> store_;
  std::optional<core::Vault> vault_;
  std::unique_ptr<core::PluginLoader> loader_;
  std::unique_ptr<core::Engine> engine_;
  std::atomic<int> interrupts_{0};
  std::atomic<std::int64_t> interrupted_at_{0};
};

}  // namespace earshot::host

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

/// The host at work on one data directory: its store, vault, plugins and engine. For verbs that
/// write.
class Workbench {
 public:
  /// Takes the data directory; fails with the owner's pid where another host has it.
  [[nodiscard]] static core::Result<std::unique_ptr<Workbench>> open(Program& program,
                                                                     WatchRuns watch = {});
  /// Without a data directory, for credentials that are not saved.
  [[nodiscard]] static std::unique_ptr<Workbench> unsaved(Program& program);

  [[nodiscard]] core::Engine& engine() noexcept { return *engine_; }
  [[nodiscard]] core::Store& store() noexcept { return *store_; }

  /// Waits for an answer of the engine, through interrupts: the first cancels what runs, a second
  /// or 2 seconds end the program.
  template <typename T>
  [[nodiscard]] T await(std::future<T>& answer) {
    while (answer.wait_for(std::chrono::milliseconds(50)) != std::future_status::ready)
      give_up_if_asked();
    return answer.get();
  }
  /// From the interrupt watcher: stops the engine.
  void interrupt(int count);

 private:
  Workbench() = default;
  void start_engine(Program& program, WatchRuns watch);
  void give_up_if_asked() const;

  std::unique_ptr<core::Store> store_;
  std::optional<core::Vault> vault_;
  std::unique_ptr<core::PluginLoader> loader_;
  std::unique_ptr<core::Engine> engine_;
  std::atomic<int> interrupts_{0};
  std::atomic<std::int64_t> interrupted_at_{0};
};

}  // namespace earshot::host

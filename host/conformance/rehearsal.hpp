#pragma once

#include <cstdint>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <earshot/core/base/clock.hpp>
#include <earshot/core/store/store.hpp>
#include <earshot/core/sync/engine.hpp>

#include "conformance/case_store.hpp"
#include "conformance/product.hpp"
#include "conformance/subject.hpp"

namespace earshot::conformance {

/// The plugin in the real engine, as an integration of its own, and a product that is played. Each
/// operation has an engine of its own, as after a restart; time passes by itself, only faster. A
/// call that does not come back ends the case as a hang.
class Rehearsal {
 public:
  [[nodiscard]] static core::Result<std::unique_ptr<Rehearsal>> open(const Subject& subject);
  ~Rehearsal();
  Rehearsal(const Rehearsal&) = delete;
  Rehearsal& operator=(const Rehearsal&) = delete;

  [[nodiscard]] core::RunSummary sync(PlayedProduct& product, const core::RunOptions& options = {});
  /// The same, but stopped as soon as the plugin made its `checkpoint`-th checkpoint, from 1.
  [[nodiscard]] core::RunSummary sync_until(PlayedProduct& product, std::uint64_t checkpoint);

  /// Checkpoints of the last run.
  [[nodiscard]] std::uint64_t checkpoints() const noexcept { return checkpoints_; }
  /// Every record that is stored, tombstones included.
  [[nodiscard]] core::Result<std::vector<core::StoredRecord>> records();
  /// "kind id" of each, and what it says; for comparing what two ways of fetching came to.
  [[nodiscard]] core::Result<std::map<std::string, std::string>> contents();
  [[nodiscard]] core::Result<void> put_cursor(const std::string& stream, const std::string& cursor);
  /// The stored cursors, by stream.
  [[nodiscard]] core::Result<std::map<std::string, std::string>> cursors();
  [[nodiscard]] core::VirtualClock& clock() noexcept { return clock_; }

 private:
  Rehearsal(const Subject& subject, CaseStore& store, core::IntegrationSettings settings);
  [[nodiscard]] core::EngineOptions options(PlayedProduct& product);
  core::RunSummary run(PlayedProduct& product, const core::RunOptions& options,
                       std::uint64_t last_checkpoint);
  void let_time_pass(const PlayedProduct& product, const std::future<core::RunSummary>& future);
  [[nodiscard]] core::Result<core::IntegrationId> integration();

  const Subject& subject_;
  CaseStore& store_;
  core::IntegrationSettings settings_;
  core::VirtualClock clock_;
  core::Log log_;
  core::PluginLoader loader_;
  std::uint64_t checkpoints_ = 0;
};

/// The records as Rehearsal::contents() has them.
[[nodiscard]] std::map<std::string, std::string> contents_of(
    const std::vector<core::StoredRecord>& records);

/// What differs between the records of two rehearsals, in words; empty where nothing does.
[[nodiscard]] std::string difference(const std::map<std::string, std::string>& expected,
                                     const std::map<std::string, std::string>& found);

}  // namespace earshot::conformance

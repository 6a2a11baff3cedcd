#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <earshot/core/observe/log.hpp>
#include <earshot/core/plugin/sink.hpp>
#include <earshot/core/store/store.hpp>
#include <earshot/core/sync/engine.hpp>

#include "prepared.hpp"
#include "unknown_values.hpp"

namespace earshot::core {

/// Maps what a plugin emits into the batch that goes to the store next, and keeps the window and
/// the limit that were asked for. [one thread at a time]
class Intake {
 public:
  /// All outlive the intake.
  Intake(const Prepared& prepared, const RunOptions& options, Log& log) noexcept
      : prepared_(prepared), options_(options), log_(log) {}

  /// Writes bring their items' fingerprints from now on.
  void take_fingerprints() noexcept { fingerprints_ = true; }

  /// sink_closed where the limit falls inside; misuse for a mapping that is not declared; bad_data
  /// where a whole page could not be mapped.
  [[nodiscard]] Result<EmissionCounts> take(const Emission& emission);
  void move_cursor(std::string stream, std::string cursor);

  /// As large as a batch should get; bounded by that and one emission.
  [[nodiscard]] bool large() const noexcept;
  [[nodiscard]] bool empty() const noexcept;
  [[nodiscard]] std::size_t bytes() const noexcept { return bytes_; }
  /// The batch, without lease and lane; the next begins empty.
  [[nodiscard]] Batch release();

  [[nodiscard]] bool limit_reached() const noexcept {
    return options_.limit != 0 && consumed_ >= options_.limit;
  }
  /// The limit fell inside a page: its cursor must not move.
  [[nodiscard]] bool cut() const noexcept { return cut_; }
  [[nodiscard]] const UnknownValues& unknown_values() const noexcept { return unknown_values_; }

 private:
  /// False once the limit is reached.
  bool take_item(Mapping::Session& session, const Mapping& mapping, std::string_view name,
                 const MappingInput& input, EmissionCounts& counts);
  [[nodiscard]] bool outside_window(const Mapping& mapping, const Record& record) const;
  [[nodiscard]] std::string computed_text(Mapping::Session& session,
                                          const MappingInput& input) const;
  void keep(Mapping::Session& session, const Mapping& mapping, std::string_view name,
            const MappingInput& input, Record record);
  void note_unknown(std::string_view name, const std::vector<UnknownValue>& values);
  void reject(Mapping::Session& session, std::string_view name, Mapped mapped,
              const MappingInput& input);

  const Prepared& prepared_;
  const RunOptions& options_;
  Log& log_;
  UnknownValues unknown_values_;
  Batch batch_;
  std::size_t bytes_ = 0;
  std::uint64_t consumed_ = 0;
  bool cut_ = false;
  bool fingerprints_ = false;
};

}  // namespace earshot::core

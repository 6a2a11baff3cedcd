#pragma once

#include <cstdint>

#include <earshot/core/base/clock.hpp>

#include "database.hpp"
#include "record_table.hpp"

namespace earshot::core {

/// What the store's thread works with.
/// [one thread at a time]
struct Session {
  /// Counts this opening of the store (its generation) and closes the runs that a process before
  /// left open: their leases are void from here on.
  [[nodiscard]] static Result<Session> begin(Database database, const Clock& clock);

  Database database;
  RecordTable records;
  const Clock* clock;
  std::int64_t generation;
  bool empty_log = false;  ///< Nothing may stay in the log once the transaction is durable.
};

}  // namespace earshot::core

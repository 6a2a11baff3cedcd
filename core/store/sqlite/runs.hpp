#pragma once

#include <earshot/core/store/store.hpp>

#include "session.hpp"

namespace earshot::core {

/// Closes every run marked running as interrupted and gives its lease back.
[[nodiscard]] Result<void> close_open_runs(Session& session);

[[nodiscard]] Result<RunBegun> begin_run(Session& session, const RunStart& start);
[[nodiscard]] Result<void> end_run(Session& session, const Lease& lease, const RunSummary& summary);

/// conflict where the lease is not, or no longer, the one to write under.
[[nodiscard]] Result<void> check_lease(Session& session, const Lease& lease);

/// conflict while a run of this process writes for the integration; not_found without one.
[[nodiscard]] Result<void> check_idle(Session& session, IntegrationId integration);

/// A query that yields read_run's columns; ends where conditions on `u` (runs) may follow.
extern const char* const kSelectRun;
/// Reads the row and the problems that belong to it.
[[nodiscard]] Result<RunSummary> read_run(Database& database, const Statement& row);

}  // namespace earshot::core

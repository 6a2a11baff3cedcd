#include "runs.hpp"

#include <fmt/format.h>

#include "values.hpp"

namespace earshot::core {
namespace {

// Outcomes are stored as their numbers: values are only ever appended.
static_assert(static_cast<int>(RunOutcome::running) == 0);
static_assert(static_cast<int>(RunOutcome::interrupted) == 5);

Result<void> interrupt_open_run(Session& session, IntegrationId integration) {
  return session.database.execute(
      "UPDATE runs SET outcome = ?, ended = ? WHERE integration = ? AND outcome = 0",
      RunOutcome::interrupted, session.clock->now(), integration);
}

/// The epoch of a new run; it voids the lease of the one before.
Result<std::int64_t> next_epoch(Session& session, IntegrationId integration) {
  EAR_TRY(const auto epoch,
          session.database.integer(
              "UPDATE integrations SET epoch = epoch + 1, lease_run = NULL WHERE id = ? "
              "RETURNING epoch",
              integration));
  if (epoch) return *epoch;
  return Error{
      .code = Code::not_found,
      .message = fmt::format("store: there is no integration {}; it was removed", integration)};
}

Result<RunId> insert_run(Session& session, const RunStart& start, std::int64_t epoch) {
  EAR_CHECK(session.database.execute(
      "INSERT INTO runs (integration, epoch, generation, lane, window_from, window_to, item_limit, "
      "outcome, started) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
      start.integration, epoch, session.generation, start.lane, start.from, start.to, start.limit,
      RunOutcome::running, session.clock->now()));
  return session.database.last_row_id();
}

/// Rejected items that had no id. A full run meets them again: those that are still bad come back,
/// while one that has an id by now could not be told from the rest.
Result<bool> has_fingerprints(Session& session, const RunStart& start) {
  const std::string pattern = std::string(kFingerprint) + "*";
  if (start.reset_cursors && start.lane.empty()) {
    EAR_CHECK(
        session.database.execute("DELETE FROM rejected WHERE integration = ? AND source_id GLOB ?",
                                 start.integration, pattern));
  }
  EAR_TRY(const auto found,
          session.database.integer(
              "SELECT 1 FROM rejected WHERE integration = ? AND source_id GLOB ? LIMIT 1",
              start.integration, pattern));
  return found.has_value();
}

Result<void> write_texts(Database& database, std::string_view insert, RunId run,
                         const std::vector<std::string>& texts) {
  std::int64_t position = 0;
  for (const std::string& text : texts) {
    EAR_CHECK(database.execute(insert, run, position++, text));
  }
  return {};
}

Result<void> write_remarks(Database& database, RunId run, const RunSummary& summary) {
  EAR_CHECK(write_texts(
      database, "INSERT OR REPLACE INTO run_problems (run, position, problem) VALUES (?, ?, ?)",
      run, summary.problems));
  return write_texts(database,
                     "INSERT OR REPLACE INTO run_notes (run, position, note) VALUES (?, ?, ?)", run,
                     summary.notes);
}

Result<void> write_summary(Session& session, RunId run, const RunSummary& summary) {
  const RecordCounts& counts = summary.counts;
  return session.database.execute(
      "UPDATE runs SET outcome = ?, ended = ?, took = ?, created = ?, updated = ?, unchanged = ?, "
      "deleted = ?, rejected = ?, requests = ?, throttled = ?, bytes = ?, waited = ?, "
      "quota_left = ?, until = ?, error_code = ?, error = ?, cache_hits = ?, cache_misses = ?, "
      "cache_revalidated = ? WHERE id = ?",
      summary.outcome, summary.ended.value_or(session.clock->now()), summary.took.count(),
      counts.created, counts.updated, counts.unchanged, counts.deleted, counts.rejected,
      summary.requests, summary.throttled, summary.bytes, summary.waited.count(),
      summary.quota_left, summary.until, summary.error_code, summary.error, summary.cache_hits,
      summary.cache_misses, summary.cache_revalidated, run);
}

Result<std::vector<std::string>> read_texts(Database& database, std::string_view select,
                                            RunId run) {
  EAR_TRY(Query rows, database.query(select, run));
  std::vector<std::string> out;
  for (;;) {
    EAR_TRY(const bool any, rows.next());
    if (!any) return out;
    out.push_back(rows->text(0));
  }
}

Result<void> read_remarks(Database& database, RunSummary& out) {
  EAR_TRY(out.problems,
          read_texts(database, "SELECT problem FROM run_problems WHERE run = ? ORDER BY position",
                     out.run));
  EAR_TRY(
      out.notes,
      read_texts(database, "SELECT note FROM run_notes WHERE run = ? ORDER BY position", out.run));
  return {};
}

}  // namespace

Result<void> close_open_runs(Session& session) {
  EAR_TRY(Transaction transaction, Transaction::write(session.database));
  EAR_CHECK(session.database.execute("UPDATE runs SET outcome = ?, ended = ? WHERE outcome = 0",
                                     RunOutcome::interrupted, session.clock->now()));
  EAR_CHECK(session.database.execute(
      "UPDATE integrations SET lease_run = NULL WHERE lease_run IS NOT NULL"));
  return transaction.commit();
}

Result<RunBegun> begin_run(Session& session, const RunStart& start) {
  EAR_TRY(const std::int64_t epoch, next_epoch(session, start.integration));
  EAR_CHECK(interrupt_open_run(session, start.integration));
  EAR_TRY(const RunId run, insert_run(session, start, epoch));
  EAR_CHECK(session.database.execute(
      "UPDATE integrations SET lease_run = ?, lease_generation = ? WHERE id = ?", run,
      session.generation, start.integration));
  if (start.reset_cursors) {
    EAR_CHECK(forget_cursors(session.database, start.integration, start.lane));
  }
  EAR_TRY(const bool fingerprints, has_fingerprints(session, start));
  EAR_TRY(auto cursors, lane_cursors(session.database, start.integration, start.lane));
  return RunBegun{.lease = {.integration = start.integration, .run = run, .epoch = epoch},
                  .cursors = std::move(cursors),
                  .fingerprints = fingerprints};
}

Result<void> end_run(Session& session, const Lease& lease, const RunSummary& summary) {
  EAR_CHECK(check_lease(session, lease));
  EAR_CHECK(write_summary(session, lease.run, summary));
  EAR_CHECK(write_remarks(session.database, lease.run, summary));
  if (summary.whole) {
    EAR_CHECK(session.database.execute(
        "DELETE FROM cursors WHERE integration = ? AND lane <> '' AND lane = "
        "(SELECT lane FROM runs WHERE id = ?)",
        lease.integration, lease.run));
  }
  return session.database.execute("UPDATE integrations SET lease_run = NULL WHERE id = ?",
                                  lease.integration);
}

Result<void> check_lease(Session& session, const Lease& lease) {
  EAR_TRY(const auto held,
          session.database.integer("SELECT 1 FROM integrations WHERE id = ? AND epoch = ? AND "
                                   "lease_run = ? AND lease_generation = ?",
                                   lease.integration, lease.epoch, lease.run, session.generation));
  if (held) return {};
  return Error{.code = Code::conflict,
               .message = fmt::format("store: run {} no longer writes for its integration: it has "
                                      "ended, a later run took over, or the integration was "
                                      "removed; start it again",
                                      lease.run)};
}

Result<void> check_idle(Session& session, IntegrationId integration) {
  EAR_TRY(const auto run,
          session.database.integer("SELECT ifnull(lease_run, 0) FROM integrations WHERE id = ?",
                                   integration));
  if (!run) {
    return Error{.code = Code::not_found,
                 .message = fmt::format("store: there is no integration {}", integration)};
  }
  if (*run == 0) return {};
  return Error{.code = Code::conflict,
               .message = fmt::format("store: run {} is writing for this integration; wait until "
                                      "it has ended, or cancel it",
                                      *run)};
}

const char* const kSelectRun =
    "SELECT u.id, u.integration, i.name, i.plugin, u.lane, u.window_from, u.window_to, "
    "u.item_limit, u.outcome, u.started, u.ended, u.created, u.updated, u.unchanged, u.deleted, "
    "u.rejected, u.requests, u.throttled, u.bytes, u.waited, u.quota_left, u.until, u.error_code, "
    "u.error, u.cache_hits, u.cache_misses, u.cache_revalidated, u.took FROM runs u JOIN "
    "integrations i ON "
    "i.id = u.integration ";

Result<RunSummary> read_run(Database& database, const Statement& row) {
  RunSummary out;
  out.run = row.integer(0);
  out.integration = row.integer(1);
  out.integration_name = row.text(2);
  out.plugin = row.text(3);
  out.lane = row.text(4);
  out.from = row.optional_time(5);
  out.to = row.optional_time(6);
  out.limit = row.count(7);
  out.outcome = row.enumerator(8, RunOutcome::interrupted);
  out.started = row.time(9);
  out.ended = row.optional_time(10);
  out.counts = {.created = row.count(11),
                .updated = row.count(12),
                .unchanged = row.count(13),
                .deleted = row.count(14),
                .rejected = row.count(15)};
  out.requests = row.count(16);
  out.throttled = row.count(17);
  out.bytes = row.count(18);
  out.waited = Micros{row.integer(19)};
  if (!row.null(20)) out.quota_left = row.count(20);
  out.until = row.optional_time(21);
  out.error_code = row.text(22);
  out.error = row.text(23);
  out.cache_hits = row.count(24);
  out.cache_misses = row.count(25);
  out.cache_revalidated = row.count(26);
  out.took = Micros{row.integer(27)};
  EAR_CHECK(read_remarks(database, out));
  return out;
}

}  // namespace earshot::core

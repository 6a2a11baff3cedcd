#include "batch.hpp"

#include <functional>
#include <unordered_map>

#include <fmt/format.h>

#include "raw_text.hpp"
#include "runs.hpp"
#include "values.hpp"

namespace earshot::core {
namespace {

struct Identity {
  RecordKind kind;
  std::string_view source_id;
  friend bool operator==(const Identity&, const Identity&) = default;
};

struct IdentityHash {
  std::size_t operator()(const Identity& identity) const noexcept {
    return std::hash<std::string_view>()(identity.source_id) +
           static_cast<std::size_t>(identity.kind);
  }
};

/// True at the places where another write of the batch holds a higher version of the same item, or
/// an equal one later.
std::vector<bool> superseded(const std::vector<RecordWrite>& writes) {
  std::vector<bool> out(writes.size(), false);
  std::unordered_map<Identity, std::size_t, IdentityHash> best;
  best.reserve(writes.size());
  for (std::size_t i = 0; i < writes.size(); ++i) {
    const Record& record = writes[i].record;
    const auto [place, first] = best.try_emplace({record.kind, record.source_id}, i);
    if (first) continue;
    const bool wins = record.version >= writes[place->second].record.version;
    out[wins ? place->second : i] = true;
    if (wins) place->second = i;
  }
  return out;
}

void count(std::optional<Change> change, RecordCounts& counts) {
  if (!change) {
    ++counts.unchanged;
    return;
  }
  switch (*change) {
    case Change::created: ++counts.created; break;
    case Change::updated: ++counts.updated; break;
    case Change::deleted: ++counts.deleted; break;
  }
}

/// One batch on its way: what it has changed of its integration's row so far.
class BatchWriter {
 public:
  BatchWriter(Session& session, const Batch& batch) : session_(session), batch_(batch) {}

  Result<RecordCounts> write() {
    EAR_CHECK(check_lease(session_, batch_.lease));
    EAR_CHECK(load());
    EAR_CHECK(write_records());
    for (const Rejected& item : batch_.rejected) EAR_CHECK(write_rejected(item));
    for (const CursorMove& move : batch_.cursors) EAR_CHECK(move_cursor(move));
    EAR_CHECK(save());
    return counts_;
  }

 private:
  Database& database() { return session_.database; }
  IntegrationId integration() const { return batch_.lease.integration; }

  Result<void> load() {
    EAR_TRY(const auto seq,
            database().integer("SELECT change_seq FROM integrations WHERE id = ?", integration()));
    EAR_TRY(
        const auto rejects,
        database().integer("SELECT 1 FROM rejected WHERE integration = ? LIMIT 1", integration()));
    seq_ = seq.value_or(0);
    has_rejects_ = rejects.has_value();
    return {};
  }

  Result<void> write_records() {
    const std::vector<bool> skip = superseded(batch_.records);
    for (std::size_t i = 0; i < skip.size(); ++i) {
      if (skip[i]) {
        ++counts_.unchanged;
      } else {
        EAR_CHECK(write_record(batch_.records[i]));
      }
    }
    return {};
  }

  Result<void> write_record(const RecordWrite& write) {
    if (has_rejects_) EAR_CHECK(forgive(write));
    EAR_TRY(const auto applied,
            session_.records.apply(database(), integration(), seq_ + 1, write, batch_.again));
    count(applied ? std::optional(applied->change) : std::nullopt, counts_);
    if (!applied) return {};
    ++seq_;
    live_ += applied->live;
    return database().execute(
        "INSERT INTO changes (integration, seq, record, op) VALUES (?, ?, ?, ?)", integration(),
        seq_, applied->record, applied->change);
  }

  /// An item that maps is rejected no longer.
  Result<void> forgive(const RecordWrite& write) {
    return database().execute(
        "DELETE FROM rejected WHERE integration = ? AND mapping = ? AND source_id IN (?, ?)",
        integration(), write.mapping, write.record.source_id, write.rejected_as);
  }

  Result<void> write_rejected(const Rejected& item) {
    ++counts_.rejected;
    const std::string packed = pack_raw(item.raw);
    return database().execute(
        "INSERT INTO rejected (integration, mapping, source_id, reason, at, computed, raw) "
        "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (integration, mapping, source_id) "
        "DO UPDATE SET reason = excluded.reason, at = excluded.at, computed = excluded.computed, "
        "raw = excluded.raw",
        integration(), item.mapping, item.source_id, item.reason, session_.clock->now(),
        item.computed, Blob{packed});
  }

  Result<void> move_cursor(const CursorMove& move) {
    if (!move.cursor.empty()) return set_cursor(session_, integration(), batch_.lane, move);
    return Error{.code = Code::misuse,
                 .message = fmt::format("stream \"{}\": a checkpoint needs a cursor that is not "
                                        "empty",
                                        move.stream)};
  }

  Result<void> save() {
    if (counts_.created + counts_.updated + counts_.deleted > 0) {
      EAR_CHECK(database().execute(
          "UPDATE integrations SET change_seq = ?, records = records + ? WHERE id = ?", seq_, live_,
          integration()));
    }
    return database().execute(
        "UPDATE runs SET created = created + ?, updated = updated + ?, unchanged = unchanged + ?, "
        "deleted = deleted + ?, rejected = rejected + ? WHERE id = ?",
        counts_.created, counts_.updated, counts_.unchanged, counts_.deleted, counts_.rejected,
        batch_.lease.run);
  }

  Session& session_;
  const Batch& batch_;
  RecordCounts counts_;
  std::int64_t seq_ = 0;
  std::int64_t live_ = 0;
  bool has_rejects_ = false;
};

}  // namespace

Result<RecordCounts> store_batch(Session& session, const Batch& batch) {
  return BatchWriter(session, batch).write();
}

Result<RecordCounts> rehearse_batch(Session& session, const Batch& batch) {
  RecordCounts counts;
  counts.rejected = batch.rejected.size();
  const std::vector<bool> skip = superseded(batch.records);
  for (std::size_t i = 0; i < skip.size(); ++i) {
    std::optional<Change> change;
    if (!skip[i]) {
      EAR_TRY(change, session.records.foresee(batch.lease.integration, batch.records[i]));
    }
    count(change, counts);
  }
  return counts;
}

}  // namespace earshot::core

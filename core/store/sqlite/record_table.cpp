#include "record_table.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "raw_text.hpp"
#include "search_index.hpp"

namespace earshot::core {
namespace {

std::array<char, sizeof(ContentHash)> bytes_of(const ContentHash& hash) {
  std::array<char, sizeof(ContentHash)> bytes{};
  std::memcpy(bytes.data(), &hash, bytes.size());
  return bytes;
}

bool is_tombstone(const RecordWrite& write) {
  return write.record.status == RecordStatus::deleted;
}

Change creation(const RecordWrite& write) {
  return is_tombstone(write) ? Change::deleted : Change::created;
}

Applied created(std::int64_t id, const RecordWrite& write) {
  return {.record = id, .change = creation(write), .live = is_tombstone(write) ? 0 : 1};
}

}  // namespace

Result<RecordTable> RecordTable::open(Database& database) {
  EAR_TRY(Statement find, database.prepare("SELECT id, version, hash, status FROM records "
                                           "WHERE integration = ? AND kind = ? AND source_id = ?"));
  EAR_TRY(Statement insert, database.prepare(kInsertRecord));
  EAR_TRY(Statement update, database.prepare(kUpdateRecord));
  EAR_TRY(Statement raise, database.prepare("UPDATE records SET version = ?2 WHERE id = ?1"));
  EAR_TRY(const auto stored, database.integer("SELECT max(id) FROM records"));
  EAR_TRY(const auto purged, database.integer("SELECT value FROM meta WHERE key = 'last_record'"));
  const std::int64_t last_id = std::max(stored.value_or(0), purged.value_or(0));
  return RecordTable(std::move(find), std::move(insert), std::move(update), std::move(raise),
                     last_id);
}

Result<std::optional<Applied>> RecordTable::apply(Database& database, IntegrationId integration,
                                                  std::int64_t change_seq, const RecordWrite& write,
                                                  bool again) {
  const auto bytes = bytes_of(hash_of(write, scratch_));
  RecordPlace place{.integration = integration,
                    .change_seq = change_seq,
                    .hash = std::string_view(bytes.data(), bytes.size())};
  if (expect_new_ && !again) {
    EAR_TRY(expect_new_, insert(database, place, write));
    if (expect_new_) return std::optional(created(last_id_, write));
  }
  EAR_TRY(const auto stored,
          find(integration, write.record.kind, write.record.source_id, place.hash));
  if (!stored) {
    EAR_TRY(expect_new_, insert(database, place, write));
    return std::optional(created(last_id_, write));
  }
  const std::optional<Change> change = change_of(stored, write, again);
  if (!change) {
    if (stored->same_content) EAR_CHECK(raise_version(*stored, write.record.version));
    if (stored->same_content && again) {
      EAR_CHECK(database.execute("UPDATE records SET mapping_revision = ? WHERE id = ?",
                                 write.mapping_revision, stored->id));
    }
    return std::optional<Applied>{};
  }
  place.id = stored->id;
  EAR_CHECK(keep_former_text(database, place.id));
  EAR_CHECK(update(place, write));
  return std::optional(Applied{
      .record = stored->id,
      .change = *change,
      .live = static_cast<int>(stored->deleted) - static_cast<int>(is_tombstone(write)),
  });
}

Result<std::optional<Change>> RecordTable::foresee(IntegrationId integration,
                                                   const RecordWrite& write) {
  const auto bytes = bytes_of(hash_of(write, scratch_));
  EAR_TRY(const auto stored, find(integration, write.record.kind, write.record.source_id,
                                  std::string_view(bytes.data(), bytes.size())));
  return change_of(stored, write, false);
}

std::optional<Change> RecordTable::change_of(const std::optional<Stored>& stored,
                                             const RecordWrite& write, bool again) noexcept {
  if (!stored) return creation(write);
  const bool stale = write.record.version < stored->version && !again;
  if (stored->same_content || stale) return std::nullopt;
  return is_tombstone(write) && !stored->deleted ? Change::deleted : Change::updated;
}

Result<Known> RecordTable::known(IntegrationId integration, RecordKind kind,
                                 std::string_view source_id, std::int64_t version) {
  EAR_TRY(const auto stored, find(integration, kind, source_id, {}));
  if (!stored) return Known::fresh;
  return stored->version < version ? Known::older : Known::same;
}

Result<std::optional<RecordTable::Stored>> RecordTable::find(IntegrationId integration,
                                                             RecordKind kind,
                                                             std::string_view source_id,
                                                             std::string_view hash) {
  const Query use(find_);
  find_.bind(1, integration);
  find_.bind(2, kind);
  find_.borrow(3, source_id);
  EAR_TRY(const bool found, find_.step());
  if (!found) return std::optional<Stored>{};
  return std::optional(Stored{
      .id = find_.integer(0),
      .version = find_.integer(1),
      .deleted = find_.enumerator(3, RecordStatus::deleted) == RecordStatus::deleted,
      .same_content = find_.bytes(2) == hash,
  });
}

Result<bool> RecordTable::insert(Database& database, RecordPlace place, const RecordWrite& write) {
  const std::string packed = pack_raw(stored_text(write).raw);
  place.packed_raw = packed;
  place.id = last_id_ + 1;
  bind_record(insert_, place, write);
  EAR_CHECK(insert_.run());
  const bool inserted = database.changed_rows() == 1;
  if (inserted) last_id_ = place.id;
  return inserted;
}

Result<void> RecordTable::update(RecordPlace place, const RecordWrite& write) {
  const std::string packed = pack_raw(stored_text(write).raw);
  place.packed_raw = packed;
  bind_record(update_, place, write);
  return update_.run();
}

Result<void> RecordTable::raise_version(const Stored& stored, std::int64_t version) {
  if (version <= stored.version) return {};
  raise_.bind(1, stored.id);
  raise_.bind(2, version);
  return raise_.run();
}

}  // namespace earshot::core

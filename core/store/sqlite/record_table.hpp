#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <earshot/core/store/store.hpp>

#include "database.hpp"
#include "record_row.hpp"

namespace earshot::core {

/// What happened to a record, as the change log says it.
enum class Change : std::uint8_t { created = 0, updated = 1, deleted = 2 };

/// A write that took effect.
struct Applied {
  std::int64_t record = 0;
  Change change = Change::created;
  int live = 0;  ///< How many more records that are no tombstones there are: -1, 0 or 1.
};

/// The rows of `records`, by identity.
/// [one thread at a time]
class RecordTable {
 public:
  [[nodiscard]] static Result<RecordTable> open(Database& database);

  /// Stores `write` under `change_seq` if it is news: unknown, or at least as new as what is stored
  /// and different. Nothing otherwise, but that a newer version of the same content is kept. Where
  /// it is what is stored, mapped `again`, its version does not matter, and its mapping revision is
  /// noted in any case.
  [[nodiscard]] Result<std::optional<Applied>> apply(Database& database, IntegrationId integration,
                                                     std::int64_t change_seq,
                                                     const RecordWrite& write, bool again);

  /// What apply would make of it now, writing nothing.
  [[nodiscard]] Result<std::optional<Change>> foresee(IntegrationId integration,
                                                      const RecordWrite& write);

  [[nodiscard]] Result<Known> known(IntegrationId integration, RecordKind kind,
                                    std::string_view source_id, std::int64_t version);

  /// The highest id given out; it survives a purge, so that ids are never used again.
  [[nodiscard]] std::int64_t last_id() const noexcept { return last_id_; }

 private:
  struct Stored {
    std::int64_t id = 0;
    std::int64_t version = 0;
    bool deleted = false;
    bool same_content = false;
  };

  /// Nothing where the write is no news beside what is stored.
  [[nodiscard]] static std::optional<Change> change_of(const std::optional<Stored>& stored,
                                                       const RecordWrite& write,
                                                       bool again) noexcept;

  RecordTable(Statement find, Statement insert, Statement update, Statement raise,
              std::int64_t last_id)
      : find_(std::move(find)),
        insert_(std::move(insert)),
        update_(std::move(update)),
        raise_(std::move(raise)),
        last_id_(last_id) {}

  [[nodiscard]] Result<std::optional<Stored>> find(IntegrationId integration, RecordKind kind,
                                                   std::string_view source_id,
                                                   std::string_view hash);
  [[nodiscard]] Result<bool> insert(Database& database, RecordPlace place,
                                    const RecordWrite& write);
  [[nodiscard]] Result<void> update(RecordPlace place, const RecordWrite& write);
  [[nodiscard]] Result<void> raise_version(const Stored& stored, std::int64_t version);

  Statement find_;
  Statement insert_;
  Statement update_;
  Statement raise_;
  std::int64_t last_id_;
  bool expect_new_ = true;  ///< As the last one was: a first sync need not look before it inserts.
  std::string scratch_;
};

}  // namespace earshot::core

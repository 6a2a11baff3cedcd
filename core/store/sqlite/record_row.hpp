#pragma once

#include <string>
#include <string_view>

#include <earshot/core/store/store.hpp>

#include "database.hpp"

namespace earshot::core {

/// The text of a write as it is stored: a tombstone keeps none.
struct StoredText {
  std::string_view title;
  std::string_view content;
  std::string_view computed;
  std::string_view raw;
};
[[nodiscard]] StoredText stored_text(const RecordWrite& write) noexcept;

/// The hash over everything that is stored of a write but its version and its mapping. `scratch` is
/// for reuse.
[[nodiscard]] ContentHash hash_of(const RecordWrite& write, std::string& scratch);

/// Statements with the parameters that bind_record fills.
extern const char* const kInsertRecord;
extern const char* const kUpdateRecord;

/// What a record row holds beside its write.
struct RecordPlace {
  std::int64_t id = 0;
  IntegrationId integration = 0;
  std::int64_t change_seq = 0;
  std::string_view hash{};
  std::string_view packed_raw{};
};

/// Borrows from all three until the statement's reset.
void bind_record(Statement& to, const RecordPlace& place, const RecordWrite& write) noexcept;

/// A query that yields read_record's columns; ends where conditions on `r` (records) and `i`
/// (integrations) may follow.
extern const char* const kSelectRecord;
[[nodiscard]] Result<StoredRecord> read_record(const Statement& row);

}  // namespace earshot::core

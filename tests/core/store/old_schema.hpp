#pragma once

namespace earshot::core {

/// Takes a store back to the first version of its schema, as SQL.
inline constexpr const char* kToFirstSchema =
    "DROP TABLE search; DROP TABLE former_texts; DROP TABLE run_notes; DROP TABLE answers; "
    "ALTER TABLE runs DROP COLUMN took; "
    "ALTER TABLE runs DROP COLUMN cache_hits; "
    "ALTER TABLE runs DROP COLUMN cache_misses; "
    "ALTER TABLE runs DROP COLUMN cache_revalidated; "
    "ALTER TABLE rejected DROP COLUMN computed; DELETE FROM meta WHERE key = 'store_id'; "
    "PRAGMA user_version = 1";

}  // namespace earshot::core

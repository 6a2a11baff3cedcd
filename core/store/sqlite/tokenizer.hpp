#pragma once

struct sqlite3;

namespace earshot::core {

/// Has this connection's full-text index split text by a faster tokenizer in the place of SQLite's
/// `unicode61`, which it calls for each word that is not all ASCII. It gives the same words at the
/// same places for every text, so an index is read and written without it as well. For indexes
/// whose only option is `remove_diacritics`. Returns a code of SQLite.
[[nodiscard]] int speed_up_unicode61(sqlite3* connection) noexcept;

}  // namespace earshot::core

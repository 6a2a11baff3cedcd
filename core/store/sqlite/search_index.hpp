#pragma once

/// The index holds words, not texts: what it has of a record can only be taken out with the text
/// that it was made of. So a record that changes leaves that text in `former_texts` until the next
/// pass.

#include <cstdint>

#include <earshot/core/base/result.hpp>
#include <earshot/core/store/store.hpp>

#include "database.hpp"

namespace earshot::core {

/// Changes that the search index has not taken yet.
[[nodiscard]] Result<std::uint64_t> search_lag(Database& database);

/// Takes the next changes of the log into the index, as many as one transaction should; answers how
/// many, 0 where it has them all.
[[nodiscard]] Result<std::uint64_t> index_changes(Database& database);

/// To be called before the text of a record changes: keeps it where the index was made of it.
[[nodiscard]] Result<void> keep_former_text(Database& database, std::int64_t record);

/// Leaves no word in the index, nor what is kept for it; the next pass makes it anew.
[[nodiscard]] Result<void> empty_index(Database& database);

}  // namespace earshot::core

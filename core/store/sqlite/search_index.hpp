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

/// Takes all records of an integration out of the index, and what is kept of them, so that none of
/// their words is left.
[[nodiscard]] Result<void> forget_indexed(Database& database, IntegrationId integration);

}  // namespace earshot::core

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <earshot/core/base/result.hpp>

#include "database.hpp"

namespace earshot::core {

/// Changes that the search index has not taken yet.
[[nodiscard]] Result<std::uint64_t> search_lag(Database& database);

/// Takes up to `most` changes of the log into the index; answers how many it took.
[[nodiscard]] Result<std::uint64_t> index_changes(Database& database, std::uint64_t most);

/// What a person typed as the index understands it: every word must be there; "words in quotes"
/// stand side by side; a last * stands for any ending. Nothing where there are no words; limit
/// where there are too many.
[[nodiscard]] Result<std::optional<std::string>> match_expression(std::string_view typed);

}  // namespace earshot::core

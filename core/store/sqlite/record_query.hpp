#pragma once

#include <cstdint>
#include <vector>

#include <earshot/core/store/store.hpp>

#include "database.hpp"

namespace earshot::core {

/// The ids of the matching records in the order that StoreReader::records promises.
[[nodiscard]] Result<std::vector<std::int64_t>> matching_records(Database& database,
                                                                 const RecordQuery& query);
/// How many there are, regardless of the query's limit.
[[nodiscard]] Result<std::uint64_t> count_records(Database& database, const RecordQuery& query);

}  // namespace earshot::core

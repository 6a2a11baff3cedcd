#pragma once

#include <vector>

#include <earshot/core/store/store.hpp>

#include "database.hpp"

namespace earshot::core {

/// See StoreReader::kept_items.
[[nodiscard]] Result<std::vector<KeptItem>> kept_items(Database& database,
                                                       const KeptItemQuery& query);

}  // namespace earshot::core

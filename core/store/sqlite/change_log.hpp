#pragma once

#include <functional>
#include <string>

#include <earshot/core/store/store.hpp>

#include "database.hpp"

namespace earshot::core {

/// See StoreReader::changes. A token names the store and how far each integration's log was read:
/// "STORE.ID-SEQ.ID-SEQ", numbers in base 36.
[[nodiscard]] Result<Changes> changes(Database& database, const std::string& since,
                                      const std::string& integration,
                                      const std::function<bool(const StoredRecord&)>& each);

}  // namespace earshot::core

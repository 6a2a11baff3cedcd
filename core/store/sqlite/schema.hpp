#pragma once

#include <cstdint>
#include <string>

#include "database.hpp"

namespace earshot::core {

/// Where the store lies under its data directory.
inline constexpr const char* kStoreFile = "earshot.db";

/// Brings an open store to this program's schema, one step a transaction, so that a program killed
/// between finds the last whole step. unsupported where the store is newer; internal where the file
/// is a database of something else.
[[nodiscard]] Result<void> migrate(Database& database, const std::string& name);

/// For readers, who cannot migrate: not_found for a store with nothing in it yet, unsupported where
/// the store is of another schema.
[[nodiscard]] Result<void> check_schema(Database& database, const std::string& name);

}  // namespace earshot::core

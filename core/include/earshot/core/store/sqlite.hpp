#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include <earshot/core/store/store.hpp>

namespace earshot::core {

/// What committed data outlasts.
enum class Durability : std::uint8_t {
  power_loss,  ///< Each commit waits for the disk.
  process,     ///< Nothing waits: for a store that is soon thrown away.
};

/// Opens, and on first use makes, the store in `data_dir`: takes the directory's lock, brings the
/// schema up to date step by step (each in a transaction), starts the writer thread. Errors:
/// conflict with the owner's pid where another process has the directory; unsupported with both
/// versions where the store is newer than this program; internal with the remedy where the
/// directory cannot be written or the file is no store.
[[nodiscard]] Result<std::unique_ptr<Store>> open_sqlite_store(
    const std::filesystem::path& data_dir, Clock& clock,
    Durability durability = Durability::power_loss);

/// Opens the store for reading; not_found where there is none yet.
[[nodiscard]] Result<std::unique_ptr<StoreReader>> open_sqlite_reader(
    const std::filesystem::path& data_dir);

}  // namespace earshot::core

#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include <earshot/core/base/result.hpp>
#include <earshot/core/base/secret.hpp>

namespace earshot::core {

/// Seals secrets before they rest: AES-256-GCM under a data key of their own, which the master key
/// wraps. The integration's id and the secret's name are authenticated with it, so that a sealed
/// secret moved elsewhere does not open. [thread-safe]
class Vault {
 public:
  /// The master key is EARSHOT_MASTER_KEY (64 hex digits or base64 of 32 bytes) if given, else the
  /// key file `data_dir/master.key`, made with mode 0600 on first use. config where the variable is
  /// malformed or the file is readable by others.
  [[nodiscard]] static Result<Vault> open(const std::filesystem::path& data_dir,
                                          const std::optional<Secret>& master_key);

  [[nodiscard]] std::string seal(std::int64_t integration, std::string_view name,
                                 const Secret& secret) const;
  /// bad_data where it was sealed under another key, for another place, or was changed.
  [[nodiscard]] Result<Secret> unseal(std::int64_t integration, std::string_view name,
                                      std::string_view sealed) const;

 private:
  explicit Vault(Secret key) : key_(std::move(key)) {}
  Secret key_;
};

}  // namespace earshot::core

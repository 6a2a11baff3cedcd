#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include <earshot/core/base/clock.hpp>
#include <earshot/core/store/store.hpp>
#include <earshot/core/vault/vault.hpp>

namespace earshot::conformance {

/// The store of a case. To make one takes longer than all that a small fetch does with it, so that
/// rehearsals share it: each is an integration of its own, of which the others know nothing. Its
/// clock stands still, since those of the rehearsals each begin anew.
class CaseStore {
 public:
  [[nodiscard]] static core::Result<std::unique_ptr<CaseStore>> open(
      const std::filesystem::path& folder, core::Time at);

  [[nodiscard]] core::Store& store() noexcept { return *store_; }
  [[nodiscard]] core::StoreReader& reader() noexcept { return *reader_; }
  [[nodiscard]] core::Vault& vault() noexcept { return *vault_; }
  /// A name that no integration has had so far.
  [[nodiscard]] std::string new_integration();

 private:
  explicit CaseStore(core::Time at) : clock_(at) {}

  core::VirtualClock clock_;
  std::unique_ptr<core::Store> store_;
  std::unique_ptr<core::StoreReader> reader_;
  std::unique_ptr<core::Vault> vault_;
  int integrations_ = 0;
};

}  // namespace earshot::conformance

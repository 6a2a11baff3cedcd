#include "conformance/case_store.hpp"

#include <utility>

#include <fmt/format.h>

#include <earshot/core/store/sqlite.hpp>

namespace earshot::conformance {

core::Result<std::unique_ptr<CaseStore>> CaseStore::open(const std::filesystem::path& folder,
                                                         core::Time at) {
  std::unique_ptr<CaseStore> made(new CaseStore(at));
  EAR_TRY(made->store_, core::open_sqlite_store(folder, made->clock_, core::Durability::process));
  EAR_TRY(made->reader_, core::open_sqlite_reader(folder));
  EAR_TRY(core::Vault vault, core::Vault::open(folder, core::Secret(std::string(64, '5'))));
  made->vault_ = std::make_unique<core::Vault>(std::move(vault));
  return made;
}

std::string CaseStore::new_integration() {
  return fmt::format("conform-{}", ++integrations_);
}

}  // namespace earshot::conformance

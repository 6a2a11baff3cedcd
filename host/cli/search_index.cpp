#include "search_index.hpp"

#include <cstdio>

#include <earshot/core/store/sqlite.hpp>
#include <earshot/core/store/wait.hpp>

#include "say.hpp"

namespace earshot::host {

using core::Result;

Result<void> freshen_search_index(Program& program, const std::filesystem::path& data_dir) {
  EAR_TRY(std::unique_ptr<core::StoreReader> reader, core::open_sqlite_reader(data_dir));
  EAR_TRY(const std::uint64_t behind, reader->index_lag());
  if (behind == 0) return {};
  Result<std::unique_ptr<core::Store>> store = core::open_sqlite_store(data_dir, program.clock());
  if (!store && store.error().code == core::Code::conflict) {
    say(stderr, "another host writes the store: its newest {} changes cannot be searched yet\n",
        behind);
    return {};
  }
  if (!store) return store.error();
  EAR_CHECK(core::wait_for<std::uint64_t>([&](auto done) { (*store)->index(std::move(done)); }));
  return {};
}

}  // namespace earshot::host

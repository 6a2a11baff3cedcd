#pragma once

#include <filesystem>

#include "program.hpp"

namespace earshot::host {

/// Brings the search index up to date before a search. Where a host owns the store, its newest
/// changes may be missing: that is said on standard error.
[[nodiscard]] core::Result<void> freshen_search_index(Program& program,
                                                      const std::filesystem::path& data_dir);

}  // namespace earshot::host

#pragma once

#include <filesystem>

#include <earshot/abi.h>
#include <earshot/core/base/result.hpp>

namespace earshot::conformance {

/// The plugin's library in this process, as the system loads it, with nothing of the host around
/// it.
struct Library {
  void* handle = nullptr;
  ear_entry_fn* entry = nullptr;
};
[[nodiscard]] core::Result<Library> load_library(const std::filesystem::path& file);

/// Its table for this host; the error says why there is none.
[[nodiscard]] core::Result<const ear_plugin*> plugin_table(const Library& library,
                                                           const ear_host& host);

}  // namespace earshot::conformance

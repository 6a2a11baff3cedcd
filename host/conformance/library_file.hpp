#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <earshot/core/base/result.hpp>

namespace earshot::conformance {

/// What a library's file says of how it is linked.
struct LibraryFile {
  std::vector<std::string> needed;       ///< Libraries, as "libc.so.6".
  std::vector<std::string> search_path;  ///< RPATH and RUNPATH.
  std::vector<std::string> exported;     ///< Symbols that others find.
  bool text_relocations = false;
  bool executable_stack = false;
};
/// For a file that inspect_plugin takes; bad_data where its tables lie outside of it.
[[nodiscard]] core::Result<LibraryFile> read_library_file(const std::filesystem::path& path);

}  // namespace earshot::conformance

#pragma once

#include <filesystem>
#include <string_view>

#include <earshot/core/base/result.hpp>

namespace earshot::host {

/// Makes a folder that only its owner writes to, and those above it that are missing, as the umask
/// says. What is there already is left as it is. config naming the `option` that takes another
/// folder where the system refuses.
[[nodiscard]] core::Result<void> make_folder(const std::filesystem::path& folder,
                                             std::string_view option);

}  // namespace earshot::host

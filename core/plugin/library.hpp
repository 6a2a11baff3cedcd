#pragma once

#include <filesystem>

#include <earshot/abi.h>
#include <earshot/core/base/result.hpp>
#include <earshot/core/plugin/loader.hpp>

namespace earshot::core {

/// Maps the library at `path` for as long as the process lives, calls its entry and judges the
/// table it gives by what was read of `file`. Messages do not begin with the path.
[[nodiscard]] Result<const ear_plugin*> open_plugin(const std::filesystem::path& path,
                                                    const PluginFile& file, const ear_host& host);

}  // namespace earshot::core

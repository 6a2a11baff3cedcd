#pragma once

#include <earshot/abi.h>
#include <earshot/core/base/result.hpp>
#include <earshot/core/plugin/loader.hpp>

namespace earshot::core {

/// Maps the library for as long as the process lives, calls its entry and judges the table it
/// gives. Messages do not begin with the path.
[[nodiscard]] Result<const ear_plugin*> open_plugin(const PluginFile& file, const ear_host& host);

}  // namespace earshot::core

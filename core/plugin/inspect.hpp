#pragma once

#include <filesystem>

#include <sys/stat.h>

#include <earshot/core/base/result.hpp>
#include <earshot/core/plugin/loader.hpp>

namespace earshot::core {

/// inspect_plugin, with messages that do not begin with the path.
[[nodiscard]] Result<PluginFile> judge_plugin(const std::filesystem::path& path);

/// Refuses a file or directory that another user than root and `self` may change; a directory where
/// only the owner of a file may replace it (sticky) will do.
[[nodiscard]] Result<void> check_trusted(const struct ::stat& status, ::uid_t self);

/// The whole file, as far as a plugin may be large.
[[nodiscard]] Result<std::string> read_plugin(const std::filesystem::path& path);

/// "PATH: what is wrong"
[[nodiscard]] Error about(const std::filesystem::path& path, Error error);

/// A refusal: what is wrong with the file and what to do about it.
[[nodiscard]] Error refusal(std::string message);

}  // namespace earshot::core

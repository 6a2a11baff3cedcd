#pragma once

#include <filesystem>

#include <earshot/core/base/result.hpp>
#include <earshot/core/plugin/loader.hpp>

namespace earshot::core {

/// inspect_plugin, with messages that do not begin with the path.
[[nodiscard]] Result<PluginFile> judge_plugin(const std::filesystem::path& path);

/// The whole file, as far as a plugin may be large.
[[nodiscard]] Result<std::string> read_plugin(const std::filesystem::path& path);

/// "PATH: what is wrong"
[[nodiscard]] Error about(const std::filesystem::path& path, Error error);

/// A refusal: what is wrong with the file and what to do about it.
[[nodiscard]] Error refusal(std::string message);

}  // namespace earshot::core

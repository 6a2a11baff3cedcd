#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include <earshot/core/json/document.hpp>
#include <earshot/core/manifest/manifest.hpp>

namespace earshot::core {

/// The credentials of one integration with what the files hold in place of "file:PATH".
struct SecretFiles {
  std::shared_ptr<const JsonDocument> credentials;
  std::set<std::string> members;  ///< That stand in a file.
};

/// Reads the files that secret members name; relative paths are relative to `folder`. A file that
/// cannot be read, is empty or no text is reported at the member's pointer, which is then empty.
[[nodiscard]] SecretFiles read_secret_files(
    const Manifest& manifest, JsonValue credentials, const std::filesystem::path& folder,
    const std::function<void(std::string_view pointer, std::string message)>& report);

}  // namespace earshot::core

#pragma once

#include <filesystem>
#include <map>
#include <string>

#include <earshot/core/base/result.hpp>
#include <earshot/core/manifest/manifest.hpp>

namespace earshot::conformance {

/// What the canaries begin with that stand for secrets.
inline constexpr std::string_view kCanary = "canary";

/// Members that make an integration of this manifest, as typed: what `config` (a JSON object) says,
/// where there is such a file; else examples, the first word of an enum, or what the type takes.
/// Secrets are canaries. Of the ways to authorize, the first that asks for no token.
[[nodiscard]] core::Result<std::map<std::string, std::string>> sample_members(
    const core::Manifest& manifest, const std::filesystem::path& config);

}  // namespace earshot::conformance

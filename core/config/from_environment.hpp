#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include <earshot/core/config/config.hpp>

namespace earshot::core {

/// What the environment supplies to an integration by the manifest's x-env markers, by member: only
/// what is absent, and nothing that only serves to authorize where what is there authorizes.
[[nodiscard]] std::map<std::string, std::string> members_from_environment(
    const Manifest& manifest, const std::function<bool(std::string_view member)>& present,
    const Environment& environment);

/// The variable that may supply a member, or empty.
[[nodiscard]] std::string_view variable_of(const Manifest& manifest, std::string_view member);

}  // namespace earshot::core

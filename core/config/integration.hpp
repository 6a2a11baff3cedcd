#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <earshot/core/config/config.hpp>

namespace earshot::core {

/// Says where a problem of a member stands: a pointer below `config` or `credentials`, and the
/// words.
using ReportMember =
    std::function<void(std::string_view section, std::string_view pointer, std::string message)>;

/// Where the members of an integration stand; each may be an absent value.
struct MemberSections {
  JsonValue config{};
  JsonValue credentials{};
  JsonValue environment{};  ///< What the file leaves out and variables supply.
};

/// Checks config and credentials against the manifest's one schema, routes them, fills defaults in.
void check_members(const Manifest& manifest, const MemberSections& sections,
                   IntegrationSettings& settings, const ReportMember& report);

/// Compiles the operator's mapping over the manifest's, for its mistakes.
void check_mapping(
    const Manifest& manifest, JsonValue mapping,
    const std::function<void(std::string_view pointer, std::string message)>& report);

}  // namespace earshot::core

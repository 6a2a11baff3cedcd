#pragma once

#include <map>
#include <string>
#include <vector>

#include <earshot/core/config/config.hpp>

#include "program.hpp"

namespace earshot::host {

/// Settings of an integration as typed: "name=value", where a value "env:VARIABLE" or "file:PATH"
/// is read from there, so that no secret needs to stand on a command line.
[[nodiscard]] core::Result<std::map<std::string, std::string>> read_members(
    const std::vector<std::string>& typed, const core::Environment& environment);

/// An integration that is in no file, checked; what is not given comes from the environment. All of
/// its mistakes are in the error.
[[nodiscard]] core::Result<core::IntegrationSettings> unsaved_integration(
    const std::string& name, const core::Manifest& manifest,
    const std::map<std::string, std::string>& members, const core::Environment& environment);

}  // namespace earshot::host

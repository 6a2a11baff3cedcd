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
    const std::vector<std::string>& typed);

/// An integration that is in no file, checked. All of its mistakes are in the error.
[[nodiscard]] core::Result<core::IntegrationSettings> unsaved_integration(
    const std::string& name, const core::Manifest& manifest,
    const std::map<std::string, std::string>& members);

}  // namespace earshot::host

#include "members.hpp"

#include <fmt/format.h>

#include <earshot/core/base/file.hpp>
#include <earshot/core/base/text.hpp>

namespace earshot::host {

using core::Code;
using core::Error;
using core::Result;

namespace {

constexpr std::uint64_t kMaxValueFile = 64U << 10;

Result<std::string> value_of(const std::string& name, const std::string& typed,
                             const core::Environment& environment) {
  if (typed.starts_with("env:")) {
    if (const auto value = environment(typed.substr(4))) return *value;
    return Error{
        .code = Code::config,
        .message = fmt::format("{}: environment variable {} is not set", name, typed.substr(4))};
  }
  if (!typed.starts_with("file:")) return typed;
  EAR_TRY(const std::string content, core::read_file(typed.substr(5), kMaxValueFile));
  return std::string(core::trim(content));
}

}  // namespace

Result<std::map<std::string, std::string>> read_members(const std::vector<std::string>& typed,
                                                        const core::Environment& environment) {
  std::map<std::string, std::string> members;
  for (const std::string& one : typed) {
    const std::size_t equals = one.find('=');
    if (equals == std::string::npos || equals == 0) {
      return Error{.code = Code::config,
                   .message = "--set takes name=value, name=env:VARIABLE or name=file:PATH"};
    }
    const std::string name = one.substr(0, equals);
    EAR_TRY(members[name], value_of(name, one.substr(equals + 1), environment));
  }
  return members;
}

Result<core::IntegrationSettings> unsaved_integration(
    const std::string& name, const core::Manifest& manifest,
    const std::map<std::string, std::string>& members, const core::Environment& environment) {
  core::ConfigReading reading = core::check_integration(name, manifest, members, environment);
  if (reading.settings) return std::move(reading.settings->integrations.front());
  std::string mistakes;
  for (const core::ConfigIssue& issue : reading.issues) {
    if (!mistakes.empty()) mistakes += '\n';
    mistakes += issue.path.empty() ? issue.message : issue.path + ": " + issue.message;
  }
  return Error{.code = Code::config, .message = std::move(mistakes)};
}

}  // namespace earshot::host

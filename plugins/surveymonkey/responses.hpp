#pragma once

/// The responses of one survey, from where they were last read.

#include <string>

#include <earshot/sdk/integration.hpp>

namespace earshot::plugins {

/// Emits what changed in a survey since its stream's cursor, a checkpoint a page. The stream is
/// named by the survey's id.
[[nodiscard]] sdk::Result<void> fetch_responses(sdk::Call& call, const sdk::FetchRequest& request,
                                                const std::string& survey);

}  // namespace earshot::plugins

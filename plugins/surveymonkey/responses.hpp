#pragma once

/// The responses of one survey, from where they were last read.

#include <cstdint>
#include <optional>
#include <string>

#include <earshot/sdk/integration.hpp>

namespace earshot::plugins {

/// How far a fetch is, for the total that it reports.
struct Headway {
  std::uint64_t emitted = 0;
  std::optional<std::uint64_t> ahead;  ///< Responses of the surveys behind this one, if known.
};

/// Emits what changed in a survey since its stream's cursor, a checkpoint a page. The stream is
/// named by the survey's id.
[[nodiscard]] sdk::Result<void> fetch_responses(sdk::Call& call, const sdk::FetchRequest& request,
                                                const std::string& survey, Headway& headway);

}  // namespace earshot::plugins

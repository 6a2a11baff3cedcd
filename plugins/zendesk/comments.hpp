#pragma once

/// Tickets with all that was said in them, where the operator asks for `comments`.

#include <earshot/sdk/integration.hpp>

namespace earshot::plugins {

/// Emits the tickets of an export's page that are new or newer than what is stored, each with its
/// public comments as content; of the others nothing. [suspend]
[[nodiscard]] sdk::Result<sdk::Emitted> emit_with_comments(sdk::Call& call, const sdk::Page& page);

}  // namespace earshot::plugins

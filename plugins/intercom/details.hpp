#pragma once

/// Conversations in full, with the people whom they are about.

#include <string>
#include <vector>

#include <earshot/sdk/integration.hpp>

namespace earshot::plugins {

/// A conversation as a list shows it. Its time there is its version: one that changed again while
/// it was fetched is newer in the next list, and fetched anew.
struct Listed {
  std::string id;
  std::string version;
  std::string pointer;  ///< In the page.
};

/// Fetches and emits these conversations, several at once. [suspend]
[[nodiscard]] sdk::Result<void> emit_details(sdk::Call& call,
                                             const std::vector<Listed>& conversations);

}  // namespace earshot::plugins

#pragma once

/// One conversation: what was said, by whom, and whom it is about.

#include <cstdint>
#include <string>

#include <earshot/sdk/integration.hpp>

namespace earshot::plugins {

/// True for an author who is a user or a lead, not one of the workspace.
[[nodiscard]] bool is_customer(const sdk::Value& author);

/// What the customer sees, as the JSON of a thread: notes are internal, and parts without words
/// only say what happened; what was redacted is left out.
[[nodiscard]] std::string dialogue(const sdk::Page& conversation);

/// How many parts Intercom does not give: it gives the 500 most recent ones.
[[nodiscard]] std::int64_t missing_parts(const sdk::Page& conversation);

/// The first paragraph, as HTML, of a conversation that has neither subject nor title; else empty.
[[nodiscard]] std::string opening(const sdk::Page& conversation);

/// The names of its tags, as JSON.
[[nodiscard]] std::string tag_names(const sdk::Page& conversation);

}  // namespace earshot::plugins

#pragma once

/// The query language of Intercom's searches, as far as conversations need it.

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <earshot/core/base/result.hpp>
#include <earshot/core/json/document.hpp>

#include "sandbox/intercom/conversation.hpp"

namespace earshot::sandbox {

/// A filter on one field, or a group of filters and groups.
struct ConversationQuery {
  enum class Field { id, created_at, updated_at, state, open } field = Field::id;
  std::string op{};                  ///< "=", "!=", "IN", "NIN", ">", "<"; groups: "AND", "OR".
  std::vector<std::string> texts{};  ///< What id, state and open are compared with.
  std::vector<std::int64_t> seconds{};
  std::vector<ConversationQuery> group{};

  [[nodiscard]] bool is_group() const noexcept { return op == "AND" || op == "OR"; }
};

/// Reads the member "query". A mistake is bad_data, of a value's type config; the message is what
/// Intercom would say.
[[nodiscard]] core::Result<ConversationQuery> parse_query(core::JsonValue query);

[[nodiscard]] bool matches(const ConversationQuery& query, const Conversation& conversation);

/// The updated_at outside of which nothing matches.
struct UpdatedRange {
  std::int64_t from = 0;
  std::int64_t to = std::numeric_limits<std::int64_t>::max();
};
[[nodiscard]] UpdatedRange range_of(const ConversationQuery& query);

}  // namespace earshot::sandbox

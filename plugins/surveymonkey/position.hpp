#pragma once

/// How far the responses of a survey were read.

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <earshot/sdk/result.hpp>
#include <earshot/sdk/text.hpp>

namespace earshot::plugins {

/// "Modified after" that instant, or at it too? SurveyMonkey's documents leave it open, so requests
/// begin a little earlier.
inline constexpr std::chrono::seconds kOverlap{1};

/// All that was modified before `since` is read, and what is in `seen` of that second and the one
/// before it.
struct Position {
  std::optional<sdk::Time> since;
  std::map<std::string, sdk::Time> seen;  ///< When each was modified, by id.
};

/// A position as a cursor: "1772474757 13376313674,13376313675". Requires `since`.
[[nodiscard]] std::string cursor_of(const Position& position);
/// bad_cursor for a text that is none.
[[nodiscard]] sdk::Result<Position> position_of(std::string_view cursor);

/// "2026-03-02T10:15:29+00:00", the form that filters take.
[[nodiscard]] std::string date_string(sdk::Time time);

}  // namespace earshot::plugins

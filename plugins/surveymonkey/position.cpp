#include "position.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

namespace earshot::plugins {
namespace {

using sdk::Code, sdk::Error, sdk::Result, sdk::Time;
using std::chrono::seconds;

constexpr std::size_t kMostIdsInCursor = 2000;

}  // namespace

std::string cursor_of(const Position& position) {
  std::string text = std::to_string(sdk::unix_seconds(*position.since));
  char separator = ' ';
  std::size_t count = 0;
  for (const auto& [id, modified] : position.seen) {
    if (modified > *position.since) continue;
    if (++count > kMostIdsInCursor) break;  // the others are read twice and stored once
    (text += std::exchange(separator, ',')) += id;
  }
  return text;
}

Result<Position> position_of(std::string_view cursor) {
  Position position;
  const std::size_t space = std::min(cursor.find(' '), cursor.size());
  const std::optional<std::int64_t> since = sdk::parse_integer(cursor.substr(0, space));
  if (!since) {
    return Error{.code = Code::bad_cursor, .message = "the cursor of a survey begins with no time"};
  }
  position.since = Time(seconds(*since));
  if (space == cursor.size()) return position;
  for (const std::string_view id : sdk::split(cursor.substr(space + 1), ',')) {
    position.seen.emplace(id, *position.since);
  }
  return position;
}

std::string date_string(Time time) {
  std::string text = sdk::rfc3339(std::chrono::floor<seconds>(time));
  text.pop_back();
  return text += "+00:00";
}

}  // namespace earshot::plugins

#include "stream_cursors.hpp"

#include <algorithm>
#include <utility>

namespace earshot::core {

std::string StreamCursors::read(const std::string& stream) {
  read_last_ = stream;
  const auto found = stored_.find(stream);
  if (found != stored_.end()) return found->second;
  if (!moved_.contains(stream)) new_.insert(stream);
  return {};
}

void StreamCursors::move(const std::string& stream, std::string cursor) {
  new_.erase(stream);
  moved_.insert_or_assign(stream, std::move(cursor));
}

bool StreamCursors::has_cursor(const std::string& stream) const {
  return stored_.contains(stream) || moved_.contains(stream);
}

bool StreamCursors::lose(const std::string& stream, const std::string& why) {
  if (!has_cursor(stream) || !begun_anew_.insert(stream).second) return false;
  lost_.emplace(stream, why);
  return true;
}

bool StreamCursors::lose_unnamed(const std::string& why) {
  const bool again = std::exchange(unnamed_before_, true);
  const bool found = lose(read_last_, why);
  if (found && !again) return true;
  if (!found && has_cursor(read_last_)) return false;  // even its new cursor is not read
  for (const auto* cursors : {&stored_, &moved_}) {
    for (const auto& entry : *cursors) lose(entry.first, why);
  }
  return !lost_.empty();
}

bool StreamCursors::others_are_under_way(bool finished) const {
  const auto is_lost = [this](const std::string& stream) { return lost_.contains(stream); };
  if (finished) return std::all_of(new_.begin(), new_.end(), is_lost);
  const auto is_default = [](const auto& entry) { return entry.first.empty(); };
  return std::all_of(new_.begin(), new_.end(), [](const auto& name) { return name.empty(); }) &&
         std::all_of(stored_.begin(), stored_.end(), is_default) &&
         std::all_of(moved_.begin(), moved_.end(), is_default);
}

void StreamCursors::restart() {
  for (auto& [stream, cursor] : std::exchange(moved_, {}))
    stored_.insert_or_assign(stream, std::move(cursor));
  for (const auto& entry : std::exchange(lost_, {})) stored_.erase(entry.first);
  new_.clear();
  read_last_.clear();
}

}  // namespace earshot::core

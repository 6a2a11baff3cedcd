#pragma once

/// Where a fetch stands, and the search that gets the next page of it.

#include <cstdint>
#include <string>

#include <earshot/sdk/integration.hpp>

namespace earshot::plugins {

/// A span of updated_at that is being read, in Unix seconds, both ends included. As a cursor
/// "SINCE" between runs and "SINCE UNTIL NEWEST AFTER" amid one: Intercom's own cursor belongs to
/// the search that gave it.
struct Window {
  std::int64_t since = 0;
  std::int64_t until = 0;
  std::int64_t newest = 0;  ///< Seen so far. Intercom's clock, not ours, says where to go on.
  std::string after{};      ///< Intercom's cursor; empty before the first page and behind the last.

  [[nodiscard]] std::string text() const;
  /// The window is read: the next one begins at what was newest, and a little before.
  void close();
};

/// Where the last run ended, or stopped; bad_cursor if it left no cursor of ours.
[[nodiscard]] sdk::Result<Window> first_window(sdk::Call& call, const sdk::FetchRequest& request);
/// From `since` to what has settled by now, or to the end of what was asked for.
[[nodiscard]] Window window_since(std::int64_t since, const sdk::FetchRequest& request,
                                  sdk::Time now);
/// The body of POST /conversations/search.
[[nodiscard]] sdk::Json search_body(const Window& window, std::int64_t page_size);

/// What to read of the list of deletions, newest first. As a cursor "SINCE" between runs and "SINCE
/// NEWEST PAGE" amid one: what is deleted meanwhile only moves the rest to later pages.
struct Deletions {
  std::int64_t since = 0;   ///< Unix seconds; older ones were read before.
  std::int64_t newest = 0;  ///< Seen so far.
  std::int64_t page = 1;

  [[nodiscard]] std::string text() const;
  void close();
};

[[nodiscard]] sdk::Result<Deletions> first_deletions(sdk::Call& call, std::string_view stream,
                                                     const sdk::FetchRequest& request);

}  // namespace earshot::plugins

#include "window.hpp"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace earshot::plugins {
namespace {

using sdk::Call, sdk::Code, sdk::Error, sdk::FetchRequest, sdk::Json, sdk::Result, sdk::Time;

/// Times are whole seconds: what changed within the last ones may change again without a trace.
constexpr std::int64_t kUnsettled = 5;
/// A list may show a change later than others of its time; so far back is looked again.
constexpr std::int64_t kOverlap = 300;

std::int64_t first_second(const FetchRequest& request) {
  return request.from ? std::max<std::int64_t>(0, sdk::unix_seconds(*request.from)) : 0;
}

std::int64_t settled_until(const FetchRequest& request, Time now) {
  const std::int64_t settled = sdk::unix_seconds(now) - kUnsettled;
  return request.to ? std::min(settled, sdk::unix_seconds(*request.to)) : settled;
}

std::int64_t overlapping(std::int64_t since, std::int64_t newest) {
  return std::max(since, newest - kOverlap);
}

/// The first `count` of the parts as whole numbers.
Result<std::vector<std::int64_t>> numbers_of(const std::vector<std::string_view>& parts,
                                             std::size_t count) {
  std::vector<std::int64_t> numbers;
  for (std::size_t i = 0; i < std::min(count, parts.size()); ++i) {
    if (const auto number = sdk::parse_integer(parts[i])) numbers.push_back(*number);
  }
  if (numbers.size() == count) return numbers;
  return Error{.code = Code::bad_cursor, .message = "the cursor is none that this plugin writes"};
}

Json bound(std::string_view op, std::int64_t value) {
  return sdk::json::object({{"field", "updated_at"}, {"operator", op}, {"value", value}});
}

}  // namespace

std::string Window::text() const {
  if (after.empty()) return std::to_string(since);
  return std::to_string(since) + ' ' + std::to_string(until) + ' ' + std::to_string(newest) + ' ' +
         after;
}

void Window::close() {
  since = overlapping(since, newest);
  after.clear();
}

Result<Window> first_window(Call& call, const FetchRequest& request) {
  EAR_TRY(const std::string cursor, call.cursor());
  if (cursor.empty()) return window_since(first_second(request), request, call.now());
  const std::vector<std::string_view> parts = sdk::split(cursor, ' ');
  EAR_TRY(const auto numbers, numbers_of(parts, parts.size() == 4 ? 3 : 1));
  if (numbers.size() == 1) return window_since(numbers[0], request, call.now());
  return Window{numbers[0], numbers[1], numbers[2], std::string(parts[3])};
}

Window window_since(std::int64_t since, const FetchRequest& request, Time now) {
  return {.since = since, .until = std::max(since, settled_until(request, now)), .newest = since};
}

/// Intercom calls '>' both "greater" and "greater or equal", and '<' alike: one second more on
/// either side leaves out nothing in either case.
Json search_body(const Window& window, std::int64_t page_size) {
  std::vector<std::pair<std::string_view, Json>> paging{{"per_page", page_size}};
  if (!window.after.empty()) paging.emplace_back("starting_after", window.after);
  const std::int64_t before = std::max<std::int64_t>(0, window.since - 1);
  const Json bounds = sdk::json::array({bound(">", before), bound("<", window.until + 1)});
  return sdk::json::object(
      {{"query", sdk::json::object({{"operator", "AND"}, {"value", bounds}})},
       {"sort", sdk::json::object({{"field", "updated_at"}, {"order", "ascending"}})},
       {"pagination", sdk::json::object(paging)}});
}

std::string Deletions::text() const {
  if (page == 1) return std::to_string(since);
  return std::to_string(since) + ' ' + std::to_string(newest) + ' ' + std::to_string(page);
}

void Deletions::close() {
  since = overlapping(since, newest);
  page = 1;
}

Result<Deletions> first_deletions(Call& call, std::string_view stream,
                                  const FetchRequest& request) {
  EAR_TRY(const std::string cursor, call.cursor(stream));
  if (cursor.empty()) {
    const std::int64_t since = first_second(request);
    return Deletions{.since = since, .newest = since};
  }
  const std::vector<std::string_view> parts = sdk::split(cursor, ' ');
  EAR_TRY(const auto numbers, numbers_of(parts, parts.size() == 3 ? 3 : 1));
  if (numbers.size() == 1) return Deletions{.since = numbers[0], .newest = numbers[0]};
  return Deletions{numbers[0], numbers[1], numbers[2]};
}

}  // namespace earshot::plugins

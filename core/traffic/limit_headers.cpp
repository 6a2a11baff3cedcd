#include "limit_headers.hpp"

#include <algorithm>

#include <earshot/core/base/text.hpp>

namespace earshot::core {
namespace {

/// Milliseconds beyond this are no duration (three years) but a point in time.
constexpr std::uint64_t kEpochMilliseconds = 100'000'000'000;
constexpr std::uint64_t kMostSeconds = 100'000'000'000;

/// The value of `name` in "total=10; remaining=9; resets=41".
std::string_view field_in(std::string_view list, std::string_view name) {
  const char separator = list.find(';') == std::string_view::npos ? ',' : ';';
  for (const std::string_view part : split(list, separator)) {
    const std::size_t equals = part.find('=');
    if (equals != std::string_view::npos && iequals(trim(part.substr(0, equals)), name)) {
      return trim(part.substr(equals + 1));
    }
  }
  return {};
}

std::string_view value_of(const LimitHeaders& names, const HttpHeaders& headers,
                          const std::string& name) {
  if (name.empty()) return {};
  if (names.field_of.empty()) return trim(headers.get(name));
  return field_in(headers.get(names.field_of), name);
}

/// The number that the text begins with ("100, 100;w=60"), a fraction rounded up.
std::optional<std::uint64_t> leading_number(std::string_view text) {
  const std::size_t end = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto number = parse_integer(text.substr(0, end));
  if (!number || *number < 0) return std::nullopt;
  const bool fraction = end + 1 < text.size() && text[end] == '.' &&
                        text.find_first_of("123456789", end) != std::string_view::npos;
  return static_cast<std::uint64_t>(*number) + (fraction ? 1 : 0);
}

Micros until(Time point, Time calendar) {
  return std::max(point - calendar, Micros(0));
}

Micros seconds(std::uint64_t count) {
  return std::chrono::seconds(std::min(count, kMostSeconds));
}

std::optional<Micros> read_reset(LimitHeaders::ResetUnit unit, std::string_view text,
                                 Time calendar) {
  if (unit == LimitHeaders::ResetUnit::date) {
    auto point = parse_http_date(text);
    if (!point) point = parse_time(text);
    return point ? std::optional(until(*point, calendar)) : std::nullopt;
  }
  const auto number = leading_number(text);
  if (!number) return std::nullopt;
  switch (unit) {
    case LimitHeaders::ResetUnit::epoch: return until(Time(seconds(*number)), calendar);
    case LimitHeaders::ResetUnit::milliseconds: {
      const std::chrono::milliseconds span(std::min(*number, kMostSeconds * 1000));
      return *number >= kEpochMilliseconds ? until(Time(span), calendar) : Micros(span);
    }
    default: return seconds(*number);
  }
}

}  // namespace

PublishedLimit read_limit_headers(const LimitHeaders& names, const HttpHeaders& headers,
                                  Time calendar) {
  PublishedLimit said;
  said.limit = leading_number(value_of(names, headers, names.limit));
  said.remaining = leading_number(value_of(names, headers, names.remaining));
  said.used = leading_number(value_of(names, headers, names.used));
  said.reset_in = read_reset(names.reset_is, value_of(names, headers, names.reset), calendar);
  return said;
}

}  // namespace earshot::core

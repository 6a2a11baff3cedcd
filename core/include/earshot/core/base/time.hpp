#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <earshot/core/base/result.hpp>
#include <earshot/sdk/text.hpp>

namespace earshot::core {

/// UTC in microseconds: every time in records, windows, cursors and the store.
using sdk::rfc3339;
using sdk::Time;

using Micros = std::chrono::microseconds;

/// Monotonic time of a Clock: for waits, limits and time-outs. Unrelated to the calendar.
struct Tick {
  Micros since_start{0};
  friend auto operator<=>(Tick, Tick) = default;
  friend Tick operator+(Tick tick, Micros by) noexcept { return {tick.since_start + by}; }
  friend Micros operator-(Tick a, Tick b) noexcept { return a.since_start - b.since_start; }
};

/// Reads a point in time as vendors write it: RFC 3339 with any offset and 0 to 9 fraction digits,
/// the same with a space or without a colon in the offset ("2018-05-31T23:27:03+00:00"), a bare
/// date or a time without offset (UTC), Unix seconds, milliseconds or microseconds as digits. Years
/// 1970 to 9999. Digits past microseconds are cut.
[[nodiscard]] std::optional<Time> parse_time(std::string_view text) noexcept;

/// Reads what a person types: as parse_time (but no bare digits), or an age before `now` such as
/// "7d" or "12h", which begins with its unit (7d with a day in UTC). The error says what is taken.
[[nodiscard]] Result<Time> parse_time_option(std::string_view text, Time now);

/// Reads a duration: digits and one unit of ms, s, m, h, d ("60s", "15m"). At most 3650 days.
[[nodiscard]] std::optional<Micros> parse_duration(std::string_view text) noexcept;

/// For people: "41 s", "3 min", "2 h 5 min".
[[nodiscard]] std::string human_duration(Micros duration);

/// "Sun, 06 Nov 1994 08:49:37 GMT"
[[nodiscard]] std::string http_date(Time time);
/// An HTTP date, in any of its three forms; or nothing.
[[nodiscard]] std::optional<Time> parse_http_date(std::string_view text) noexcept;

}  // namespace earshot::core

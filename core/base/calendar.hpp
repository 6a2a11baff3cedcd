#pragma once

/// What the readers of times share: a cursor over a text and the way from a date to a Time.

#include <optional>
#include <string_view>

#include <earshot/core/base/time.hpp>

namespace earshot::core {

/// Takes a text apart from the left. Every method says whether it found what was asked for, and
/// moves on only then.
class Scanner {
 public:
  explicit Scanner(std::string_view text) noexcept : rest_(text) {}

  [[nodiscard]] bool done() const noexcept { return rest_.empty(); }
  [[nodiscard]] char peek() const noexcept { return rest_.empty() ? '\0' : rest_.front(); }

  bool literal(std::string_view text) noexcept {
    if (!rest_.starts_with(text)) return false;
    rest_.remove_prefix(text.size());
    return true;
  }
  bool any_of(std::string_view characters) noexcept {
    if (rest_.empty() || characters.find(rest_.front()) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }
  /// Exactly `count` digits.
  bool digits(std::size_t count, int& out) noexcept {
    if (rest_.size() < count) return false;
    int value = 0;
    for (const char c : rest_.substr(0, count)) {
      if (c < '0' || c > '9') return false;
      value = value * 10 + (c - '0');
    }
    out = value;
    rest_.remove_prefix(count);
    return true;
  }

 private:
  std::string_view rest_;
};

/// A date and a time of day as they are written.
struct Civil {
  int year = 0;
  int month = 0;
  int day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;  ///< 60 where a leap second was written.
  Micros fraction{0};
  std::chrono::minutes offset{0};  ///< East of UTC.
};

/// Nothing if there is no such date or time, or if it is before 1970 or after 9999 in UTC.
[[nodiscard]] inline std::optional<Time> to_time(const Civil& civil) noexcept {
  constexpr Time kEnd{std::chrono::sys_days(std::chrono::year(10000) / 1 / 1)};
  const std::chrono::year_month_day date(std::chrono::year(civil.year),
                                         std::chrono::month(static_cast<unsigned>(civil.month)),
                                         std::chrono::day(static_cast<unsigned>(civil.day)));
  if (!date.ok() || civil.hour > 23 || civil.minute > 59 || civil.second > 60) return std::nullopt;
  const Time time = std::chrono::sys_days(date) + std::chrono::hours(civil.hour) +
                    std::chrono::minutes(civil.minute) + std::chrono::seconds(civil.second) +
                    civil.fraction - civil.offset;
  if (time < Time{} || time >= kEnd) return std::nullopt;
  return time;
}

}  // namespace earshot::core

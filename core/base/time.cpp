#include "earshot/core/base/time.hpp"

#include <charconv>

#include <fmt/format.h>

#include <earshot/core/base/text.hpp>

#include "calendar.hpp"

namespace earshot::core {
namespace {

constexpr int kMostFractionDigits = 9;
constexpr Micros kLongest = std::chrono::days(3650);

bool date(Scanner& in, Civil& out) noexcept {
  return in.digits(4, out.year) && in.literal("-") && in.digits(2, out.month) && in.literal("-") &&
         in.digits(2, out.day);
}

bool time_of_day(Scanner& in, Civil& out) noexcept {
  return in.digits(2, out.hour) && in.literal(":") && in.digits(2, out.minute) && in.literal(":") &&
         in.digits(2, out.second);
}

/// ".123456789": what is past microseconds is cut.
bool fraction(Scanner& in, Civil& out) noexcept {
  if (!in.literal(".")) return true;
  std::int64_t unit = 100'000;
  int count = 0;
  for (int digit = 0; in.digits(1, digit); ++count) {
    out.fraction += Micros(digit * unit);
    unit /= 10;
  }
  return count >= 1 && count <= kMostFractionDigits;
}

bool offset(Scanner& in, Civil& out) noexcept {
  if (in.done() || in.any_of("Zz")) return true;
  in.literal(" ");
  const bool west = in.peek() == '-';
  int hours = 0;
  int minutes = 0;
  if (!in.any_of("+-") || !in.digits(2, hours)) return false;
  in.literal(":");
  if (!in.digits(2, minutes) || hours > 23 || minutes > 59) return false;
  const auto east = std::chrono::hours(hours) + std::chrono::minutes(minutes);
  out.offset = west ? -east : east;
  return true;
}

std::optional<Time> parse_written(std::string_view text) noexcept {
  Scanner in(text);
  Civil civil;
  if (!date(in, civil)) return std::nullopt;
  if (in.done()) return to_time(civil);
  if (!in.any_of("Tt ") || !time_of_day(in, civil) || !fraction(in, civil) || !offset(in, civil) ||
      !in.done()) {
    return std::nullopt;
  }
  return to_time(civil);
}

/// Seconds, milliseconds or microseconds, told apart by size: the borders lie in 5138 for seconds
/// and in 1973 for the finer ones.
std::optional<Time> parse_unix(std::string_view digits) noexcept {
  constexpr std::int64_t kMillisFrom = 100'000'000'000;
  constexpr std::int64_t kMicrosFrom = 100'000'000'000'000;
  constexpr std::int64_t kMicrosTo = 100'000'000'000'000'000;
  const std::optional<std::int64_t> number = parse_integer(digits);
  if (!number || *number >= kMicrosTo) return std::nullopt;
  if (*number >= kMicrosFrom) return Time(Micros(*number));
  if (*number >= kMillisFrom) return Time(std::chrono::milliseconds(*number));
  return Time(std::chrono::seconds(*number));
}

bool all_digits(std::string_view text) noexcept {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::optional<Micros> unit_of(std::string_view name) noexcept {
  if (name == "ms") return std::chrono::milliseconds(1);
  if (name == "s") return std::chrono::seconds(1);
  if (name == "m") return std::chrono::minutes(1);
  if (name == "h") return std::chrono::hours(1);
  if (name == "d") return std::chrono::days(1);
  return std::nullopt;
}

/// What a duration is written as: so many of one unit.
struct Span {
  Micros unit{0};
  std::int64_t count = 0;
  [[nodiscard]] Micros length() const noexcept { return unit * count; }
};

std::optional<Span> parse_span(std::string_view text) noexcept {
  const std::size_t digits = text.find_first_not_of("0123456789");
  if (digits == 0 || digits == std::string_view::npos) return std::nullopt;
  const std::optional<std::int64_t> count = parse_integer(text.substr(0, digits));
  const std::optional<Micros> unit = unit_of(text.substr(digits));
  if (!count || !unit || *count > kLongest / *unit) return std::nullopt;
  return Span{*unit, *count};
}

/// "2 h 5 min", or "2 h" where nothing is left.
std::string two_units(std::int64_t large, std::string_view large_name, std::int64_t small,
                      std::string_view small_name) {
  if (small == 0) return fmt::format("{} {}", large, large_name);
  return fmt::format("{} {} {} {}", large, large_name, small, small_name);
}

}  // namespace

std::optional<Time> parse_time(std::string_view text) noexcept {
  return all_digits(text) ? parse_unix(text) : parse_written(text);
}

Result<Time> parse_time_option(std::string_view text, Time now) {
  if (const std::optional<Time> time = parse_written(text)) return *time;
  const std::optional<Span> age = parse_span(text);
  if (age && age->length() <= now.time_since_epoch()) {
    const Time begin = now - age->length();
    return begin - begin.time_since_epoch() % age->unit;
  }
  return Error{.code = Code::config,
               .message = fmt::format("\"{}\" is no point in time: write a date (2026-03-02), a "
                                      "time (2026-03-02T10:15:29Z) or an age (7d, 12h, 30m)",
                                      shorten(clean_utf8(text), 64))};
}

std::optional<Micros> parse_duration(std::string_view text) noexcept {
  const std::optional<Span> span = parse_span(text);
  return span ? std::optional(span->length()) : std::nullopt;
}

std::string human_duration(Micros duration) {
  using std::chrono::days, std::chrono::hours, std::chrono::minutes, std::chrono::seconds;
  if (duration < Micros::zero()) return "-" + human_duration(-duration);
  const auto count = [](auto unit) { return static_cast<std::int64_t>(unit.count()); };
  const auto d = std::chrono::floor<days>(duration);
  const auto h = std::chrono::floor<hours>(duration - d);
  const auto m = std::chrono::floor<minutes>(duration - d - h);
  const auto s = std::chrono::floor<seconds>(duration - d - h - m);
  if (d.count() > 0) return two_units(count(d), "d", count(h), "h");
  if (h.count() > 0) return two_units(count(h), "h", count(m), "min");
  if (m.count() > 0) return fmt::format("{} min", m.count());
  if (s.count() > 0) return fmt::format("{} s", s.count());
  return fmt::format("{} ms", std::chrono::floor<std::chrono::milliseconds>(duration).count());
}

}  // namespace earshot::core

#include <array>
#include <chrono>

#include <fmt/format.h>

#include "calendar.hpp"
#include "earshot/core/base/time.hpp"

namespace earshot::core {
namespace {

constexpr std::array<std::string_view, 7> kDays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
constexpr std::array<std::string_view, 7> kLongDays = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                                       "Thursday", "Friday", "Saturday"};
constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

template <std::size_t N>
bool one_of(Scanner& in, const std::array<std::string_view, N>& names) noexcept {
  for (const std::string_view name : names) {
    if (in.literal(name)) return true;
  }
  return false;
}

bool month(Scanner& in, Civil& out) noexcept {
  for (std::size_t i = 0; i < kMonths.size(); ++i) {
    if (!in.literal(kMonths[i])) continue;
    out.month = static_cast<int>(i) + 1;
    return true;
  }
  return false;
}

bool clock(Scanner& in, Civil& out) noexcept {
  return in.digits(2, out.hour) && in.literal(":") && in.digits(2, out.minute) && in.literal(":") &&
         in.digits(2, out.second);
}

/// "Sun, 06 Nov 1994 08:49:37 GMT", which is what servers send today.
bool fixed_date(Scanner in, Civil& out) noexcept {
  return one_of(in, kDays) && in.literal(", ") && in.digits(2, out.day) && in.literal(" ") &&
         month(in, out) && in.literal(" ") && in.digits(4, out.year) && in.literal(" ") &&
         clock(in, out) && in.literal(" GMT") && in.done();
}

/// "Sunday, 06-Nov-94 08:49:37 GMT", of RFC 850.
bool old_date(Scanner in, Civil& out) noexcept {
  const bool read = one_of(in, kLongDays) && in.literal(", ") && in.digits(2, out.day) &&
                    in.literal("-") && month(in, out) && in.literal("-") &&
                    in.digits(2, out.year) && in.literal(" ") && clock(in, out) &&
                    in.literal(" GMT") && in.done();
  out.year += out.year < 70 ? 2000 : 1900;
  return read;
}

/// "Sun Nov  6 08:49:37 1994", as C's asctime() writes it.
bool c_date(Scanner in, Civil& out) noexcept {
  if (!one_of(in, kDays) || !in.literal(" ") || !month(in, out) || !in.literal(" ")) return false;
  const bool day = in.literal(" ") ? in.digits(1, out.day) : in.digits(2, out.day);
  return day && in.literal(" ") && clock(in, out) && in.literal(" ") && in.digits(4, out.year) &&
         in.done();
}

}  // namespace

std::string http_date(Time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  return fmt::format(
      "{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", kDays[std::chrono::weekday(day).c_encoding()],
      static_cast<unsigned>(date.day()), kMonths[static_cast<unsigned>(date.month()) - 1],
      static_cast<int>(date.year()), clock.hours().count(), clock.minutes().count(),
      clock.seconds().count());
}

std::optional<Time> parse_http_date(std::string_view text) noexcept {
  Civil civil;
  const Scanner in(text);
  if (fixed_date(in, civil) || old_date(in, civil) || c_date(in, civil)) return to_time(civil);
  return std::nullopt;
}

}  // namespace earshot::core

#pragma once

/// Small text helpers for plugins: request paths and points in time.

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include <earshot/abi.h>

namespace earshot::sdk {

/// UTC, in microseconds.
using Time = std::chrono::time_point<std::chrono::system_clock, std::chrono::microseconds>;

[[nodiscard]] inline std::string_view view(ear_str text) noexcept {
  return text.size == 0 ? std::string_view{} : std::string_view{text.data, text.size};
}
[[nodiscard]] inline ear_str borrow(std::string_view text) noexcept {
  return {text.data(), text.size()};
}
[[nodiscard]] inline ear_bytes borrow_bytes(std::string_view text) noexcept {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// Percent-encodes everything but RFC 3986 unreserved characters.
[[nodiscard]] inline std::string percent_encode(std::string_view text) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  static constexpr std::string_view kUnreserved =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (kUnreserved.find(c) != std::string_view::npos) {
      out += c;
    } else {
      ((out += '%') += kHex[byte >> 4]) += kHex[byte & 15];
    }
  }
  return out;
}

/// A path with an encoded query: path("/tickets", {{"after", cursor}}).
[[nodiscard]] inline std::string path(
    std::string_view base,
    std::initializer_list<std::pair<std::string_view, std::string_view>> query) {
  std::string out(base);
  char separator = base.find('?') == std::string_view::npos ? '?' : '&';
  for (const auto& [name, value] : query) {
    (((out += separator) += percent_encode(name)) += '=') += percent_encode(value);
    separator = '&';
  }
  return out;
}

/// Whole seconds since 1970, rounded down.
[[nodiscard]] inline std::int64_t unix_seconds(Time time) noexcept {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

/// "2026-03-02T10:15:29Z", with microseconds only where there are any.
[[nodiscard]] inline std::string rfc3339(Time time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  char text[48];
  int size = std::snprintf(
      text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
      static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
      static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
      static_cast<int>(clock.seconds().count()));
  if (const auto micros = clock.subseconds().count(); micros != 0) {
    size += std::snprintf(text + size, sizeof text - static_cast<std::size_t>(size), ".%06d",
                          static_cast<int>(micros));
  }
  std::string out(text, static_cast<std::size_t>(size));
  return out += 'Z';
}

}  // namespace earshot::sdk

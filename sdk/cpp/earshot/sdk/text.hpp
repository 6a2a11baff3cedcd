#pragma once

/// Small text helpers for plugins: request paths and points in time.

#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

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

/// The parts of a text between separators, such as those of a cursor that the plugin joined; one
/// empty part for an empty text.
[[nodiscard]] inline std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

/// The whole text as a decimal number, or nothing.
[[nodiscard]] inline std::optional<std::int64_t> parse_integer(std::string_view text) noexcept {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
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

#include "display_text.hpp"

#include <utility>

#include <fmt/format.h>

#include <earshot/core/base/text.hpp>

namespace earshot::host {

namespace {

/// The code point at `at`, which moves behind it. Broken bytes count one each.
char32_t next_code_point(std::string_view text, std::size_t& at) noexcept {
  const auto lead = static_cast<unsigned char>(text[at]);
  const std::size_t length = lead < 0x80    ? 1
                             : lead >= 0xf0 ? 4
                             : lead >= 0xe0 ? 3
                             : lead >= 0xc0 ? 2
                                            : 1;
  if (length == 1 || at + length > text.size()) return ++at, lead;
  char32_t point = lead & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>(text[at + i]);
    if ((next & 0xc0U) != 0x80U) return ++at, lead;
    point = (point << 6) | (next & 0x3fU);
  }
  at += length;
  return point;
}

std::size_t width_of(char32_t point) noexcept {
  const auto within = [point](char32_t first, char32_t last) {
    return point >= first && point <= last;
  };
  if (within(0x300, 0x36f) || within(0x200b, 0x200f) || within(0xfe00, 0xfe0f)) return 0;
  const bool wide = within(0x1100, 0x115f) || within(0x2e80, 0xa4cf) || within(0xac00, 0xd7a3) ||
                    within(0xf900, 0xfaff) || within(0xfe30, 0xfe6f) || within(0xff00, 0xff60) ||
                    within(0x1f300, 0x1faff) || within(0x20000, 0x3fffd);
  return wide ? 2 : 1;
}

bool is_break(char32_t point) noexcept {
  return (point >= 0x09 && point <= 0x0d) || point == 0x85 || point == 0x2028 || point == 0x2029;
}

bool controls(char32_t point) noexcept {
  return point < 0x20 || (point >= 0x7f && point < 0xa0) || (point >= 0x2028 && point <= 0x202e) ||
         (point >= 0x2066 && point <= 0x2069);
}

std::string escape(char32_t point) {
  return fmt::format("\\u{:04x}", static_cast<unsigned>(point));
}

/// What a line shows, and in how many columns.
struct Glyph {
  std::string text;
  std::size_t columns = 0;
};

/// The one at `at`, which moves behind it.
Glyph next_glyph(std::string_view text, std::size_t& at) {
  const std::size_t begin = at;
  const char32_t point = next_code_point(text, at);
  if (is_break(point)) return {" ", 1};
  if (!controls(point)) return {std::string(text.substr(begin, at - begin)), width_of(point)};
  std::string escaped = escape(point);
  const std::size_t columns = escaped.size();
  return {std::move(escaped), columns};
}

/// '\r' alone goes back to the line's beginning.
bool ends_line(std::string_view text, std::size_t at) noexcept {
  return text[at] == '\n' || (text[at] == '\r' && text.substr(at + 1).starts_with('\n'));
}

}  // namespace

std::string printable(std::string_view text) {
  const std::string clean = core::clean_utf8(text);
  std::string out;
  std::size_t copied = 0;
  for (std::size_t at = 0; at < clean.size();) {
    const std::size_t begin = at;
    const char32_t point = next_code_point(clean, at);
    if (!controls(point) || point == '\t' || ends_line(clean, begin)) continue;
    out.append(clean, copied, begin - copied).append(escape(point));
    copied = at;
  }
  return out.append(clean, copied);
}

std::string fit(std::string_view text, std::size_t columns) {
  const std::string clean = core::clean_utf8(text);
  std::string out;
  std::size_t width = 0;
  for (std::size_t at = 0; at < clean.size();) {
    const Glyph glyph = next_glyph(clean, at);
    const bool last = at >= clean.size();
    if (width + glyph.columns > columns - (last ? 0 : 1)) return out += "…";
    width += glyph.columns;
    out += glyph.text;
  }
  return out;
}

std::size_t display_width(std::string_view text) noexcept {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) width += width_of(next_code_point(text, at));
  return width;
}

}  // namespace earshot::host

#include "escapes.hpp"

#include <charconv>
#include <cstdint>
#include <cstring>

namespace earshot::core {
namespace {

constexpr std::size_t kUnicodeSize = 6;  // \uXXXX
constexpr std::uint32_t kReplacement = 0xfffd;

bool is_high(std::uint32_t code) noexcept {
  return (code & 0xfc00u) == 0xd800u;
}
bool is_low(std::uint32_t code) noexcept {
  return (code & 0xfc00u) == 0xdc00u;
}

/// What the letter behind a backslash stands for; 0 where it stands for nothing.
char letter(char c) noexcept {
  switch (c) {
    case '"':
    case '\\':
    case '/': return c;
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return 0;
  }
}

/// The 16 bits of the \u escape that begins at `at`, if there is one.
std::optional<std::uint32_t> unicode_at(const char* text, std::size_t at,
                                        std::size_t end) noexcept {
  if (end - at < kUnicodeSize || text[at] != '\\' || text[at + 1] != 'u') return std::nullopt;
  std::uint32_t code = 0;
  const char* const last = text + at + kUnicodeSize;
  const auto read = std::from_chars(text + at + 2, last, code, 16);
  return read.ptr == last ? std::optional(code) : std::nullopt;
}

std::size_t write_utf8(char* to, std::uint32_t code) noexcept {
  const auto tail = [&](unsigned shift) {
    return static_cast<char>(0x80 | ((code >> shift) & 0x3f));
  };
  if (code < 0x80) return to[0] = static_cast<char>(code), 1;
  if (code < 0x800) {
    to[0] = static_cast<char>(0xc0 | (code >> 6));
    return to[1] = tail(0), 2;
  }
  if (code < 0x10000) {
    to[0] = static_cast<char>(0xe0 | (code >> 12));
    to[1] = tail(6);
    return to[2] = tail(0), 3;
  }
  to[0] = static_cast<char>(0xf0 | (code >> 18));
  to[1] = tail(12);
  to[2] = tail(6);
  return to[3] = tail(0), 4;
}

/// Decodes one or two \u escapes at `at`, which moves behind them; nothing where there is none.
std::optional<std::uint32_t> decode_unicode(const char* text, std::size_t& at,
                                            std::size_t end) noexcept {
  const std::optional<std::uint32_t> first = unicode_at(text, at, end);
  if (!first) return std::nullopt;
  at += kUnicodeSize;
  if (is_low(*first)) return kReplacement;
  if (!is_high(*first)) return first;
  const std::optional<std::uint32_t> second = unicode_at(text, at, end);
  if (!second || !is_low(*second)) return kReplacement;
  at += kUnicodeSize;
  return 0x10000 + ((*first & 0x3ff) << 10) + (*second & 0x3ff);
}

}  // namespace

std::optional<std::size_t> decode_escapes(char* text, std::size_t& at, std::size_t end) noexcept {
  std::size_t written = at;
  while (at < end) {
    if (text[at] != '\\') {
      const void* const escape = std::memchr(text + at, '\\', end - at);
      const std::size_t run =
          escape == nullptr
              ? end - at
              : static_cast<std::size_t>(static_cast<const char*>(escape) - text) - at;
      std::memmove(text + written, text + at, run);
      at += run;
      written += run;
    } else if (const char plain = at + 1 < end ? letter(text[at + 1]) : '\0'; plain != 0) {
      text[written++] = plain;
      at += 2;
    } else {
      const std::optional<std::uint32_t> code = decode_unicode(text, at, end);
      if (!code) return std::nullopt;
      written += write_utf8(text + written, *code);
    }
  }
  return written;
}

}  // namespace earshot::core

#include <cstring>

#include "earshot/core/base/text.hpp"

namespace earshot::core {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr std::string_view kEllipsis = "\xE2\x80\xA6";

enum class Nul { allowed, refused };

constexpr bool is_continuation(char c) noexcept {
  return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

/// What stands at the front of a text: one code point, or the longest part of one that is broken.
struct Piece {
  std::size_t size;
  bool valid;
};

/// The bytes that may follow a lead byte first, and how many follow in all.
struct Lead {
  unsigned char low;
  unsigned char high;
  std::size_t follow;
};

constexpr Lead lead_of(unsigned char byte) noexcept {
  if (byte >= 0xc2 && byte <= 0xdf) return {0x80, 0xbf, 1};
  if (byte == 0xe0) return {0xa0, 0xbf, 2};
  if (byte == 0xed) return {0x80, 0x9f, 2};
  if (byte >= 0xe1 && byte <= 0xef) return {0x80, 0xbf, 2};
  if (byte == 0xf0) return {0x90, 0xbf, 3};
  if (byte >= 0xf1 && byte <= 0xf3) return {0x80, 0xbf, 3};
  if (byte == 0xf4) return {0x80, 0x8f, 3};
  return {0, 0, 0};
}

/// Requires a text that begins with a byte above 0x7f.
Piece first_piece(std::string_view text) noexcept {
  const Lead lead = lead_of(static_cast<unsigned char>(text[0]));
  if (lead.follow == 0 || text.size() < 2) return {1, false};
  const auto second = static_cast<unsigned char>(text[1]);
  if (second < lead.low || second > lead.high) return {1, false};
  std::size_t size = 2;
  while (size <= lead.follow && size < text.size() && is_continuation(text[size])) ++size;
  return {size, size == lead.follow + 1};
}

/// True if none of the eight bytes is above 0x7f or, where it is refused, zero.
bool is_plain(const char* bytes, Nul nul) noexcept {
  constexpr std::uint64_t kTops = 0x8080808080808080u;
  constexpr std::uint64_t kOnes = 0x0101010101010101u;
  std::uint64_t word = 0;
  std::memcpy(&word, bytes, sizeof word);
  const std::uint64_t zeros = nul == Nul::refused ? (word - kOnes) & ~word : 0;
  return ((word | zeros) & kTops) == 0;
}

/// How many bytes from `at` on are valid, counted from the start.
std::size_t valid_until(std::string_view text, std::size_t at, Nul nul) noexcept {
  while (at < text.size()) {
    if (text.size() - at >= 8 && is_plain(text.data() + at, nul)) {
      at += 8;
    } else if (static_cast<unsigned char>(text[at]) < 0x80) {
      if (text[at] == '\0' && nul == Nul::refused) return at;
      ++at;
    } else {
      const Piece piece = first_piece(text.substr(at));
      if (!piece.valid) return at;
      at += piece.size;
    }
  }
  return at;
}

}  // namespace

bool is_valid_utf8(std::string_view text) noexcept {
  return valid_utf8_prefix(text) == text.size();
}

std::size_t valid_utf8_prefix(std::string_view text) noexcept {
  return valid_until(text, 0, Nul::allowed);
}

std::string clean_utf8(std::string_view text) {
  std::size_t good = valid_until(text, 0, Nul::refused);
  std::string out(text.substr(0, good));
  while (good < text.size()) {
    out += kReplacement;
    const std::size_t begin = good + (text[good] == '\0' ? 1 : first_piece(text.substr(good)).size);
    good = valid_until(text, begin, Nul::refused);
    out += text.substr(begin, good - begin);
  }
  return out;
}

std::string shorten(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return std::string(text);
  std::size_t cut = bytes;
  while (cut > 0 && bytes - cut < 3 && is_continuation(text[cut])) --cut;
  return std::string(text.substr(0, cut)) += kEllipsis;
}

}  // namespace earshot::core

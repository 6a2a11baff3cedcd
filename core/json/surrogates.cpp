#include "surrogates.hpp"

#include <charconv>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace earshot::core {
namespace {

constexpr std::size_t kEscapeSize = 6;  // \uXXXX

enum class Unit : std::uint8_t { other, high, low };

/// What the escape at `at`, if there is one, stands for.
Unit unit_at(std::string_view json, std::size_t at) noexcept {
  const std::string_view escape = json.substr(at < json.size() ? at : json.size(), kEscapeSize);
  if (escape.size() < kEscapeSize || !escape.starts_with("\\u")) return Unit::other;
  std::uint16_t code = 0;
  const auto read = std::from_chars(escape.data() + 2, escape.data() + kEscapeSize, code, 16);
  if (read.ptr != escape.data() + kEscapeSize) return Unit::other;
  if ((code & 0xfc00u) == 0xd800u) return Unit::high;
  if ((code & 0xfc00u) == 0xdc00u) return Unit::low;
  return Unit::other;
}

}  // namespace

void mend_surrogates(std::string& json) noexcept {
  for (std::size_t at = json.find('\\'); at != std::string::npos; at = json.find('\\', at)) {
    const Unit unit = unit_at(json, at);
    if (unit == Unit::other) {
      at += 2;
    } else if (unit == Unit::high && unit_at(json, at + kEscapeSize) == Unit::low) {
      at += 2 * kEscapeSize;
    } else {
      std::memcpy(json.data() + at, "\\ufffd", kEscapeSize);
      at += kEscapeSize;
    }
  }
}

}  // namespace earshot::core

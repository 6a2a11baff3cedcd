#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace earshot::core {

/// 128 bits of XXH3: tells contents apart, resists no attacker.
struct ContentHash {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  friend bool operator==(const ContentHash&, const ContentHash&) = default;
};
[[nodiscard]] ContentHash content_hash(std::string_view bytes) noexcept;

/// SHA-256, 32 raw bytes.
[[nodiscard]] std::string sha256(std::string_view bytes);
[[nodiscard]] std::string hmac_sha256(std::string_view key, std::string_view message);

/// `size` bytes from the system's cryptographic generator.
[[nodiscard]] std::string random_bytes(std::size_t size);

}  // namespace earshot::core

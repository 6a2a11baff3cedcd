#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

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

/// MD5, SHA-1, SHA-256 and SHA-512, raw, as far as this machine has them: what a product may show
/// of a secret in its place. Good for recognizing that alone.
[[nodiscard]] std::vector<std::string> fingerprints(std::string_view bytes);

/// `size` bytes from the system's cryptographic generator.
[[nodiscard]] std::string random_bytes(std::size_t size);

}  // namespace earshot::core

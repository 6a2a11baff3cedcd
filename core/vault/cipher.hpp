#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace earshot::core {

inline constexpr std::size_t kKeySize = 32;
inline constexpr std::size_t kNonceSize = 12;
inline constexpr std::size_t kTagSize = 16;

/// AES-256-GCM. The answer is a fresh nonce, the ciphertext and the tag; `context` is authenticated
/// and not kept. Throws std::bad_alloc where OpenSSL has no memory.
[[nodiscard]] std::string encrypt(std::string_view key, std::string_view context,
                                  std::string_view text);
/// Nothing where the key or the context is another, or a bit was changed.
[[nodiscard]] std::optional<std::string> decrypt(std::string_view key, std::string_view context,
                                                 std::string_view sealed);

}  // namespace earshot::core

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <earshot/core/base/result.hpp>

namespace earshot::core {

/// Undoes a Content-Encoding of gzip, x-gzip, deflate (zlib or raw) or identity. `limit` bounds the
/// output: larger is Code::limit; broken or truncated input is bad_data; another coding is
/// bad_data.
[[nodiscard]] Result<std::string> decompress(std::string_view coding, std::string_view bytes,
                                             std::uint64_t limit);

/// zlib format at a fast level, and back; for what the store keeps.
[[nodiscard]] std::string deflate_bytes(std::string_view bytes);
[[nodiscard]] Result<std::string> inflate_bytes(std::string_view bytes, std::uint64_t limit);

/// gzip, for servers.
[[nodiscard]] std::string gzip_bytes(std::string_view bytes);

}  // namespace earshot::core

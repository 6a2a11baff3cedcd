#pragma once

#include <string>
#include <string_view>

#include <earshot/core/base/result.hpp>

namespace earshot::core {

/// The products' own JSON as it rests: its size in four bytes, then zlib. Empty stays empty.
[[nodiscard]] std::string pack_raw(std::string_view text);
/// bad_data where the bytes are not what pack_raw made.
[[nodiscard]] Result<std::string> unpack_raw(std::string_view packed);

}  // namespace earshot::core

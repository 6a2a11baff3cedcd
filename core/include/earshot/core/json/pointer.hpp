#pragma once

/// Parts of JSON pointers (RFC 6901); their inverse, pointer_segment(), stands in document.hpp.

#include <string>
#include <string_view>

namespace earshot::core {

/// The name that a segment stands for: "a~1b" is "a/b". A '~' at the end stays one. [thread-safe]
[[nodiscard]] std::string unescaped_segment(std::string_view segment);

}  // namespace earshot::core

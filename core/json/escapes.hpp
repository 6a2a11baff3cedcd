#pragma once

#include <cstddef>
#include <optional>

namespace earshot::core {

/// Decodes a JSON string's escapes in place, in [at, end) of `text`; one that begins there may end
/// no later. Returns where the decoded text ends; nothing where an escape is none, with `at` at it.
/// An escaped surrogate without its partner, as cut-off emoji leave them in products' texts,
/// becomes U+FFFD: one of them is no reason to refuse a page.
[[nodiscard]] std::optional<std::size_t> decode_escapes(char* text, std::size_t& at,
                                                        std::size_t end) noexcept;

}  // namespace earshot::core

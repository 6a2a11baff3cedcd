#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <earshot/sdk/text.hpp>

namespace earshot::core {

/// ASCII case folding; other bytes stay.
[[nodiscard]] std::string lower(std::string_view text);
[[nodiscard]] bool iequals(std::string_view a, std::string_view b) noexcept;
[[nodiscard]] std::string_view trim(std::string_view text) noexcept;
using sdk::parse_integer;
using sdk::split;

/// `text` with '*' standing for any run of characters, '/' included.
[[nodiscard]] bool glob_match(std::string_view pattern, std::string_view text) noexcept;

[[nodiscard]] std::string base64_encode(std::string_view bytes);
/// Standard or URL-safe alphabet, padding optional.
[[nodiscard]] std::optional<std::string> base64_decode(std::string_view text);
[[nodiscard]] std::string hex_encode(std::string_view bytes);
[[nodiscard]] std::optional<std::string> hex_decode(std::string_view text);
/// "%41" becomes "A"; '+' stays. Broken escapes stay as they are.
[[nodiscard]] std::string percent_decode(std::string_view text);

/// Text that may be stored and shown: invalid UTF-8 and U+0000 become U+FFFD; everything else
/// stays.
[[nodiscard]] std::string clean_utf8(std::string_view text);
[[nodiscard]] bool is_valid_utf8(std::string_view text) noexcept;
/// How many bytes at the front of `text` are valid UTF-8.
[[nodiscard]] std::size_t valid_utf8_prefix(std::string_view text) noexcept;
/// At most `bytes` of `text`, cut between code points, with an ellipsis where something was cut.
[[nodiscard]] std::string shorten(std::string_view text, std::size_t bytes);

/// The candidate that differs from `word` by at most two edits, if there is one: "did you mean".
[[nodiscard]] std::optional<std::string> closest(std::string_view word,
                                                 const std::vector<std::string>& candidates);

}  // namespace earshot::core

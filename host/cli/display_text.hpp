#pragma once

/// Text from anywhere on its way to people.

#include <string>
#include <string_view>

namespace earshot::host {

/// What a terminal would obey instead of showing it (escape sequences and other control characters,
/// marks that turn the direction of text) as "\\u001b"; broken UTF-8 as U+FFFD. Line breaks and
/// tabs stay. JSON is the same JSON behind it.
[[nodiscard]] std::string printable(std::string_view text);
/// In one line, printable, at most `columns` wide, with an ellipsis where something was cut; line
/// breaks and tabs become blanks.
[[nodiscard]] std::string fit(std::string_view text, std::size_t columns);
/// How many columns a terminal needs for UTF-8 text, near enough: code points, wide ones twice,
/// marks not at all.
[[nodiscard]] std::size_t display_width(std::string_view text) noexcept;

}  // namespace earshot::host

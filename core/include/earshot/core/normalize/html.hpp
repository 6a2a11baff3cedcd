#pragma once

#include <string>
#include <string_view>

namespace earshot::core {

/// HTML as a person reads it: block elements on lines of their own, list items behind "- ", links
/// as "text (url)", images as their alt text, quotes behind "> ", tables a row a line; scripts,
/// styles and comments gone; entities decoded; blank runs folded. Never fails: text that is no HTML
/// comes back as text. Depth is bounded; nothing is silently cut.
[[nodiscard]] std::string html_to_text(std::string_view html);

}  // namespace earshot::core

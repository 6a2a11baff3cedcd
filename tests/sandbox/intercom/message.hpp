#pragma once

/// What people write in conversations, as Intercom keeps it and as a reader sees it.

#include <string>

#include <earshot/core/base/random.hpp>

#include "sandbox/content.hpp"

namespace earshot::sandbox {

struct HtmlMessage {
  std::string html;
  std::string shown;    ///< The text that a reader sees, links behind their words.
  std::string opening;  ///< The first line of that.
};

/// Text in paragraphs, as Intercom keeps what was typed: blanks fold, as they do in HTML.
[[nodiscard]] HtmlMessage typed_message(const std::string& text);
[[nodiscard]] HtmlMessage odd_html_message(Oddity oddity, core::Random& random);
/// Lists, quotes, links, entities, a table and a script.
[[nodiscard]] HtmlMessage rich_message(core::Random& random);

}  // namespace earshot::sandbox

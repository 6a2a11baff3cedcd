#include "sandbox/intercom/message.hpp"

#include <vector>

#include <fmt/format.h>

#include <earshot/core/base/text.hpp>

namespace earshot::sandbox {
namespace {

constexpr std::string_view kNoBreakSpace = "\xC2\xA0";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      default: out += c;
    }
  }
  return out;
}

/// Runs of white space as one blank, none at either end.
std::string folded(std::string_view line) {
  std::string out;
  bool space = false;
  for (std::size_t at = 0; at < line.size();) {
    const bool wide = line.substr(at).starts_with(kNoBreakSpace);
    if (wide || std::string_view(" \t\n\r\f").find(line[at]) != std::string_view::npos) {
      space = true;
      at += wide ? kNoBreakSpace.size() : 1;
      continue;
    }
    if (space && !out.empty()) out += ' ';
    space = false;
    out += line[at++];
  }
  return out;
}

/// Folded lines; blank ones fold too, and go at either end.
std::string shown_lines(std::string_view text) {
  std::string out;
  bool blank = false;
  for (const std::string_view line : core::split(text, '\n')) {
    const std::string shown = folded(line);
    if (shown.empty()) {
      blank = true;
      continue;
    }
    if (!out.empty()) out += blank ? "\n\n" : "\n";
    blank = false;
    out += shown;
  }
  return out;
}

}  // namespace

HtmlMessage typed_message(const std::string& text) {
  HtmlMessage message;
  message.shown = shown_lines(text);
  message.opening = folded(core::split(text, '\n').front());
  message.html = "<p>";
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool paragraph = text.compare(at, 2, "\n\n") == 0;
    if (paragraph) {
      message.html += "</p>\n<p>";
      ++at;
    } else {
      message.html += text[at] == '\n' ? "<br>" : escaped(text.substr(at, 1));
    }
  }
  message.html += "</p>";
  return message;
}

HtmlMessage odd_html_message(Oddity oddity, core::Random& random) {
  return oddity == Oddity::html ? rich_message(random) : typed_message(odd_message(oddity, random));
}

HtmlMessage rich_message(core::Random& random) {
  const std::string first = subject(random);
  const std::string second = subject(random);
  HtmlMessage message;
  message.html = fmt::format(
      "<p>Hello &amp; good morning,</p><p>{0} <b>at once</b> &lt;urgent&gt;</p>"
      "<ul><li>one</li><li>two &nbsp; three</li></ul>"
      "<p>See <a href=\"https://example.com/a?b=1&amp;c=2\" target=\"_blank\">the page</a> or "
      "<a href=\"https://example.com/\">https://example.com/</a></p>"
      "<blockquote><p>{1}</p></blockquote><script>alert(\"not me\")</script>"
      "<p><img src=\"https://example.com/x.png\" alt=\"screenshot\"><br/>1 &lt; 2 &amp;&amp; 3 "
      "&gt; "
      "2</p>",
      escaped(first), escaped(second));
  message.shown = fmt::format(
      "Hello & good morning,\n\n{} at once <urgent>\n\n- one\n- two three\n\nSee the page "
      "(https://example.com/a?b=1&c=2) or https://example.com/\n\n> {}\n\nscreenshot\n1 < 2 && 3 > "
      "2",
      first, second);
  message.opening = "Hello & good morning,";
  return message;
}

}  // namespace earshot::sandbox

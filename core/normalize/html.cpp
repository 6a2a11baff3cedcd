#include "earshot/core/normalize/html.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include <earshot/core/base/text.hpp>

#include "html_entities.hpp"
#include "html_tokens.hpp"

namespace earshot::core {
namespace {

constexpr int kDeepestShown = 8;  // of quotes and lists: deeper ones look like this

/// Blocks on a line of their own, and those with a blank line around them.
constexpr std::array<std::string_view, 20> kLines{
    "address", "article", "aside", "body", "dd",     "details", "div", "dl", "dt",      "fieldset",
    "footer",  "form",    "html",  "li",   "header", "main",    "nav", "tr", "section", "option"};
constexpr std::array<std::string_view, 11> kParagraphs{"p",  "h1", "h2",    "h3",  "h4",    "h5",
                                                       "h6", "hr", "table", "pre", "figure"};

template <typename Names>
bool is_one_of(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// A link that leads a reader somewhere.
bool is_worth_showing(std::string_view url) {
  const std::string start = lower(url.substr(0, 12));
  constexpr std::array<std::string_view, 5> kNowhere{"#", "javascript:", "data:", "cid:", "about:"};
  return !start.empty() && std::none_of(kNowhere.begin(), kNowhere.end(),
                                        [&](std::string_view no) { return start.starts_with(no); });
}

/// The bytes of the white space at the front: one character, the non-breaking space included.
std::size_t space_size(std::string_view text) {
  if (text.starts_with("\xC2\xA0")) return 2;
  return !text.empty() && std::string_view(" \t\n\r\f").find(text[0]) != std::string_view::npos;
}

/// The bytes up to the next white space.
std::size_t word_size(std::string_view text) {
  constexpr std::string_view kMayBeSpace = " \t\n\r\f\xC2";
  std::size_t at = text.find_first_of(kMayBeSpace);
  while (at != std::string_view::npos && space_size(text.substr(at)) == 0) {
    at = text.find_first_of(kMayBeSpace, at + 1);
  }
  return std::min(at, text.size());
}

/// Builds the text: words with single spaces between them, blocks on lines of their own.
class TextBuilder {
 public:
  void handle(const HtmlToken& token);
  [[nodiscard]] std::string take();

 private:
  void open(const HtmlToken& tag);
  void open_block(std::string_view name);
  void close(std::string_view name);
  void close_block(std::string_view name);
  void add_text(std::string_view raw);
  void add_preformatted(std::string_view text);
  void add_word(std::string_view word);
  void begin_line();
  void break_line(int newlines) {
    if (!cell_is_new_) newlines_ = std::max(newlines_, newlines);
  }
  void open_row();
  void open_cell();
  void open_item();
  void open_link(const HtmlToken& tag);
  void close_link();
  [[nodiscard]] bool at_line_start() const noexcept { return out_.empty() || newlines_ > 0; }

  struct Link {
    std::string url;
    std::string shown;
  };
  std::string out_;
  std::string decoded_;
  std::string bullet_;
  std::optional<Link> link_;
  int newlines_ = 0;
  bool space_ = false;
  int quotes_ = 0;
  int lists_ = 0;
  int preformatted_ = 0;
  std::size_t row_begin_ = 0;
  bool cell_is_new_ = false;  ///< Nothing stands behind its bar yet.
};

void TextBuilder::handle(const HtmlToken& token) {
  switch (token.kind) {
    case HtmlToken::Kind::text: return add_text(token.text);
    case HtmlToken::Kind::open: return open(token);
    case HtmlToken::Kind::close: return close(token.name);
    case HtmlToken::Kind::end: return;
  }
}

void TextBuilder::open(const HtmlToken& tag) {
  const std::string& name = tag.name;
  if (name == "br") {
    newlines_ = std::min(newlines_ + 1, 2);
  } else if (name == "a") {
    open_link(tag);
  } else if (name == "img") {
    add_text(html_attribute(tag.attributes, "alt"));
  } else if (name == "li") {
    open_item();
  } else if (name == "tr") {
    open_row();
  } else if (name == "td" || name == "th") {
    open_cell();
  } else {
    open_block(name);
  }
}

void TextBuilder::open_block(std::string_view name) {
  if (name == "ul" || name == "ol") {
    break_line(lists_++ == 0 ? 2 : 1);
  } else if (name == "blockquote") {
    break_line(2);
    ++quotes_;
  } else if (is_one_of(kParagraphs, name)) {
    break_line(lists_ > 0 ? 1 : 2);
    preformatted_ += name == "pre" ? 1 : 0;
  } else if (is_one_of(kLines, name)) {
    break_line(1);
  }
}

void TextBuilder::close(std::string_view name) {
  if (name == "a") {
    close_link();
  } else if (name == "tr" || name == "table") {
    cell_is_new_ = false;
    break_line(name == "tr" ? 1 : 2);
  } else {
    close_block(name);
  }
}

void TextBuilder::close_block(std::string_view name) {
  if (name == "ul" || name == "ol") {
    lists_ = std::max(0, lists_ - 1);
    bullet_.clear();
    break_line(lists_ == 0 ? 2 : 1);
  } else if (name == "blockquote") {
    break_line(2);
    quotes_ = std::max(0, quotes_ - 1);
  } else if (is_one_of(kParagraphs, name)) {
    break_line(lists_ > 0 ? 1 : 2);
    if (name == "pre") preformatted_ = std::max(0, preformatted_ - 1);
  } else if (is_one_of(kLines, name)) {
    break_line(1);
  }
}

void TextBuilder::open_item() {
  break_line(1);
  bullet_ = "- ";
}

void TextBuilder::open_row() {
  cell_is_new_ = false;
  break_line(1);
  row_begin_ = out_.size();
}

/// Cells of a row stand on one line, also where each holds blocks.
void TextBuilder::open_cell() {
  if (out_.size() <= row_begin_) return;
  newlines_ = 0;
  out_ += " |";
  space_ = true;
  cell_is_new_ = true;
}

void TextBuilder::open_link(const HtmlToken& tag) {
  close_link();
  std::string url(trim(html_attribute(tag.attributes, "href")));
  if (is_worth_showing(url)) link_ = Link{std::move(url), {}};
}

void TextBuilder::close_link() {
  if (!link_) return;
  const Link link = *std::exchange(link_, std::nullopt);
  const bool same = link.shown == link.url || link.url == "mailto:" + link.shown ||
                    link.url == "tel:" + link.shown;
  if (same) return;
  space_ = true;
  add_word(link.shown.empty() ? link.url : "(" + link.url + ")");
}

void TextBuilder::add_text(std::string_view raw) {
  decoded_.clear();
  append_decoded(decoded_, raw);
  if (preformatted_ > 0) return add_preformatted(decoded_);
  for (std::string_view rest = decoded_; !rest.empty();) {
    const std::size_t word = word_size(rest);
    if (word > 0) add_word(rest.substr(0, word));
    rest.remove_prefix(word);
    const std::size_t gap = space_size(rest);
    space_ = space_ || gap > 0;
    rest.remove_prefix(gap);
  }
}

void TextBuilder::add_preformatted(std::string_view text) {
  bool first = true;
  for (std::string_view line : split(text, '\n')) {
    if (!first) newlines_ = std::min(newlines_ + 1, 2);
    first = false;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    space_ = false;
    add_word(line);
  }
}

void TextBuilder::add_word(std::string_view word) {
  begin_line();
  cell_is_new_ = false;
  if (space_ && !out_.empty() && out_.back() != '\n' && out_.back() != ' ') out_ += ' ';
  if (link_ && space_ && !link_->shown.empty()) link_->shown += ' ';
  if (link_) link_->shown += word;
  space_ = false;
  out_ += word;
}

/// Line breaks that are due, and what stands before the text of a line.
void TextBuilder::begin_line() {
  if (!at_line_start()) return;
  if (!out_.empty()) out_.append(static_cast<std::size_t>(newlines_), '\n');
  newlines_ = 0;
  space_ = false;
  for (int i = 0; i < std::min(quotes_, kDeepestShown); ++i) out_ += "> ";
  for (int i = 1; i < std::min(lists_, kDeepestShown); ++i) out_ += "  ";
  out_ += bullet_;
  bullet_.clear();
}

std::string TextBuilder::take() {
  close_link();
  return std::move(out_);
}

}  // namespace

std::string html_to_text(std::string_view html) {
  HtmlTokens tokens(html);
  TextBuilder text;
  bool has_markup = false;
  for (HtmlToken token = tokens.next(); token.kind != HtmlToken::Kind::end; token = tokens.next()) {
    has_markup = has_markup || token.kind != HtmlToken::Kind::text;
    text.handle(token);
  }
  if (has_markup) return clean_utf8(text.take());
  std::string plain;
  append_decoded(plain, html);
  return clean_utf8(plain);
}

}  // namespace earshot::core

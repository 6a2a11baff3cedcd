#include "html_tokens.hpp"

#include <algorithm>
#include <array>

#include <earshot/core/base/text.hpp>

#include "html_entities.hpp"

namespace earshot::core {
namespace {

constexpr std::array<std::string_view, 4> kUnseen{"script", "style", "title", "template"};
constexpr std::array<std::string_view, 5> kLinkSchemes{
    "http:", "https:", "mailto:", "tel:", "ftp:"};
constexpr std::string_view kSpaces = " \t\n\r\f";
constexpr std::string_view kBetween = " \t\n\r\f/";
constexpr std::string_view kNameEnd = " \t\n\r\f/=";

bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_name_byte(char c) noexcept {
  return is_letter(c) || (c >= '0' && c <= '9') || c == '-' || c == ':' || c == '_';
}

template <typename Names>
bool is_one_of(const Names& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// The bytes of the name that begins a tag's inside; 0 if this is no tag.
std::size_t name_size(std::string_view inside) {
  if (inside.empty() || !is_letter(inside.front())) return 0;
  const auto* const end = std::find_if_not(inside.begin(), inside.end(), is_name_byte);
  const auto size = static_cast<std::size_t>(end - inside.begin());
  const bool ends = size == inside.size() || inside[size] == '>' || inside[size] == '/' ||
                    kSpaces.find(inside[size]) != std::string_view::npos;
  return ends && !is_one_of(kLinkSchemes, lower(inside.substr(0, size))) ? size : 0;
}

/// The front of `text` up to one of `ends`, taken away from it.
std::string_view take_until(std::string_view& text, std::string_view ends) {
  const std::string_view taken = text.substr(0, text.find_first_of(ends));
  text.remove_prefix(taken.size());
  return taken;
}

void skip_any(std::string_view& text, std::string_view skipped) {
  text.remove_prefix(std::min(text.find_first_not_of(skipped), text.size()));
}

/// The value behind an attribute's '=', taken away from `text`.
std::string_view take_value(std::string_view& text) {
  skip_any(text, kSpaces);
  if (!text.starts_with('"') && !text.starts_with('\'')) return take_until(text, kSpaces);
  const char quote = text.front();
  text.remove_prefix(1);
  const std::string_view value = take_until(text, std::string_view(&quote, 1));
  text.remove_prefix(std::min<std::size_t>(1, text.size()));
  return value;
}

}  // namespace

/// True if a tag, a comment or a declaration may begin at the front of `text`.
bool HtmlTokens::begins_markup(std::string_view text) const {
  if (text.size() < 2) return false;
  if (text.starts_with("<!--")) return comments_end_;
  if (!tags_end_) return false;
  if (text[1] == '!' || text[1] == '?') return true;
  return name_size(text.substr(text[1] == '/' ? 2 : 1)) > 0;
}

/// Past a comment, a declaration or a processing instruction, if one stands at the front.
bool HtmlTokens::skip_declaration() {
  if (rest_.size() < 2 || (rest_[1] != '!' && rest_[1] != '?')) return false;
  const bool comment = rest_.starts_with("<!--");
  const std::string_view closing = comment ? "-->" : ">";
  const std::size_t end = rest_.find(closing, comment ? 2 : 1);
  if (end == std::string_view::npos) {
    (comment ? comments_end_ : tags_end_) = false;
    return false;
  }
  rest_.remove_prefix(end + closing.size());
  return true;
}

/// The '>' that ends the tag at the front, quotes seen; npos if there is none.
std::size_t HtmlTokens::tag_end() const {
  for (std::size_t at = rest_.find_first_of("\"'>"); at != std::string_view::npos;
       at = rest_.find_first_of("\"'>", at + 1)) {
    if (rest_[at] == '>') return at;
    const std::size_t closing = rest_.find(rest_[at], at + 1);
    if (closing == std::string_view::npos) return rest_.find('>', at);
    at = closing;
  }
  return std::string_view::npos;
}

/// Past what stands between such a tag and its end tag, if that comes.
void HtmlTokens::skip_content_of(const std::string& name) {
  if (is_one_of(never_closed_, name)) return;
  for (std::size_t at = rest_.find("</"); at != std::string_view::npos;
       at = rest_.find("</", at + 2)) {
    if (!iequals(rest_.substr(at + 2, name.size()), name)) continue;
    return rest_.remove_prefix(at);
  }
  never_closed_.push_back(name);
}

HtmlToken HtmlTokens::next() {
  while (rest_.starts_with('<') && begins_markup(rest_)) {
    if (skip_declaration()) continue;
    if (!begins_markup(rest_)) break;
    const std::size_t end = tag_end();
    if (end != std::string_view::npos) return tag(end);
    tags_end_ = false;
  }
  return rest_.empty() ? HtmlToken() : text();
}

HtmlToken HtmlTokens::tag(std::size_t end) {
  const std::size_t begin = rest_[1] == '/' ? 2 : 1;
  const std::string_view inside = rest_.substr(begin, end - begin);
  const std::size_t size = name_size(inside);
  HtmlToken token;
  token.kind = begin == 2 ? HtmlToken::Kind::close : HtmlToken::Kind::open;
  token.name = lower(inside.substr(0, size));
  token.attributes = inside.substr(size);
  rest_.remove_prefix(end + 1);
  const bool opens = token.kind == HtmlToken::Kind::open;
  if (opens && is_one_of(kUnseen, token.name)) skip_content_of(token.name);
  return token;
}

HtmlToken HtmlTokens::text() {
  std::size_t size = rest_.find('<', 1);
  while (size != std::string_view::npos && !begins_markup(rest_.substr(size))) {
    size = rest_.find('<', size + 1);
  }
  HtmlToken token;
  token.kind = HtmlToken::Kind::text;
  token.text = rest_.substr(0, size);
  rest_.remove_prefix(token.text.size());
  return token;
}

std::string html_attribute(std::string_view attributes, std::string_view name) {
  for (skip_any(attributes, kBetween); !attributes.empty(); skip_any(attributes, kBetween)) {
    const std::string_view found = take_until(attributes, kNameEnd);
    skip_any(attributes, kSpaces);
    if (!attributes.starts_with('=')) continue;
    attributes.remove_prefix(1);
    const std::string_view value = take_value(attributes);
    if (!iequals(found, name)) continue;
    std::string out;
    append_decoded(out, value);
    return out;
  }
  return {};
}

}  // namespace earshot::core

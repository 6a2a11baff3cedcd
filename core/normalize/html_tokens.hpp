#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace earshot::core {

/// A piece of HTML: text as it stands, or a tag.
struct HtmlToken {
  enum class Kind { text, open, close, end };
  Kind kind = Kind::end;
  std::string_view text;        ///< text: undecoded
  std::string name;             ///< open, close: in lower case
  std::string_view attributes;  ///< open: what stands behind the name
};

/// Takes HTML apart from left to right, in time that grows linearly with its size. Comments,
/// declarations and the content of script, style, title and template are passed over. What only
/// looks like a tag ("a < b", "<me@example.com>") or is never closed is text.
class HtmlTokens {
 public:
  explicit HtmlTokens(std::string_view html) : rest_(html) {}
  [[nodiscard]] HtmlToken next();

 private:
  [[nodiscard]] bool begins_markup(std::string_view text) const;
  [[nodiscard]] bool skip_declaration();
  [[nodiscard]] std::size_t tag_end() const;
  [[nodiscard]] HtmlToken tag(std::size_t end);
  [[nodiscard]] HtmlToken text();
  void skip_content_of(const std::string& name);

  std::string_view rest_;
  // What is known not to come any more, so that nobody looks for it again.
  bool comments_end_ = true;
  bool tags_end_ = true;
  std::vector<std::string> never_closed_;
};

/// The decoded value of an attribute; empty if there is none.
[[nodiscard]] std::string html_attribute(std::string_view attributes, std::string_view name);

}  // namespace earshot::core

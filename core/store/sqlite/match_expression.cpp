#include "match_expression.hpp"

#include <fmt/format.h>

namespace earshot::core {
namespace {

constexpr std::size_t kMostWords = 64;

/// A word or phrase as FTS5 takes it: quoted, so that nothing in it is syntax.
void append_term(std::string& out, std::string_view term, bool prefix) {
  out += out.empty() ? "\"" : " \"";
  for (const char c : term) {
    if (c == '"') out += '"';
    out += c == '\0' ? ' ' : c;
  }
  out += prefix ? "\" *" : "\"";
}

/// Takes the next word or quoted phrase off the front of `typed`.
struct Term {
  std::string_view text;
  bool prefix = false;
};

Term take_quoted(std::string_view& typed) {
  typed.remove_prefix(1);
  const std::size_t end = typed.find('"');
  Term term{.text = typed.substr(0, end)};
  typed.remove_prefix(end == std::string_view::npos ? typed.size() : end + 1);
  if (!typed.empty() && typed.front() == '*') {
    term.prefix = true;
    typed.remove_prefix(1);
  }
  return term;
}

Term take_word(std::string_view& typed) {
  const std::size_t end = typed.find_first_of(" \t\r\n\f\v\"");
  Term term{.text = typed.substr(0, end)};
  typed.remove_prefix(term.text.size());
  if (term.text.size() > 1 && term.text.back() == '*') {
    term.prefix = true;
    term.text.remove_suffix(1);
  }
  return term;
}

}  // namespace

Result<std::optional<std::string>> match_expression(std::string_view typed) {
  std::string out;
  std::size_t words = 0;
  for (;;) {
    const std::size_t start = typed.find_first_not_of(" \t\r\n\f\v");
    if (start == std::string_view::npos) break;
    typed.remove_prefix(start);
    const Term term = typed.front() == '"' ? take_quoted(typed) : take_word(typed);
    if (term.text.empty()) continue;
    if (++words > kMostWords) {
      return Error{
          .code = Code::limit,
          .message = fmt::format("search: more than {} words; leave some out", kMostWords)};
    }
    append_term(out, term.text, term.prefix);
  }
  if (words == 0) return std::optional<std::string>{};
  return std::optional(std::move(out));
}

}  // namespace earshot::core

#include <algorithm>
#include <cctype>
#include <utility>

#include <earshot/core/base/text.hpp>
#include <earshot/core/config/dotenv.hpp>

namespace earshot::core {

namespace {

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

bool is_name(std::string_view text) {
  return !text.empty() && std::isdigit(static_cast<unsigned char>(text.front())) == 0 &&
         std::all_of(text.begin(), text.end(),
                     [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
}

/// Reads from the front of what is left of the file. [one thread at a time]
class DotenvReader {
 public:
  explicit DotenvReader(std::string_view text) : left_(text) {}

  Result<std::map<std::string, std::string>> read() {
    std::map<std::string, std::string> out;
    for (skip_blanks(); !left_.empty(); skip_blanks()) {
      if (left_.front() != '\n' && left_.front() != '#') {
        EAR_TRY(std::string name, read_name());
        EAR_TRY(std::string value, read_value());
        out.insert_or_assign(std::move(name), std::move(value));
        skip_blanks();
      }
      EAR_CHECK(end_line());
    }
    return out;
  }

 private:
  Result<std::string> read_name() {
    std::string_view name = trim(left_.substr(0, left_.find_first_of("=\n")));
    if (name.starts_with("export ")) name = trim(name.substr(7));
    const std::size_t equals = left_.find_first_of("=\n");
    if (!is_name(name) || equals == std::string_view::npos || left_[equals] != '=') {
      return mistake("is no NAME=value");
    }
    left_.remove_prefix(equals + 1);
    return std::string(name);
  }

  Result<std::string> read_value() {
    skip_blanks();
    if (left_.starts_with('\'') || left_.starts_with('"')) return read_quoted(left_.front());
    std::size_t end = 0;
    while (end < left_.size() && left_[end] != '\n' &&
           !(left_[end] == '#' && (end == 0 || is_blank(left_[end - 1])))) {
      ++end;
    }
    std::string value(trim(left_.substr(0, end)));
    left_.remove_prefix(end);
    return value;
  }

  Result<std::string> read_quoted(char quote) {
    const int begun = line_;
    std::string value;
    for (left_.remove_prefix(1); !left_.empty(); left_.remove_prefix(1)) {
      char c = left_.front();
      if (c == quote) {
        left_.remove_prefix(1);
        return value;
      }
      if (c == '\n') ++line_;
      if (c == '\\' && quote == '"' && left_.size() > 1) c = escaped(value);
      value += c;
    }
    line_ = begun;
    return mistake("has a quote that is not closed");
  }

  /// The character that an escape stands for; what is none keeps its backslash.
  char escaped(std::string& value) {
    static constexpr std::pair<char, char> kEscapes[] = {{'n', '\n'}, {'r', '\r'},  {'t', '\t'},
                                                         {'"', '"'},  {'\\', '\\'}, {'$', '$'}};
    left_.remove_prefix(1);
    const char c = left_.front();
    if (c == '\n') ++line_;
    for (const auto& escape : kEscapes) {
      if (escape.first == c) return escape.second;
    }
    value += '\\';
    return c;
  }

  Result<void> end_line() {
    if (left_.starts_with('#')) left_.remove_prefix(std::min(left_.find('\n'), left_.size()));
    if (left_.empty()) return {};
    if (left_.front() != '\n') return mistake("has something behind its closing quote");
    left_.remove_prefix(1);
    ++line_;
    return {};
  }

  void skip_blanks() {
    while (!left_.empty() && is_blank(left_.front())) left_.remove_prefix(1);
  }

  [[nodiscard]] Error mistake(const char* what) const {
    return {.code = Code::config, .message = std::to_string(line_) + ": " + what};
  }

  std::string_view left_;
  int line_ = 1;
};

}  // namespace

Result<std::map<std::string, std::string>> parse_dotenv(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  if (text.size() > kLargestDotenv || text.find('\0') != std::string_view::npos) {
    return Error{.code = Code::config, .message = "1: is no text of at most 64 KiB"};
  }
  return DotenvReader(text).read();
}

}  // namespace earshot::core

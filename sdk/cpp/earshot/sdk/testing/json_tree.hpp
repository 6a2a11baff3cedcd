#pragma once

/// JSON as a tree, for tests of plugins. In the host another, faster reader does this.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <earshot/abi.h>
#include <earshot/sdk/json.hpp>

namespace earshot::sdk::testing {

/// A document, read once. Nodes are numbers; 0 is nothing and 1 the root. Bounded by the text it is
/// made of and by kDeepest. [one thread at a time]
class JsonTree {
 public:
  struct Node {
    std::uint32_t kind = EAR_JSON_ABSENT;
    std::string key{};   ///< Its name, where it stands in an object.
    std::string text{};  ///< Of a string, decoded; of a number or boolean, the source token.
    std::uint32_t first = 0;
    std::uint32_t next = 0;
    std::uint64_t count = 0;
  };
  static constexpr int kDeepest = 512;
  static constexpr std::uint32_t kRoot = 1;

  /// Nothing where the text is no JSON.
  [[nodiscard]] static std::optional<JsonTree> parse(std::string_view text) {
    JsonTree tree;
    Reader reader{tree, text};
    const std::uint32_t root = reader.value(0);
    reader.skip_space();
    if (root == 0 || reader.at != text.size()) return std::nullopt;
    return tree;
  }

  [[nodiscard]] const Node& operator[](std::uint32_t node) const noexcept {
    return nodes_[node < nodes_.size() ? node : 0];
  }

  /// The node at an RFC 6901 pointer below `from`, or 0.
  [[nodiscard]] std::uint32_t at(std::uint32_t from, std::string_view pointer) const {
    std::uint32_t found = from;
    while (found != 0 && !pointer.empty()) {
      if (pointer.front() != '/') return 0;
      const std::size_t end = pointer.find('/', 1);
      found = child(found, unescape(pointer.substr(1, end == pointer.npos ? end : end - 1)));
      pointer = end == pointer.npos ? std::string_view{} : pointer.substr(end);
    }
    return found;
  }
  /// The text of the node at a pointer from the root; empty for none.
  [[nodiscard]] const std::string& text(std::string_view pointer) const {
    return (*this)[at(kRoot, pointer)].text;
  }

  /// The node as JSON without spaces, members in source order.
  [[nodiscard]] std::string dump(std::uint32_t node) const {
    const Node& value = (*this)[node];
    if (value.kind == EAR_JSON_STRING) return Json(value.text).text();
    if (value.kind == EAR_JSON_NULL) return "null";
    if (value.kind != EAR_JSON_ARRAY && value.kind != EAR_JSON_OBJECT) return value.text;
    const bool object = value.kind == EAR_JSON_OBJECT;
    std::string out(1, object ? '{' : '[');
    for (std::uint32_t one = value.first; one != 0; one = (*this)[one].next) {
      if (out.size() > 1) out += ',';
      if (object) (out += Json((*this)[one].key).text()) += ':';
      out += dump(one);
    }
    return out += object ? '}' : ']';
  }

 private:
  struct Reader {
    JsonTree& tree;
    std::string_view text;
    std::size_t at = 0;

    void skip_space() noexcept {
      while (at < text.size() && std::string_view(" \t\r\n").find(text[at]) != text.npos) ++at;
    }
    bool take(char wanted) noexcept {
      skip_space();
      if (at >= text.size() || text[at] != wanted) return false;
      ++at;
      return true;
    }

    /// The node of the value that comes next, or 0.
    std::uint32_t value(int depth) {
      skip_space();
      if (depth > kDeepest || at >= text.size()) return 0;
      const auto node = static_cast<std::uint32_t>(tree.nodes_.size());
      tree.nodes_.emplace_back();
      const char begin = text[at];
      if (begin == '{' || begin == '[') return container(node, depth) ? node : 0;
      if (begin == '"') {
        std::optional<std::string> read = string();
        if (!read) return 0;
        tree.nodes_[node].kind = EAR_JSON_STRING;
        tree.nodes_[node].text = *std::move(read);
        return node;
      }
      return token(tree.nodes_[node]) ? node : 0;
    }

    bool container(std::uint32_t node, int depth) {
      const bool object = text[at++] == '{';
      const char close = object ? '}' : ']';
      tree.nodes_[node].kind = object ? EAR_JSON_OBJECT : EAR_JSON_ARRAY;
      if (take(close)) return true;
      std::uint32_t last = 0;
      do {
        std::optional<std::string> key = object ? member_name() : std::string();
        const std::uint32_t one = key ? value(depth + 1) : 0;
        if (one == 0) return false;
        tree.nodes_[one].key = *std::move(key);
        (last == 0 ? tree.nodes_[node].first : tree.nodes_[last].next) = one;
        last = one;
        ++tree.nodes_[node].count;
      } while (take(','));
      return take(close);
    }

    std::optional<std::string> member_name() {
      skip_space();
      std::optional<std::string> name = string();
      if (name && !take(':')) return std::nullopt;
      return name;
    }

    bool token(Node& node) {
      const std::size_t begin = at;
      while (at < text.size() && std::string_view(",]} \t\r\n").find(text[at]) == text.npos) ++at;
      node.text = text.substr(begin, at - begin);
      const char first = node.text.empty() ? ' ' : node.text.front();
      if (node.text == "null") {
        node.kind = EAR_JSON_NULL;
        node.text.clear();
      } else if (node.text == "true" || node.text == "false") {
        node.kind = first == 't' ? EAR_JSON_TRUE : EAR_JSON_FALSE;
      } else if (first == '-' || (first >= '0' && first <= '9')) {
        node.kind = EAR_JSON_NUMBER;
        return node.text.find_first_not_of("0123456789+-.eE") == node.text.npos;
      }
      return node.kind != EAR_JSON_ABSENT;
    }

    std::optional<std::string> string() {
      if (at >= text.size() || text[at] != '"') return std::nullopt;
      std::string out;
      for (++at; at < text.size();) {
        const char c = text[at++];
        if (c == '"') return out;
        if (static_cast<unsigned char>(c) < 0x20) return std::nullopt;
        if (c != '\\') {
          out += c;
        } else if (!escape(out)) {
          return std::nullopt;
        }
      }
      return std::nullopt;
    }

    bool escape(std::string& out) {
      static constexpr std::string_view kNames = "\"\\/bfnrt";
      static constexpr std::string_view kMeant = "\"\\/\b\f\n\r\t";
      if (at >= text.size()) return false;
      const char c = text[at++];
      if (c == 'u') return unicode(out);
      const std::size_t known = kNames.find(c);
      if (known != kNames.npos) out += kMeant[known];
      return known != kNames.npos;
    }

    bool unicode(std::string& out) {
      std::uint32_t code = 0;
      if (!hex(code)) return false;
      if (code >= 0xD800 && code < 0xDC00 && text.substr(at, 2) == "\\u") {
        std::uint32_t low = 0;
        at += 2;
        if (!hex(low)) return false;
        code = low >= 0xDC00 && low < 0xE000 ? 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00)
                                             : 0xFFFD;
      }
      append_utf8(out, code >= 0xD800 && code < 0xE000 ? 0xFFFD : code);
      return true;
    }

    bool hex(std::uint32_t& out) noexcept {
      for (int i = 0; i < 4; ++i, ++at) {
        const char c = at < text.size() ? text[at] : ' ';
        const std::size_t digit = std::string_view("0123456789abcdef").find(c);
        const std::size_t upper = std::string_view("0123456789ABCDEF").find(c);
        if (digit == std::string_view::npos && upper == std::string_view::npos) return false;
        out =
            out * 16 + static_cast<std::uint32_t>(digit == std::string_view::npos ? upper : digit);
      }
      return true;
    }

    static void append_utf8(std::string& out, std::uint32_t code) {
      const auto byte = [&out](std::uint32_t bits) { out += static_cast<char>(bits); };
      if (code < 0x80) return byte(code);
      if (code < 0x800) {
        byte(0xC0 | code >> 6);
      } else {
        if (code < 0x10000) {
          byte(0xE0 | code >> 12);
        } else {
          byte(0xF0 | code >> 18);
          byte(0x80 | ((code >> 12) & 0x3F));
        }
        byte(0x80 | ((code >> 6) & 0x3F));
      }
      byte(0x80 | (code & 0x3F));
    }
  };

  static std::string unescape(std::string_view token) {
    std::string out;
    for (std::size_t i = 0; i < token.size(); ++i) {
      const bool escaped = token[i] == '~' && i + 1 < token.size();
      out += escaped ? (token[++i] == '1' ? '/' : '~') : token[i];
    }
    return out;
  }

  [[nodiscard]] std::uint32_t child(std::uint32_t parent, const std::string& name) const {
    const bool array = (*this)[parent].kind == EAR_JSON_ARRAY;
    std::size_t index = 0;
    for (std::uint32_t one = (*this)[parent].first; one != 0; one = (*this)[one].next, ++index) {
      if ((array ? std::to_string(index) : (*this)[one].key) == name) return one;
    }
    return 0;
  }

  std::vector<Node> nodes_{1};
};

}  // namespace earshot::sdk::testing

#pragma once

/// JSON that was parsed once and is read many times.

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <earshot/core/base/result.hpp>

namespace earshot::core {

enum class JsonKind : std::uint8_t {
  absent,
  null,
  boolean_false,
  boolean_true,
  number,
  string,
  array,
  object
};

class JsonDocument;

/// A view of one value in a JsonDocument; two words, copied freely, valid while the document lives.
/// Nothing throws: asking for what is not there gives an absent value or an empty text.
class JsonValue {
 public:
  JsonValue() = default;
  JsonValue(const JsonDocument* document, std::uint32_t node) noexcept
      : document_(document), node_(node) {}

  [[nodiscard]] JsonKind kind() const noexcept;
  [[nodiscard]] bool exists() const noexcept { return kind() != JsonKind::absent; }
  [[nodiscard]] bool is_null() const noexcept { return kind() == JsonKind::null; }
  [[nodiscard]] bool is_string() const noexcept { return kind() == JsonKind::string; }
  [[nodiscard]] bool is_number() const noexcept { return kind() == JsonKind::number; }
  [[nodiscard]] bool is_boolean() const noexcept {
    return kind() == JsonKind::boolean_false || kind() == JsonKind::boolean_true;
  }
  [[nodiscard]] bool is_array() const noexcept { return kind() == JsonKind::array; }
  [[nodiscard]] bool is_object() const noexcept { return kind() == JsonKind::object; }

  /// A string's text, a number's source token, "true" or "false"; else empty.
  [[nodiscard]] std::string_view text() const noexcept;
  [[nodiscard]] bool truthy() const noexcept { return kind() == JsonKind::boolean_true; }
  /// A number that is a whole one and fits; else nothing.
  [[nodiscard]] std::optional<std::int64_t> integer() const noexcept;
  [[nodiscard]] std::optional<double> real() const noexcept;

  /// Elements or members; 0 for scalars.
  [[nodiscard]] std::size_t size() const noexcept;
  /// The member of that name; the first where it stands twice.
  [[nodiscard]] JsonValue member(std::string_view name) const noexcept;
  /// RFC 6901; "" is the value itself. A pointer that is none gives absent.
  [[nodiscard]] JsonValue at(std::string_view pointer) const noexcept;
  /// The element or member value behind this one in its array or object; absent after the last.
  [[nodiscard]] JsonValue next_sibling() const noexcept;
  /// The name under which this value stands in its object; else empty.
  [[nodiscard]] std::string_view key() const noexcept;

  /// For `for (JsonValue element : array)`; over an object, its member values, whose key() is the
  /// name.
  class Iterator {
   public:
    using difference_type = std::ptrdiff_t;
    using value_type = JsonValue;
    Iterator() = default;
    Iterator(const JsonDocument* document, std::uint32_t node, std::uint32_t end) noexcept
        : document_(document), node_(node), end_(end) {}
    [[nodiscard]] JsonValue operator*() const noexcept { return {document_, node_}; }
    Iterator& operator++() noexcept;
    Iterator operator++(int) noexcept {
      Iterator old = *this;
      ++*this;
      return old;
    }
    bool operator==(std::default_sentinel_t /*end*/) const noexcept { return node_ >= end_; }

   private:
    const JsonDocument* document_ = nullptr;
    std::uint32_t node_ = 0;
    std::uint32_t end_ = 0;
  };
  [[nodiscard]] Iterator begin() const noexcept;
  [[nodiscard]] static std::default_sentinel_t end() noexcept { return std::default_sentinel; }

  /// The value as compact JSON, numbers as their source tokens, members in source order.
  [[nodiscard]] std::string dump() const;

  [[nodiscard]] const JsonDocument* document() const noexcept { return document_; }
  [[nodiscard]] std::uint32_t node() const noexcept { return node_; }
  friend bool operator==(const JsonValue&, const JsonValue&) = default;

 private:
  const JsonDocument* document_ = nullptr;
  std::uint32_t node_ = 0;
};

/// Bounds on what is parsed.
struct JsonLimits {
  std::uint32_t depth = 512;
  std::size_t nodes = 8'000'000;
};

/// An immutable JSON text, parsed in place into a flat array of nodes: no recursion, one
/// allocation, strings and number tokens are views into the text. Numbers are never turned into
/// doubles by parsing, so that they may be as long as they like. [thread-safe] once parsed.
class JsonDocument {
 public:
  /// Takes the text over and parses it. bad_data with the byte offset where it is no JSON, has
  /// invalid UTF-8 or text after the value; limit where it is deeper or larger than allowed. An
  /// escaped surrogate without its partner reads as U+FFFD.
  [[nodiscard]] static Result<std::unique_ptr<JsonDocument>> parse(std::string text,
                                                                   JsonLimits limits = {});

  JsonDocument(const JsonDocument&) = delete;
  JsonDocument& operator=(const JsonDocument&) = delete;

  [[nodiscard]] JsonValue root() const noexcept { return {this, 0}; }
  /// Bytes held.
  [[nodiscard]] std::size_t footprint() const noexcept;

 private:
  friend class JsonValue;
  friend class JsonTapeBuilder;

  /// Preorder. Each member is a key node with its value node behind it.
  struct Node {
    const char* text;         ///< key, string, number: where it begins
    std::uint32_t size;       ///< key, string, number: bytes; array, object: children
    std::uint32_t next : 28;  ///< index past the value's last descendant
    std::uint32_t kind : 4;   ///< a JsonKind, perhaps with kLast, or kKey
  };
  static constexpr std::uint32_t kKey = 8;
  /// Added to the kind of a container's last child.
  static constexpr std::uint32_t kLast = 8;
  JsonDocument() = default;

  std::string text_;
  std::unique_ptr<Node[]> nodes_;
  std::size_t node_count_ = 0;
};

inline JsonKind JsonValue::kind() const noexcept {
  return document_ == nullptr
             ? JsonKind::absent
             : static_cast<JsonKind>(document_->nodes_[node_].kind & ~JsonDocument::kLast);
}

inline std::string_view JsonValue::text() const noexcept {
  if (document_ == nullptr || is_array() || is_object()) return {};
  const JsonDocument::Node& node = document_->nodes_[node_];
  return {node.text, node.size};
}

inline std::size_t JsonValue::size() const noexcept {
  return is_array() || is_object() ? document_->nodes_[node_].size : 0;
}

inline std::string_view JsonValue::key() const noexcept {
  if (document_ == nullptr || node_ == 0) return {};
  const JsonDocument::Node& before = document_->nodes_[node_ - 1];
  return before.kind == JsonDocument::kKey ? std::string_view(before.text, before.size)
                                           : std::string_view();
}

inline JsonValue::Iterator JsonValue::begin() const noexcept {
  if (size() == 0) return {};
  return {document_, node_ + (is_object() ? 2u : 1u), document_->nodes_[node_].next};
}

inline JsonValue::Iterator& JsonValue::Iterator::operator++() noexcept {
  node_ = document_->nodes_[node_].next;
  if (node_ < end_ && document_->nodes_[node_].kind == JsonDocument::kKey) ++node_;
  return *this;
}

/// `text` as one segment of a JSON pointer: '~' and '/' escaped.
[[nodiscard]] std::string pointer_segment(std::string_view text);
/// True for "" and for what begins with '/' and has only valid escapes.
[[nodiscard]] bool is_json_pointer(std::string_view text) noexcept;

}  // namespace earshot::core

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <earshot/core/json/document.hpp>

#include "structure.hpp"

namespace earshot::core {

/// Reads a JSON text from one of its structural places to the next and lays its nodes down. Strings
/// are decoded in place. Needs no recursion: the containers that are open are kept in a list.
class JsonTapeBuilder {
 public:
  JsonTapeBuilder(JsonDocument& document, const JsonStructure& structure, const JsonLimits& limits);
  Result<void> build();

 private:
  struct Open {
    std::uint32_t node;
    std::uint32_t children;
    std::uint32_t last_child;
  };

  bool value();
  bool next_in_container();
  bool member_name();
  bool scalar(char first);
  bool string(std::string_view& out);
  bool literal(std::string_view word, JsonKind kind);
  bool number();
  bool open(JsonKind kind);
  void close();
  bool add(std::uint32_t kind, std::string_view text);
  bool add_value(JsonKind kind, std::string_view text);
  bool fail(std::string_view what, std::size_t offset);
  bool exceed(std::string what);

  /// Where the next place is; behind the last, the text's size.
  [[nodiscard]] std::size_t here() const noexcept { return *place_; }
  /// The character there; 0 behind the last.
  [[nodiscard]] char next() const noexcept { return text_[*place_]; }
  char take() noexcept { return text_[*place_++]; }
  [[nodiscard]] std::size_t taken() const noexcept { return place_[-1]; }
  [[nodiscard]] std::string_view token() const noexcept;

  JsonDocument& document_;
  char* text_;
  std::size_t size_;
  JsonDocument::Node* nodes_;
  std::size_t most_nodes_;
  std::uint32_t most_depth_;
  std::uint32_t count_ = 0;  ///< Nodes so far.
  const std::uint32_t* place_;
  std::size_t escape_;  ///< The first backslash that is not decoded yet.
  std::vector<Open> open_;
  std::optional<Error> error_;
};

}  // namespace earshot::core

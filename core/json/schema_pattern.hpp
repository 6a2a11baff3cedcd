#pragma once

#include <memory>
#include <regex>
#include <string>
#include <string_view>
#include <unordered_map>

#include <earshot/core/base/result.hpp>

namespace earshot::core {

/// A schema's `pattern`, matched in time that grows linearly with the text: without back
/// references, patterns at most 512 bytes, texts at most 4096.
class SchemaPattern {
 public:
  /// The error says what is wrong with the pattern.
  [[nodiscard]] static Result<SchemaPattern> compile(std::string_view pattern);
  /// True where the pattern is found anywhere in `text`, as JSON Schema means it; never for a text
  /// that is too long.
  [[nodiscard]] bool found_in(std::string_view text) const;

 private:
  explicit SchemaPattern(std::regex expression) : expression_(std::move(expression)) {}
  std::regex expression_;
};

/// Patterns of one schema, each compiled once.
class SchemaPatterns {
 public:
  /// Null if `pattern` is not usable.
  [[nodiscard]] const SchemaPattern* get(std::string_view pattern);

 private:
  std::unordered_map<std::string, std::unique_ptr<SchemaPattern>> compiled_;
};

}  // namespace earshot::core

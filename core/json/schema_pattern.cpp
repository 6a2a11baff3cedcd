#include "schema_pattern.hpp"

#include <fmt/format.h>

namespace earshot::core {
namespace {

constexpr std::size_t kLongestPattern = 512;
constexpr std::size_t kLongestText = 4096;

/// The standard library's automaton that never backtracks.
constexpr std::regex::flag_type kSyntax =
    std::regex_constants::ECMAScript | std::regex_constants::__polynomial;

}  // namespace

Result<SchemaPattern> SchemaPattern::compile(std::string_view pattern) {
  if (pattern.size() > kLongestPattern) {
    return Error{.code = Code::limit,
                 .message = fmt::format("is longer than {} bytes", kLongestPattern)};
  }
  try {
    return SchemaPattern(std::regex(pattern.begin(), pattern.end(), kSyntax));
  } catch (const std::regex_error& error) {
    return Error{.code = Code::bad_data,
                 .message = fmt::format("is no usable regular expression: {}", error.what())};
  }
}

bool SchemaPattern::found_in(std::string_view text) const {
  return text.size() <= kLongestText && std::regex_search(text.begin(), text.end(), expression_);
}

const SchemaPattern* SchemaPatterns::get(std::string_view pattern) {
  const auto [entry, added] = compiled_.try_emplace(std::string(pattern));
  if (added) {
    Result<SchemaPattern> compiled = SchemaPattern::compile(pattern);
    if (compiled) entry->second = std::make_unique<SchemaPattern>(std::move(compiled).value());
  }
  return entry->second.get();
}

}  // namespace earshot::core

#include <charconv>
#include <cmath>

#include <earshot/core/base/text.hpp>
#include <earshot/core/json/pointer.hpp>

#include "earshot/core/json/document.hpp"
#include "earshot/core/json/writer.hpp"

namespace earshot::core {
namespace {

/// The first segment of a pointer that begins with '/'; the pointer moves past it.
std::string_view next_segment(std::string_view& pointer) noexcept {
  const std::size_t end = pointer.find('/', 1);
  const std::string_view segment = pointer.substr(1, end == std::string_view::npos ? end : end - 1);
  pointer.remove_prefix(segment.size() + 1);
  return segment;
}

JsonValue element_at(JsonValue array, std::string_view segment) noexcept {
  const bool leading_zero = segment.size() > 1 && segment.front() == '0';
  if (segment.empty() || leading_zero || segment.front() == '-') return {};
  const std::optional<std::int64_t> index = parse_integer(segment);
  if (!index || static_cast<std::uint64_t>(*index) >= array.size()) return {};
  auto element = array.begin();
  for (std::int64_t i = 0; i < *index; ++i) ++element;
  return *element;
}

JsonValue step(JsonValue value, std::string_view segment) noexcept {
  if (value.is_array()) return element_at(value, segment);
  if (!value.is_object()) return {};
  if (segment.find('~') == std::string_view::npos) return value.member(segment);
  return value.member(unescaped_segment(segment));
}

}  // namespace

std::optional<std::int64_t> JsonValue::integer() const noexcept {
  constexpr double kExact = 0x1p53;
  if (!is_number()) return std::nullopt;
  if (const std::optional<std::int64_t> whole = parse_integer(text())) return whole;
  const std::optional<double> number = real();
  if (!number || std::trunc(*number) != *number || std::abs(*number) > kExact) return std::nullopt;
  return static_cast<std::int64_t>(*number);
}

std::optional<double> JsonValue::real() const noexcept {
  if (!is_number()) return std::nullopt;
  const std::string_view token = text();
  double number = 0;
  const auto read = std::from_chars(token.data(), token.data() + token.size(), number);
  return read.ec == std::errc{} ? std::optional<double>(number) : std::nullopt;
}

JsonValue JsonValue::member(std::string_view name) const noexcept {
  if (!is_object()) return {};
  const JsonDocument::Node* const nodes = document_->nodes_.get();
  const std::uint32_t end = nodes[node_].next;
  for (std::uint32_t key = node_ + 1; key < end; key = nodes[key + 1].next) {
    if (std::string_view(nodes[key].text, nodes[key].size) == name) {
      return {document_, key + 1};
    }
  }
  return {};
}

JsonValue JsonValue::at(std::string_view pointer) const noexcept {
  if (!is_json_pointer(pointer)) return {};
  JsonValue value = *this;
  while (!pointer.empty() && value.exists()) value = step(value, next_segment(pointer));
  return value;
}

JsonValue JsonValue::next_sibling() const noexcept {
  if (document_ == nullptr || node_ == 0) return {};
  const JsonDocument::Node& node = document_->nodes_[node_];
  if ((node.kind & JsonDocument::kLast) != 0) return {};
  const bool named = document_->nodes_[node.next].kind == JsonDocument::kKey;
  return {document_, node.next + (named ? 1u : 0u)};
}

std::string JsonValue::dump() const {
  JsonWriter out;
  out.value(*this);
  return out.take();
}

std::string pointer_segment(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (c == '~') {
      out += "~0";
    } else if (c == '/') {
      out += "~1";
    } else {
      out += c;
    }
  }
  return out;
}

std::string unescaped_segment(std::string_view segment) {
  std::string out;
  for (std::size_t i = 0; i < segment.size(); ++i) {
    const bool escape = segment[i] == '~' && i + 1 < segment.size();
    out += escape ? (segment[++i] == '0' ? '~' : '/') : segment[i];
  }
  return out;
}

bool is_json_pointer(std::string_view text) noexcept {
  if (!text.empty() && text.front() != '/') return false;
  for (std::size_t at = text.find('~'); at != std::string_view::npos; at = text.find('~', at + 1)) {
    if (at + 1 >= text.size() || (text[at + 1] != '0' && text[at + 1] != '1')) return false;
  }
  return true;
}

}  // namespace earshot::core

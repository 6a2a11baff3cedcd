#include "tape_builder.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "escapes.hpp"
#include "structure.hpp"

namespace earshot::core {
namespace {

constexpr std::uint32_t kMostNodes = (1u << 28) - 1;
constexpr std::size_t kUsualDepth = 16;

bool is_blank(char c) noexcept {
  return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

/// Moves `at` behind digits; false where there are none.
bool pass_digits(std::string_view text, std::size_t& at) noexcept {
  const std::size_t begin = at;
  while (at < text.size() && is_digit(text[at])) ++at;
  return at > begin;
}

/// How much at the front of `text` begins a number; all of it if it is one.
std::size_t number_prefix(std::string_view text, bool& whole) noexcept {
  std::size_t at = text.starts_with('-') ? 1 : 0;
  const std::size_t integer = at;
  whole = pass_digits(text, at);
  if (whole && text[integer] == '0') at = integer + 1;
  if (whole && at < text.size() && text[at] == '.') whole = pass_digits(text, ++at);
  if (whole && at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    whole = pass_digits(text, at);
  }
  whole = whole && at == text.size();
  return at;
}

}  // namespace

JsonTapeBuilder::JsonTapeBuilder(JsonDocument& document, const JsonStructure& structure,
                                 const JsonLimits& limits)
    : document_(document),
      text_(document.text_.data()),
      size_(document.text_.size()),
      most_nodes_(std::min<std::size_t>(limits.nodes, kMostNodes)),
      most_depth_(limits.depth),
      place_(structure.places()),
      escape_(std::min(document.text_.find('\\'), size_)) {
  // Every node begins at a place of its own.
  document.nodes_ = std::make_unique_for_overwrite<JsonDocument::Node[]>(
      std::min(structure.count(), most_nodes_));
  nodes_ = document.nodes_.get();
  open_.reserve(kUsualDepth);
}

Result<void> JsonTapeBuilder::build() {
  bool good = value();
  while (good && !open_.empty()) good = next_in_container();
  if (good && here() < size_) good = fail("text after the value", here());
  if (!good) return *std::move(error_);
  document_.node_count_ = count_;
  return {};
}

/// A value; of a container, all up to the end of its first scalar.
bool JsonTapeBuilder::value() {
  for (;;) {
    const char first = take();
    if (first != '{' && first != '[') return scalar(first);
    if (!open(first == '{' ? JsonKind::object : JsonKind::array)) return false;
    if (next() == (first == '{' ? '}' : ']')) {
      take();
      close();
      return true;
    }
    if (first == '{' && !member_name()) return false;
  }
}

/// What follows a value in a container.
bool JsonTapeBuilder::next_in_container() {
  const bool object =
      nodes_[open_.back().node].kind == static_cast<std::uint32_t>(JsonKind::object);
  const std::size_t at = here();
  const char c = take();
  if (c == ',') return (!object || member_name()) && value();
  if (c != (object ? '}' : ']')) {
    return fail(object ? "a comma or } is missing" : "a comma or ] is missing", at);
  }
  close();
  return true;
}

bool JsonTapeBuilder::member_name() {
  if (next() != '"') return fail("the name of a member is missing", here());
  take();
  std::string_view name;
  if (!string(name) || !add(JsonDocument::kKey, name)) return false;
  if (next() != ':') return fail("the colon behind a name is missing", here());
  take();
  return true;
}

bool JsonTapeBuilder::scalar(char first) {
  std::string_view text;
  switch (first) {
    case '"': return string(text) && add_value(JsonKind::string, text);
    case 't': return literal("true", JsonKind::boolean_true);
    case 'f': return literal("false", JsonKind::boolean_false);
    case 'n': return literal("null", JsonKind::null);
    default: return number();
  }
}

/// The content of the string whose first quote was taken. Its last is the last character before the
/// next place, but for blanks.
bool JsonTapeBuilder::string(std::string_view& out) {
  const std::size_t begin = taken() + 1;
  std::size_t end = here() - 1;
  while (is_blank(text_[end])) --end;
  if (end < begin || text_[end] != '"') return fail("a string is not closed", begin - 1);
  std::size_t decoded = end;
  if (escape_ < end) {
    const std::optional<std::size_t> done = decode_escapes(text_, escape_, end);
    if (!done) return fail("an escape that is none", escape_);
    decoded = *done;
    escape_ = std::min(document_.text_.find('\\', end), size_);
  }
  out = {text_ + begin, decoded - begin};
  return true;
}

bool JsonTapeBuilder::literal(std::string_view word, JsonKind kind) {
  const std::string_view text = token();
  if (text == word) return add_value(kind, kind == JsonKind::null ? std::string_view() : text);
  const auto differs = std::mismatch(text.begin(), text.end(), word.begin(), word.end()).first;
  return fail("an unknown word", taken() + static_cast<std::size_t>(differs - text.begin()));
}

bool JsonTapeBuilder::number() {
  const std::string_view text = token();
  bool whole = false;
  const std::size_t good = number_prefix(text, whole);
  if (whole) return add_value(JsonKind::number, text);
  return fail(good == 0 ? "a value is missing" : "a number that is none", taken() + good);
}

bool JsonTapeBuilder::open(JsonKind kind) {
  if (open_.size() >= most_depth_) return exceed(fmt::format("deeper than {} levels", most_depth_));
  const std::uint32_t node = count_;
  if (!add_value(kind, {})) return false;
  open_.push_back({.node = node, .children = 0, .last_child = 0});
  return true;
}

void JsonTapeBuilder::close() {
  const Open done = open_.back();
  open_.pop_back();
  if (done.children > 0) {
    JsonDocument::Node& last = nodes_[done.last_child];
    last.kind = (last.kind | JsonDocument::kLast) & 15u;
  }
  JsonDocument::Node& node = nodes_[done.node];
  node.size = done.children;
  node.next = count_ & kMostNodes;
}

bool JsonTapeBuilder::add(std::uint32_t kind, std::string_view text) {
  if (count_ >= most_nodes_) {
    return exceed(fmt::format("more than {} values and names", most_nodes_));
  }
  nodes_[count_] = {text.data(), static_cast<std::uint32_t>(text.size()), (count_ + 1) & kMostNodes,
                    kind & 15u};
  ++count_;
  return true;
}

bool JsonTapeBuilder::add_value(JsonKind kind, std::string_view text) {
  if (!open_.empty()) {
    Open& parent = open_.back();
    ++parent.children;
    parent.last_child = count_;
  }
  return add(static_cast<std::uint32_t>(kind), text);
}

bool JsonTapeBuilder::fail(std::string_view what, std::size_t offset) {
  error_ = bad_json(what, offset);
  return false;
}

bool JsonTapeBuilder::exceed(std::string what) {
  error_ = Error{.code = Code::limit, .message = "the JSON is " + std::move(what)};
  return false;
}

/// From the place that was taken to the next, without blanks.
std::string_view JsonTapeBuilder::token() const noexcept {
  const std::size_t begin = taken();
  std::size_t end = here();
  while (end > begin && is_blank(text_[end - 1])) --end;
  return {text_ + begin, end - begin};
}

}  // namespace earshot::core

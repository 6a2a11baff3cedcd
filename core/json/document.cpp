#include "earshot/core/json/document.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>

#include <earshot/core/base/text.hpp>

#include "surrogates.hpp"

namespace earshot::core {

/// Receives the parser's events and lays the nodes down. The containers that are open need no stack
/// of their own: until it is closed, a container's `next` is its parent and its `size` its latest
/// child.
class JsonTapeBuilder {
 public:
  JsonTapeBuilder(JsonDocument& document, const JsonLimits& limits)
      : nodes_(document.nodes_),
        most_nodes_(std::min<std::size_t>(limits.nodes, kNoParent)),
        most_depth_(limits.depth) {}

  bool Null() { return scalar(JsonKind::null, {}); }
  bool Bool(bool value) {
    return scalar(value ? JsonKind::boolean_true : JsonKind::boolean_false,
                  value ? std::string_view("true") : std::string_view("false"));
  }
  bool RawNumber(const char* text, rapidjson::SizeType size, bool /*copy*/) {
    return scalar(JsonKind::number, {text, size});
  }
  bool String(const char* text, rapidjson::SizeType size, bool /*copy*/) {
    return scalar(JsonKind::string, {text, size});
  }
  bool Key(const char* text, rapidjson::SizeType size, bool /*copy*/) {
    return add(JsonDocument::kKey, {text, size}, end() + 1);
  }
  bool StartObject() { return open(JsonKind::object); }
  bool StartArray() { return open(JsonKind::array); }
  bool EndObject(rapidjson::SizeType members) { return close(members); }
  bool EndArray(rapidjson::SizeType elements) { return close(elements); }

  // The parser asks for these to exist; it hands numbers over as text.
  bool Int(int /*value*/) { return false; }
  bool Uint(unsigned /*value*/) { return false; }
  bool Int64(std::int64_t /*value*/) { return false; }
  bool Uint64(std::uint64_t /*value*/) { return false; }
  bool Double(double /*value*/) { return false; }

  /// Which limit stopped the parser; empty if none did.
  [[nodiscard]] std::string exceeded() const {
    if (depth_ > most_depth_) return fmt::format("deeper than {} levels", most_depth_);
    if (full_) return fmt::format("more than {} values and names", most_nodes_);
    return {};
  }

 private:
  static constexpr std::uint32_t kNoParent = (1u << 28) - 1;
  static constexpr std::uint32_t kIndexMask = kNoParent;

  [[nodiscard]] std::uint32_t end() const noexcept {
    return static_cast<std::uint32_t>(nodes_.size());
  }
  bool add(std::uint32_t kind, std::string_view text, std::uint32_t next) {
    full_ = nodes_.size() >= most_nodes_;
    if (full_) return false;
    nodes_.push_back(
        {text.data(), static_cast<std::uint32_t>(text.size()), next & kIndexMask, kind & 15u});
    return true;
  }
  bool add_child(JsonKind kind, std::string_view text, std::uint32_t next) {
    if (parent_ != kNoParent) nodes_[parent_].size = end();
    return add(static_cast<std::uint32_t>(kind), text, next);
  }
  bool scalar(JsonKind kind, std::string_view text) { return add_child(kind, text, end() + 1); }
  bool open(JsonKind kind) {
    const std::uint32_t node = end();
    if (++depth_ > most_depth_ || !add_child(kind, {}, parent_)) return false;
    parent_ = node;
    return true;
  }
  bool close(std::uint32_t children) {
    JsonDocument::Node& node = nodes_[parent_];
    if (children > 0) {
      JsonDocument::Node& last = nodes_[node.size];
      last.kind = (last.kind | JsonDocument::kLast) & 15u;
    }
    parent_ = node.next;
    node.size = children;
    node.next = end() & kIndexMask;
    --depth_;
    return true;
  }

  std::vector<JsonDocument::Node>& nodes_;
  std::size_t most_nodes_;
  std::uint32_t most_depth_;
  std::uint32_t depth_ = 0;
  std::uint32_t parent_ = kNoParent;
  bool full_ = false;
};

namespace {

constexpr std::size_t kBytesANode = 12;  // of text, in dense answers of products

constexpr unsigned kFlags = rapidjson::kParseInsituFlag | rapidjson::kParseIterativeFlag |
                            rapidjson::kParseNumbersAsStringsFlag;

Error bad_json(std::string_view what, std::size_t offset) {
  return {.code = Code::bad_data,
          .message = fmt::format("no valid JSON at byte {}: {}", offset, what)};
}

Error too_large(std::string_view what) {
  return {.code = Code::limit, .message = fmt::format("the JSON is {}", what)};
}

}  // namespace

Result<std::unique_ptr<JsonDocument>> JsonDocument::parse(std::string text, JsonLimits limits) {
  if (text.size() > UINT32_MAX) return too_large("larger than 4 GiB");
  std::unique_ptr<JsonDocument> document(new JsonDocument);
  document->text_ = std::move(text);
  const std::size_t size = document->text_.size();
  // Faster here, where plain text is looked at eight bytes together, than in the parser.
  const std::size_t valid = valid_utf8_prefix(document->text_);
  if (valid < size) return bad_json("invalid UTF-8", valid);
  mend_surrogates(document->text_);
  document->nodes_.reserve(std::min(size / kBytesANode + 16, limits.nodes));
  JsonTapeBuilder builder(*document, limits);
  rapidjson::InsituStringStream stream(document->text_.data());
  rapidjson::Reader reader;
  const rapidjson::ParseResult parsed = reader.Parse<kFlags>(stream, builder);
  if (parsed.Code() == rapidjson::kParseErrorTermination) return too_large(builder.exceeded());
  if (parsed.IsError()) {
    return bad_json(rapidjson::GetParseError_En(parsed.Code()), parsed.Offset());
  }
  if (stream.Tell() != size) return bad_json("a zero byte", stream.Tell());
  return document;
}

std::size_t JsonDocument::footprint() const noexcept {
  return sizeof *this + text_.capacity() + nodes_.capacity() * sizeof(Node);
}

}  // namespace earshot::core

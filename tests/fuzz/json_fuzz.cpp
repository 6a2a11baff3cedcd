/// What RapidJSON accepts is accepted and read the same, and nothing else. It can be walked, found
/// by its own pointers, and written so that it reads the same again.

#include <cstdint>
#include <cstdlib>
#include <string>

#include <rapidjson/document.h>

#include <earshot/core/base/text.hpp>
#include <earshot/core/json/document.hpp>

namespace {

using earshot::core::JsonDocument, earshot::core::JsonLimits, earshot::core::JsonValue;

constexpr JsonLimits kLimits{.depth = 64, .nodes = 10'000};

void require(bool holds) {
  if (!holds) std::abort();
}

std::size_t walk(JsonValue value) {
  require(earshot::core::is_valid_utf8(value.text()));
  if (const auto integer = value.integer()) require(value.real().has_value());
  std::size_t children = 0;
  std::size_t below = 0;
  for (const JsonValue child : value) {
    if (value.is_object()) {
      const JsonValue first = value.member(child.key());
      require(first.exists() && first.key() == child.key());
      require(value.at("/" + earshot::core::pointer_segment(child.key())) == first);
    } else if (children < 8) {
      require(value.at("/" + std::to_string(children)) == child);
    }
    ++children;
    below += walk(child);
  }
  require(children == value.size());
  return below + 1;
}

std::string_view text_of(const rapidjson::Value& value) {
  return {value.GetString(), value.GetStringLength()};
}

/// A surrogate without its partner makes their text invalid, and U+FFFD of ours.
void compare_text(std::string_view ours, std::string_view theirs) {
  require(ours == theirs || !earshot::core::is_valid_utf8(theirs));
}

/// With numbers as their texts.
void compare(JsonValue ours, const rapidjson::Value& theirs) {
  if (theirs.IsString()) {
    require(ours.is_string() || ours.is_number());
    compare_text(ours.text(), text_of(theirs));
  } else if (theirs.IsArray()) {
    require(ours.is_array() && ours.size() == theirs.Size());
    JsonValue element = ours.at("/0");
    for (const auto& other : theirs.GetArray()) {
      compare(element, other);
      element = element.next_sibling();
    }
  } else if (theirs.IsObject()) {
    require(ours.is_object() && ours.size() == theirs.MemberCount());
    auto member = ours.begin();
    for (const auto& other : theirs.GetObject()) {
      compare_text((*member).key(), text_of(other.name));
      compare(*member, other.value);
      ++member;
    }
  } else {
    require(theirs.IsNull() ? ours.is_null()
                            : ours.is_boolean() && ours.truthy() == theirs.GetBool());
  }
}

/// Apart from what is known to differ: a zero byte, parts of a byte order mark, a surrogate without
/// its partner, a number beyond a double.
void compare_with_rapidjson(std::string_view text, const JsonDocument* ours) {
  const bool marked = !text.empty() && static_cast<unsigned char>(text.front()) >= 0x80;
  if (marked || text.find('\0') != std::string_view::npos) return;
  rapidjson::Document theirs;
  theirs.Parse<rapidjson::kParseIterativeFlag | rapidjson::kParseValidateEncodingFlag |
               rapidjson::kParseNumbersAsStringsFlag>(text.data(), text.size());
  if (!theirs.HasParseError()) {
    require(ours != nullptr);
    return compare(ours->root(), theirs);
  }
  const auto error = theirs.GetParseError();
  const bool differs = error == rapidjson::kParseErrorStringUnicodeSurrogateInvalid ||
                       error == rapidjson::kParseErrorNumberTooBig;
  require(ours == nullptr || differs);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string source(reinterpret_cast<const char*>(data), size);
  const auto document = JsonDocument::parse(source, kLimits);
  const bool judged = document || document.error().code != earshot::core::Code::limit;
  if (judged) compare_with_rapidjson(source, document ? document->get() : nullptr);
  if (!document) {
    require(!document.error().message.empty());
    return 0;
  }
  const JsonValue root = (*document)->root();
  const std::size_t values = walk(root);
  const std::string text = root.dump();
  const auto again = JsonDocument::parse(text, kLimits);
  require(again.has_value());
  require(walk((*again)->root()) == values);
  require((*again)->root().dump() == text);
  return 0;
}

/// Whatever is accepted can be walked, found by its own pointers, and written so that it reads the
/// same again.

#include <cstdint>
#include <cstdlib>
#include <string>

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

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto document =
      JsonDocument::parse(std::string(reinterpret_cast<const char*>(data), size), kLimits);
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

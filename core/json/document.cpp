#include "earshot/core/json/document.hpp"

#include "structure.hpp"
#include "tape_builder.hpp"

namespace earshot::core {

Result<std::unique_ptr<JsonDocument>> JsonDocument::parse(std::string text, JsonLimits limits) {
  if (text.size() >= UINT32_MAX) {
    return Error{.code = Code::limit, .message = "the JSON is larger than 4 GiB"};
  }
  EAR_TRY(const JsonStructure structure, JsonStructure::find(text));
  std::unique_ptr<JsonDocument> document(new JsonDocument);
  document->text_ = std::move(text);
  EAR_CHECK(JsonTapeBuilder(*document, structure, limits).build());
  return document;
}

std::size_t JsonDocument::footprint() const noexcept {
  return sizeof *this + text_.capacity() + node_count_ * sizeof(Node);
}

}  // namespace earshot::core

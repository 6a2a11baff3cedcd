/// A manifest is read or refused with reasons; one that is read maps any item.

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include <earshot/core/base/text.hpp>
#include <earshot/core/manifest/manifest.hpp>
#include <earshot/core/normalize/mapping.hpp>

namespace {

using earshot::core::JsonValue, earshot::core::Mapped, earshot::core::Mapping,
    earshot::core::SchemaIssue;

void require(bool holds) {
  if (!holds) std::abort();
}

/// Maps the mapping's own text, which holds values of all kinds.
void map_itself(JsonValue spec) {
  std::vector<SchemaIssue> issues;
  const auto mapping = Mapping::compile(spec.key(), spec, {}, issues);
  require(mapping != nullptr && issues.empty());
  Mapping::Session session(*mapping);
  const Mapped mapped = session.apply({.item = spec, .refs = {{"page", spec}}, .config = spec});
  require(mapped.record.has_value() == mapped.rejected.empty());
  if (mapped.record) require(earshot::core::is_valid_utf8(mapped.record->content));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const earshot::core::ManifestReading reading = earshot::core::read_manifest(text);
  require(reading.manifest.has_value() == reading.issues.empty());
  if (!reading.manifest) return 0;
  for (const JsonValue spec : reading.manifest->records()) map_itself(spec);
  return 0;
}

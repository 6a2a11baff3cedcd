#include "computed_text.hpp"

#include <earshot/core/json/document.hpp>
#include <earshot/core/json/writer.hpp>

namespace earshot::core {

std::string dump_computed(const std::vector<ComputedField>& fields) {
  if (fields.empty()) return {};
  JsonWriter out;
  out.begin_array();
  for (const ComputedField& field : fields) {
    out.begin_object();
    out.member("name", field.name);
    out.member("value", field.value);
    out.member("format", static_cast<std::int64_t>(field.format));
    out.end_object();
  }
  out.end_array();
  return out.take();
}

std::vector<ComputedField> parse_computed(std::string_view text) {
  using Format = ComputedField::Format;
  std::vector<ComputedField> fields;
  const auto document = JsonDocument::parse(std::string(text));
  if (!document) return fields;
  for (const JsonValue field : document.value()->root()) {
    const std::int64_t format = field.member("format").integer().value_or(0);
    fields.push_back({.name = std::string(field.member("name").text()),
                      .value = std::string(field.member("value").text()),
                      .format = format == 1   ? Format::html
                                : format == 2 ? Format::json
                                              : Format::plain});
  }
  return fields;
}

}  // namespace earshot::core

#include "structure.hpp"

#include <utility>

#include <fmt/format.h>
#include <simdjson.h>

#include <earshot/core/base/text.hpp>

namespace earshot::core {
namespace {

/// The first control character within a string; the text's size if there is none.
std::size_t control_in_string(std::string_view json) noexcept {
  bool inside = false;
  for (std::size_t at = 0; at < json.size(); ++at) {
    if (json[at] == '"') inside = !inside;
    if (!inside) continue;
    if (json[at] == '\\') {
      ++at;
    } else if (static_cast<unsigned char>(json[at]) < 0x20) {
      return at;
    }
  }
  return json.size();
}

Error refusal(std::string_view json, simdjson::error_code code) {
  switch (code) {
    case simdjson::UTF8_ERROR: return bad_json("invalid UTF-8", valid_utf8_prefix(json));
    case simdjson::UNCLOSED_STRING: return bad_json("a string is not closed", json.size());
    case simdjson::UNESCAPED_CHARS:
      return bad_json("a control character in a string", control_in_string(json));
    case simdjson::EMPTY: return bad_json("there is no value", json.size());
    case simdjson::MEMALLOC: return {.code = Code::limit, .message = "no memory for the JSON"};
    default: return bad_json(simdjson::error_message(code), 0);
  }
}

}  // namespace

Error bad_json(std::string_view what, std::size_t offset) {
  return {.code = Code::bad_data,
          .message = fmt::format("no valid JSON at byte {}: {}", offset, what)};
}

Result<JsonStructure> JsonStructure::find(std::string_view json) {
  if (json.empty()) return refusal(json, simdjson::EMPTY);
  std::unique_ptr<simdjson::internal::dom_parser_implementation> finder;
  simdjson::error_code code =
      simdjson::get_active_implementation()->create_dom_parser_implementation(json.size(), 1,
                                                                              finder);
  if (code == simdjson::SUCCESS) {
    code = finder->stage1(reinterpret_cast<const std::uint8_t*>(json.data()), json.size(),
                          simdjson::stage1_mode::regular);
  }
  if (code != simdjson::SUCCESS) return refusal(json, code);
  return JsonStructure(std::move(finder->structural_indexes), finder->n_structural_indexes);
}

}  // namespace earshot::core

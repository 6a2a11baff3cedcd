#include "earshot/core/normalize/template_text.hpp"

namespace earshot::core {
namespace {

Error bad_template(const char* what) {
  return {.code = Code::bad_data, .message = what};
}

}  // namespace

Result<std::vector<TemplatePart>> parse_template(std::string_view text) {
  std::vector<TemplatePart> parts;
  while (!text.empty()) {
    const std::size_t brace = text.find_first_of("{}");
    if (brace > 0) parts.push_back({std::string(text.substr(0, brace)), false});
    if (brace == std::string_view::npos) break;
    if (text[brace] == '}') return bad_template("has a '}' without a '{' before it");
    const std::size_t end = text.find_first_of("{}", brace + 1);
    if (end == std::string_view::npos || text[end] == '{') {
      return bad_template("has a '{' without a '}' behind it");
    }
    if (end == brace + 1) return bad_template("has nothing between '{' and '}'");
    parts.push_back({std::string(text.substr(brace + 1, end - brace - 1)), true});
    text.remove_prefix(end + 1);
  }
  return parts;
}

}  // namespace earshot::core

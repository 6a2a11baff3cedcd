#include "interpolate.hpp"

#include <algorithm>
#include <cctype>
#include <utility>

namespace earshot::core {

namespace {

bool is_variable_name(std::string_view name) {
  return !name.empty() && std::isdigit(static_cast<unsigned char>(name.front())) == 0 &&
         std::all_of(name.begin(), name.end(),
                     [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
}

Result<std::string> value_of(std::string_view reference, const Environment& environment) {
  const std::size_t dash = reference.find(":-");
  const std::string name(reference.substr(0, dash));
  if (!is_variable_name(name)) {
    return Error{.code = Code::config,
                 .message = "'${" + std::string(reference) + "}' does not name a variable"};
  }
  const std::optional<std::string> value = environment(name);
  if (value && !value->empty()) return *value;
  if (dash != std::string_view::npos) return std::string(reference.substr(dash + 2));
  return Error{.code = Code::config,
               .message = "environment variable " + name +
                          " is not set; set it, or give a default as ${" + name + ":-...}"};
}

/// "VAR:-text": what it may come to stands in the file.
bool brings_text(std::string_view reference) {
  const std::size_t dash = reference.find(":-");
  return dash != std::string_view::npos && dash + 2 < reference.size();
}

}  // namespace

Result<Interpolated> interpolate(std::string_view text, const Environment& environment) {
  Interpolated out;
  bool literal = false;
  while (true) {
    const std::size_t open = text.find("${");
    out.text += text.substr(0, open);
    if (open == std::string_view::npos) return out;
    if (open > 0 && text[open - 1] == '$') {
      out.text += '{';
      text.remove_prefix(open + 2);
      continue;
    }
    const std::size_t close = text.find('}', open);
    if (close == std::string_view::npos) {
      return Error{.code = Code::config,
                   .message = "'${' is not closed; write $${ for a literal one"};
    }
    const std::string_view reference = text.substr(open + 2, close - open - 2);
    EAR_TRY(const std::string value, value_of(reference, environment));
    out.text += value;
    literal = literal || brings_text(reference);
    out.from_environment = !literal;
    text.remove_prefix(close + 1);
  }
}

}  // namespace earshot::core

#pragma once

/// Writing JSON in a plugin, for request bodies. Reading is the host's: see page.hpp.

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace earshot::sdk {

/// Appends `text` to `out` as a JSON string, quotes included. `text` is taken to be UTF-8.
inline void append_json_string(std::string& out, std::string_view text) {
  static constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      (out += '\\') += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20) {
      ((out += "\\u00") += kHex[byte >> 4]) += kHex[byte & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

/// One JSON value, already written. Built from scalars, or with `object` and `array`:
///
///     json::object({{"webhook", json::object({{"name", "earshot"}, {"active", true}})}})
class Json {
 public:
  Json(std::nullptr_t) : text_("null") {}
  Json(std::same_as<bool> auto value) : text_(value ? "true" : "false") {}
  template <std::integral T>
  requires(!std::same_as<T, bool> && !std::same_as<T, char>) Json(T value)
      : text_(std::to_string(value)) {}
  Json(std::string_view value) { append_json_string(text_, value); }
  Json(const std::string& value) : Json(std::string_view(value)) {}
  Json(const char* value) : Json(std::string_view(value)) {}

  /// Text that is JSON already.
  [[nodiscard]] static Json raw(std::string text) {
    Json value(nullptr);
    value.text_ = std::move(text);
    return value;
  }

  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  std::string text_;
};

namespace json {

[[nodiscard]] inline Json object(const std::vector<std::pair<std::string_view, Json>>& members) {
  std::string text = "{";
  for (const auto& [name, value] : members) {
    if (text.size() > 1) text += ',';
    append_json_string(text, name);
    (text += ':') += value.text();
  }
  return Json::raw(std::move(text += '}'));
}

[[nodiscard]] inline Json array(const std::vector<Json>& elements) {
  std::string text = "[";
  for (const Json& element : elements) {
    if (text.size() > 1) text += ',';
    text += element.text();
  }
  return Json::raw(std::move(text += ']'));
}

}  // namespace json
}  // namespace earshot::sdk

#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <earshot/core/json/document.hpp>
#include <earshot/core/normalize/mapping.hpp>

#include "mapping_plan.hpp"

namespace earshot::core {

/// What a form came to: a value of a document, or text that was put together.
struct FormValue {
  JsonValue json;
  std::string text;
  bool composed = false;

  /// False for nothing, null and empty text.
  [[nodiscard]] bool present() const noexcept;
  /// A scalar's text; empty for arrays and objects.
  [[nodiscard]] std::string_view view() const noexcept {
    return composed ? std::string_view(text) : json.text();
  }
  [[nodiscard]] bool is_compound() const noexcept {
    return !composed && (json.is_array() || json.is_object());
  }
  static FormValue made(std::string text) { return {{}, std::move(text), true}; }
  static FormValue of(JsonValue json) { return {json, {}, false}; }
};

/// Evaluates the forms of a plan, item after item. Lookups in refs are indexed at first use and
/// kept as long as the ref is the same.
class FormEvaluator {
 public:
  explicit FormEvaluator(const MappingPlan& plan) : plan_(plan), indexes_(plan.indexes) {}

  /// Begins with an item; `input` lives until the next.
  void begin(const MappingInput& input);
  [[nodiscard]] FormValue evaluate(const Form& form);
  /// Values of the item that a map has no word for, so far.
  [[nodiscard]] std::uint32_t unknown_values() const noexcept { return unknown_; }
  void count_unknown() noexcept { ++unknown_; }

 private:
  struct Index {
    JsonValue array;
    std::unordered_map<std::string_view, JsonValue> elements;
  };

  [[nodiscard]] JsonValue resolve(const Source& source) const noexcept;
  [[nodiscard]] FormValue from_source(const Form& form);
  [[nodiscard]] FormValue from_template(const Form& form) const;
  [[nodiscard]] FormValue from_first(const Form& form);
  [[nodiscard]] FormValue from_search(const Form& form);
  [[nodiscard]] FormValue from_join(const Form& form) const;
  [[nodiscard]] JsonValue indexed(const Form& form, JsonValue array, std::string_view key);
  [[nodiscard]] std::optional<JsonValue> translate(const Form& form, const FormValue& value);

  const MappingPlan& plan_;
  const MappingInput* input_ = nullptr;
  std::vector<JsonValue> slots_;
  std::vector<JsonValue> refs_;
  std::vector<Index> indexes_;
  std::uint32_t unknown_ = 0;
};

}  // namespace earshot::core

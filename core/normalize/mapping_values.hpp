#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include <earshot/core/json/document.hpp>
#include <earshot/core/normalize/mapping.hpp>

#include "mapping_plan.hpp"

namespace earshot::core {

/// What a form came to: a value of a document, or text that was put together. A view, valid until
/// the next item.
struct FormValue {
  JsonValue json{};
  std::string_view text{};
  bool composed = false;

  /// False for nothing, null and empty text.
  [[nodiscard]] bool present() const noexcept;
  /// A scalar's text; empty for arrays and objects.
  [[nodiscard]] std::string_view view() const noexcept { return composed ? text : json.text(); }
  [[nodiscard]] bool is_compound() const noexcept {
    return !composed && (json.is_array() || json.is_object());
  }
  static FormValue of(JsonValue json) noexcept { return {json, {}, false}; }
  static FormValue of_text(std::string_view text) noexcept { return {{}, text, true}; }
};

/// Evaluates the forms of a plan, item after item. Lookups in refs are indexed at first use and
/// kept as long as the ref is the same.
class FormEvaluator {
 public:
  explicit FormEvaluator(const MappingPlan& plan) : plan_(plan), indexes_(plan.indexes) {}

  /// Begins with an item; `input` lives until the next.
  void begin(const MappingInput& input);
  [[nodiscard]] FormValue evaluate(const Form& form);
  /// What is evaluated next is for that field of the mapping; `group` goes before its name.
  void begin_field(std::string_view name, std::string_view group = {}) noexcept {
    group_ = group;
    field_ = name;
  }
  /// Notes a value of the field that there is no word for.
  void note_unknown(const FormValue& value);
  /// What was noted of the item so far.
  [[nodiscard]] std::vector<UnknownValue> take_unknown() { return std::exchange(unknown_, {}); }
  /// The value for a text that was put together for this item.
  [[nodiscard]] FormValue keep(std::string text);

 private:
  struct Index {
    JsonValue array;
    std::unordered_map<std::string_view, JsonValue> elements;
  };

  [[nodiscard]] JsonValue resolve(const Source& source) const noexcept;
  [[nodiscard]] FormValue from_source(const Form& form);
  [[nodiscard]] FormValue from_template(const Form& form);
  [[nodiscard]] FormValue from_first(const Form& form);
  [[nodiscard]] FormValue from_search(const Form& form);
  [[nodiscard]] FormValue from_join(const Form& form);
  [[nodiscard]] FormValue formatted(const Form& form, FormValue value);
  [[nodiscard]] JsonValue indexed(const Form& form, JsonValue array, std::string_view key);
  [[nodiscard]] std::optional<JsonValue> translate(const Form& form, const FormValue& value);

  const MappingPlan& plan_;
  const MappingInput* input_ = nullptr;
  std::vector<JsonValue> slots_;
  std::vector<JsonValue> refs_;
  std::vector<Index> indexes_;
  std::deque<std::string> texts_;
  std::string_view group_;
  std::string_view field_;
  std::vector<UnknownValue> unknown_;
};

}  // namespace earshot::core

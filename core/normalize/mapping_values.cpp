#include "mapping_values.hpp"

#include <algorithm>

#include <earshot/core/base/text.hpp>
#include <earshot/core/normalize/html.hpp>

namespace earshot::core {
namespace {

constexpr std::size_t kShownOfUnknown = 60;

/// What first_match makes of a scalar, an array of them or of objects that hold one: the first key,
/// as declared, that occurs.
JsonValue first_match(const Form& form, const FormValue& value) {
  const auto occurs = [&](std::string_view key) {
    if (!value.composed && value.json.is_array()) {
      for (const JsonValue element : value.json) {
        if (iequals(follow(element, form.take).text(), key)) return true;
      }
      return false;
    }
    return value.present() && iequals(value.view(), key);
  };
  for (const auto& [key, word] : form.first_match) {
    if (occurs(key)) return word;
  }
  return {};
}

bool wanted(const Form& form, JsonValue element) {
  if (form.where_in.empty()) return true;
  const JsonValue value = follow(element, form.where);
  const bool scalar = value.exists() && !value.is_array() && !value.is_object();
  return scalar && std::any_of(form.where_in.begin(), form.where_in.end(),
                               [&](const std::string& in) { return iequals(in, value.text()); });
}

}  // namespace

bool FormValue::present() const noexcept {
  if (composed) return !text.empty();
  switch (json.kind()) {
    case JsonKind::absent:
    case JsonKind::null: return false;
    case JsonKind::string: return !json.text().empty();
    default: return true;
  }
}

void FormEvaluator::begin(const MappingInput& input) {
  input_ = &input;
  unknown_.clear();
  texts_.clear();
  plan_.slots.fill(input.item, slots_);
  refs_.assign(plan_.refs.size(), JsonValue());
  for (const auto& [name, value] : input.refs) {
    const auto known = std::find(plan_.refs.begin(), plan_.refs.end(), name);
    if (known != plan_.refs.end())
      refs_[static_cast<std::size_t>(known - plan_.refs.begin())] = value;
  }
}

JsonValue FormEvaluator::resolve(const Source& source) const noexcept {
  const JsonValue root = source.ref    ? refs_[*source.ref]
                         : source.slot ? slots_[*source.slot]
                                       : input_->item;
  return follow(root, source.steps);
}

FormValue FormEvaluator::keep(std::string text) {
  return FormValue::of_text(texts_.emplace_back(std::move(text)));
}

FormValue FormEvaluator::formatted(const Form& form, FormValue value) {
  if (form.format != Form::Format::html || !value.present() || value.is_compound()) return value;
  return keep(html_to_text(value.view()));
}

FormValue FormEvaluator::evaluate(const Form& form) {
  FormValue value = from_source(form);
  if (form.map) {
    const std::optional<JsonValue> word = translate(form, value);
    if (word) return FormValue::of(*word);
    value = {};
  } else if (!form.first_match.empty()) {
    value = FormValue::of(first_match(form, value));
  } else if (form.kind != Form::Kind::join) {
    value = formatted(form, value);
  }
  if (form.otherwise.exists() && !value.present()) return FormValue::of(form.otherwise);
  return value;
}

/// The map's word; nothing if there is no value or no word for it, which is counted.
std::optional<JsonValue> FormEvaluator::translate(const Form& form, const FormValue& value) {
  if (!value.present()) return std::nullopt;
  if (!value.is_compound()) {
    const auto word = form.map->find(value.view());
    if (word != form.map->end()) return word->second;
  }
  note_unknown(value);
  return std::nullopt;
}

void FormEvaluator::note_unknown(const FormValue& value) {
  const std::string text =
      value.is_compound() ? std::string(value.json.dump()) : std::string(value.view());
  unknown_.push_back(
      {std::string(group_).append(field_), clean_utf8(shorten(text, kShownOfUnknown))});
}

FormValue FormEvaluator::from_source(const Form& form) {
  switch (form.kind) {
    case Form::Kind::pointer: return FormValue::of(resolve(form.at));
    case Form::Kind::constant: return FormValue::of(form.constant);
    case Form::Kind::text_template: return from_template(form);
    case Form::Kind::first: return from_first(form);
    case Form::Kind::search: return from_search(form);
    case Form::Kind::join: return from_join(form);
  }
  return {};
}

FormValue FormEvaluator::from_template(const Form& form) {
  std::string out;
  for (const TemplatePiece& piece : form.pieces) {
    if (!piece.source && !piece.from_config) {
      out += piece.text;
      continue;
    }
    const FormValue value =
        FormValue::of(piece.source ? resolve(*piece.source) : input_->config.member(piece.text));
    if (!value.present() || value.is_compound()) return {};
    out += value.view();
  }
  return keep(std::move(out));
}

FormValue FormEvaluator::from_first(const Form& form) {
  for (const Form& alternative : form.alternatives) {
    FormValue value = evaluate(alternative);
    if (value.present()) return value;
  }
  return {};
}

FormValue FormEvaluator::from_search(const Form& form) {
  const JsonValue array = resolve(form.at);
  const JsonValue wanted_value = form.equals ? resolve(*form.equals) : JsonValue();
  const std::string_view key = form.equals ? wanted_value.text() : std::string_view(form.id);
  if (key.empty() || !array.is_array()) return {};
  if (form.index) return FormValue::of(follow(indexed(form, array, key), form.take));
  for (const JsonValue element : array) {
    if (follow(element, form.key).text() == key) return FormValue::of(follow(element, form.take));
  }
  return {};
}

JsonValue FormEvaluator::indexed(const Form& form, JsonValue array, std::string_view key) {
  Index& index = indexes_[*form.index];
  if (index.array != array) {
    index.array = array;
    index.elements.clear();
    index.elements.reserve(array.size());
    for (const JsonValue element : array) {
      index.elements.emplace(follow(element, form.key).text(), element);
    }
  }
  const auto found = index.elements.find(key);
  return found == index.elements.end() ? JsonValue() : found->second;
}

FormValue FormEvaluator::from_join(const Form& form) {
  std::string out;
  for (const JsonValue element : resolve(form.at)) {
    if (!wanted(form, element)) continue;
    const FormValue part = formatted(form, FormValue::of(follow(element, form.take)));
    if (!part.present() || part.is_compound()) continue;
    if (!out.empty()) out += form.separator;
    out += part.view();
  }
  return keep(std::move(out));
}

}  // namespace earshot::core

#include "earshot/core/normalize/mapping.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <fmt/format.h>

#include <earshot/core/base/text.hpp>
#include <earshot/core/base/time.hpp>
#include <earshot/core/json/nul.hpp>
#include <earshot/core/json/writer.hpp>
#include <earshot/core/normalize/html.hpp>

#include "mapping_compile.hpp"
#include "mapping_plan.hpp"
#include "mapping_values.hpp"

namespace earshot::core {
namespace {

constexpr std::size_t kShown = 60;

std::optional<double> number_in(std::string_view text) {
  double number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = read.ec == std::errc{} && read.ptr == text.data() + text.size();
  return whole && std::isfinite(number) ? std::optional<double>(number) : std::nullopt;
}

/// Of a text that was parsed, hence is valid UTF-8.
std::string without_nul(std::string_view text) {
  return text.find('\0') == std::string_view::npos ? std::string(text) : clean_utf8(text);
}

void write_value(JsonWriter& out, const FormValue& value) {
  value.composed ? out.string(value.text) : out.value(value.json);
}

void write_computed(JsonWriter& out, const ComputedField& field) {
  if (field.format == ComputedField::Format::json) {
    const Result<std::unique_ptr<JsonDocument>> json = JsonDocument::parse(field.value);
    if (json) return out.value((*json)->root());
  }
  const bool html = field.format == ComputedField::Format::html;
  html ? out.string(html_to_text(field.value)) : out.string(field.value);
}

}  // namespace

class Mapping::Impl {
 public:
  MappingPlan plan;
};

Mapping::Mapping(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Mapping::~Mapping() = default;

std::unique_ptr<Mapping> Mapping::compile(std::string_view name, JsonValue spec, JsonValue override,
                                          std::vector<SchemaIssue>& issues) {
  auto impl = std::make_unique<Impl>();
  const std::size_t before = issues.size();
  compile_mapping(name, spec, override, impl->plan, issues);
  if (issues.size() != before) return nullptr;
  return std::unique_ptr<Mapping>(new Mapping(std::move(impl)));
}

RecordKind Mapping::kind() const noexcept {
  return impl_->plan.kind;
}
bool Mapping::window_on_created() const noexcept {
  return impl_->plan.window_on_created;
}
std::uint64_t Mapping::revision() const noexcept {
  return impl_->plan.revision;
}

std::optional<std::int64_t> Mapping::version_of(std::string_view text) noexcept {
  if (const std::optional<Time> time = parse_time(text)) return time->time_since_epoch().count();
  return parse_integer(text);
}

bool Mapping::is_field(std::string_view name) noexcept {
  return field_of(name) ||
         (name.starts_with(kMetadataPrefix) && name.size() > kMetadataPrefix.size());
}

/// Maps one item after another: every field by the operator's form, else by what the plugin
/// computed, else by the manifest's form.
class Mapping::Session::Impl {
 public:
  explicit Impl(const MappingPlan& plan) : plan_(plan), forms_(plan) {}
  Mapped apply(const MappingInput& input);
  std::vector<ComputedField> beside(const MappingInput& input);

 private:
  void begin(const MappingInput& input);
  /// Whether a computed value goes before the form: an operator's form goes before it, unless it
  /// looks for what is no longer there.
  [[nodiscard]] bool counts(bool overridden, bool beside) const noexcept {
    return !overridden || (beside && input_->again);
  }
  FormValue value(Field field);
  std::optional<std::string> text(Field field);
  template <typename Enum>
  std::optional<Enum> word(Field field);
  std::optional<double> number(Field field);
  std::optional<Rating> rating();
  std::string metadata();
  const ComputedField* computed_metadata(std::string_view name) const;
  void write_unplanned_metadata(JsonWriter& out) const;
  void fields_beside(std::vector<ComputedField>& out);
  void metadata_beside(std::vector<ComputedField>& out);

  bool read_source_id(Mapped& out);
  bool read_times(Record& record, bool gone, Mapped& out);
  void read_version(Record& record);
  void read_rest(Record& record);
  std::string not_readable(Field field, const FormValue& found, std::string_view expected) const;

  const MappingPlan& plan_;
  FormEvaluator forms_;
  const MappingInput* input_ = nullptr;
  std::array<const ComputedField*, kFieldCount> computed_{};
  std::vector<const ComputedField*> computed_metadata_;
  JsonWriter metadata_;
};

void Mapping::Session::Impl::begin(const MappingInput& input) {
  input_ = &input;
  forms_.begin(input);
  computed_.fill(nullptr);
  computed_metadata_.clear();
  for (const ComputedField& computed : input.computed) {
    if (const std::optional<Field> field = field_of(computed.name)) {
      computed_[static_cast<std::size_t>(*field)] = &computed;
    } else if (computed.name.starts_with(kMetadataPrefix)) {
      computed_metadata_.push_back(&computed);
    }
  }
}

FormValue Mapping::Session::Impl::value(Field field) {
  const PlannedField& planned = plan_.field(field);
  const ComputedField* const computed = computed_[static_cast<std::size_t>(field)];
  if (computed != nullptr && counts(planned.overridden, planned.beside)) {
    return computed->format == ComputedField::Format::html
               ? forms_.keep(html_to_text(computed->value))
               : FormValue::of_text(computed->value);
  }
  if (!planned.form) return {};
  forms_.begin_field(field_name(field));
  return forms_.evaluate(*planned.form);
}

std::optional<std::string> Mapping::Session::Impl::text(Field field) {
  const FormValue found = value(field);
  if (!found.present()) return std::nullopt;
  if (found.composed) return clean_utf8(found.text);
  if (!found.is_compound()) return without_nul(found.json.text());
  std::string json = found.json.dump();
  replace_nul(json);
  return json;
}

/// A value that is none of the enum's words is counted and becomes the form's `else`, or nothing.
template <typename Enum>
std::optional<Enum> Mapping::Session::Impl::word(Field field) {
  const FormValue found = value(field);
  if (!found.present()) return std::nullopt;
  if (const auto known = from_string<Enum>(lower(found.view()))) return known;
  forms_.begin_field(field_name(field));
  forms_.note_unknown(found);
  const PlannedField& planned = plan_.field(field);
  const bool own = computed_[static_cast<std::size_t>(field)] == nullptr ||
                   !counts(planned.overridden, planned.beside);
  if (!own || !planned.form || !planned.form->otherwise.exists()) return std::nullopt;
  return from_string<Enum>(planned.form->otherwise.text());
}

std::optional<double> Mapping::Session::Impl::number(Field field) {
  return number_in(value(field).view());
}

std::optional<Rating> Mapping::Session::Impl::rating() {
  const std::optional<double> given = number(Field::rating_value);
  if (!given) return std::nullopt;
  const std::optional<double> max = number(Field::rating_max);
  if (!max || *max <= 0) return std::nullopt;
  return Rating{*given, *max};
}

const ComputedField* Mapping::Session::Impl::computed_metadata(std::string_view name) const {
  for (const ComputedField* computed : computed_metadata_) {
    if (std::string_view(computed->name).substr(kMetadataPrefix.size()) == name) return computed;
  }
  return nullptr;
}

std::string Mapping::Session::Impl::metadata() {
  JsonWriter& out = metadata_;
  out.begin_object();
  for (const PlannedMetadata& planned : plan_.metadata) {
    const ComputedField* const computed =
        counts(planned.overridden, planned.beside) ? computed_metadata(planned.name) : nullptr;
    if (computed != nullptr) {
      out.key(planned.name);
      write_computed(out, *computed);
      continue;
    }
    forms_.begin_field(planned.name, kMetadataPrefix);
    const FormValue found = forms_.evaluate(planned.form);
    if (!found.composed && (!found.json.exists() || found.json.is_null())) continue;
    out.key(planned.name);
    write_value(out, found);
  }
  write_unplanned_metadata(out);
  out.end_object();
  return out.copy();
}

void Mapping::Session::Impl::write_unplanned_metadata(JsonWriter& out) const {
  for (const ComputedField* computed : computed_metadata_) {
    const std::string_view name = std::string_view(computed->name).substr(kMetadataPrefix.size());
    const bool planned = std::any_of(plan_.metadata.begin(), plan_.metadata.end(),
                                     [&](const PlannedMetadata& m) { return m.name == name; });
    if (planned || computed_metadata(name) != computed) continue;
    out.key(name);
    write_computed(out, *computed);
  }
}

std::string Mapping::Session::Impl::not_readable(Field field, const FormValue& found,
                                                 std::string_view expected) const {
  const PlannedField& planned = plan_.field(field);
  const bool computed = computed_[static_cast<std::size_t>(field)] != nullptr &&
                        counts(planned.overridden, planned.beside);
  const std::string_view where = computed       ? std::string_view("what the plugin computed")
                                 : planned.form ? std::string_view(planned.form->written)
                                                : std::string_view();
  if (where.empty()) {
    return fmt::format("{}: neither mapped nor computed by the plugin", field_name(field));
  }
  if (!found.present()) return fmt::format("{}: {} is missing or empty", field_name(field), where);
  const std::string shown = found.is_compound() ? found.json.dump() : std::string(found.view());
  return fmt::format("{}: {} holds \"{}\", which is no {}", field_name(field), where,
                     clean_utf8(shorten(shown, kShown)), expected);
}

bool Mapping::Session::Impl::read_source_id(Mapped& out) {
  const FormValue found = value(Field::source_id);
  if (!found.present() || found.is_compound()) {
    out.rejected = not_readable(Field::source_id, found, "id");
    return false;
  }
  out.source_id = clean_utf8(found.view());
  return true;
}

/// Only a live item needs a time of its creation.
bool Mapping::Session::Impl::read_times(Record& record, bool gone, Mapped& out) {
  const FormValue found = value(Field::created_at);
  const std::optional<Time> created = parse_time(found.view());
  const std::optional<Time> updated = parse_time(value(Field::updated_at).view());
  if (!created && !gone) {
    out.rejected = not_readable(Field::created_at, found, "time");
    return false;
  }
  record.created_at = created ? *created : updated.value_or(Time{});
  record.updated_at = updated ? *updated : record.created_at;
  return true;
}

void Mapping::Session::Impl::read_version(Record& record) {
  const std::optional<std::int64_t> version = version_of(value(Field::version).view());
  record.version = version ? *version : record.updated_at.time_since_epoch().count();
}

void Mapping::Session::Impl::read_rest(Record& record) {
  record.title = text(Field::title).value_or("");
  record.content = text(Field::content).value_or("");
  record.customer_id = text(Field::customer_id);
  record.customer_email = text(Field::customer_email);
  record.customer_name = text(Field::customer_name);
  record.customer_tier = word<CustomerTier>(Field::customer_tier);
  record.category = word<Category>(Field::category).value_or(Category::other);
  record.severity = word<Severity>(Field::severity);
  record.rating = rating();
  record.language = text(Field::language);
  record.thread_id = text(Field::thread_id);
  record.url = text(Field::url);
  record.metadata = metadata();
  replace_nul(record.metadata);
}

Mapped Mapping::Session::Impl::apply(const MappingInput& input) {
  begin(input);
  Mapped out;
  if (!read_source_id(out)) return out;
  Record record;
  record.kind = plan_.kind;
  record.source_id = out.source_id;
  record.status = input.tombstone ? RecordStatus::deleted
                                  : word<RecordStatus>(Field::status).value_or(RecordStatus::open);
  const bool gone = record.status == RecordStatus::deleted;
  if (!read_times(record, gone, out)) return out;
  read_version(record);
  if (!gone) read_rest(record);
  out.record = std::move(record);
  out.unknown_values = forms_.take_unknown();
  return out;
}

std::vector<ComputedField> Mapping::Session::Impl::beside(const MappingInput& input) {
  begin(input);
  std::vector<ComputedField> out;
  fields_beside(out);
  metadata_beside(out);
  return out;
}

void Mapping::Session::Impl::fields_beside(std::vector<ComputedField>& out) {
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    const PlannedField& planned = plan_.fields[i];
    if (!planned.beside || (computed_[i] != nullptr && !planned.overridden)) continue;
    const FormValue found = forms_.evaluate(*planned.form);
    if (!found.present()) continue;
    out.push_back({std::string(field_name(static_cast<Field>(i))),
                   found.is_compound() ? found.json.dump() : std::string(found.view()),
                   ComputedField::Format::plain});
  }
}

void Mapping::Session::Impl::metadata_beside(std::vector<ComputedField>& out) {
  using Format = ComputedField::Format;
  for (const PlannedMetadata& planned : plan_.metadata) {
    if (!planned.beside || (computed_metadata(planned.name) != nullptr && !planned.overridden)) {
      continue;
    }
    const FormValue found = forms_.evaluate(planned.form);
    if (!found.present()) continue;
    out.push_back({std::string(kMetadataPrefix) + planned.name,
                   found.composed ? std::string(found.text) : found.json.dump(),
                   found.composed ? Format::plain : Format::json});
  }
}

Mapping::Session::Session(const Mapping& mapping)
    : impl_(std::make_unique<Impl>(mapping.impl_->plan)) {}
Mapping::Session::~Session() = default;
Mapped Mapping::Session::apply(const MappingInput& input) {
  return impl_->apply(input);
}
std::vector<ComputedField> Mapping::Session::beside(const MappingInput& input) {
  return impl_->beside(input);
}

}  // namespace earshot::core

#include "mapping_compile.hpp"

#include <fmt/format.h>

#include <earshot/core/base/digest.hpp>
#include <earshot/core/base/text.hpp>

#include "form_compiler.hpp"

namespace earshot::core {
namespace {

/// Raised when the same mapping makes something else of an item than before.
constexpr std::string_view kMappingVersion = "1";

template <typename Enum>
constexpr Vocabulary kVocabulary{
    [](std::string_view word) { return from_string<Enum>(word).has_value(); },
    [] { return all_names<Enum>(); }};

const Vocabulary* vocabulary_of(Field field) {
  switch (field) {
    case Field::customer_tier: return &kVocabulary<CustomerTier>;
    case Field::category: return &kVocabulary<Category>;
    case Field::severity: return &kVocabulary<Severity>;
    case Field::status: return &kVocabulary<RecordStatus>;
    default: return nullptr;
  }
}

/// All that may stand in a mapping, for "did you mean".
std::vector<std::string> member_names() {
  std::vector<std::string> names{"kind", "window", "rating", "metadata"};
  for (std::size_t i = 0; i < kFieldCount; ++i) {
    const std::string_view name = field_name(static_cast<Field>(i));
    if (name.find('.') == std::string_view::npos) names.emplace_back(name);
  }
  return names;
}

/// A copy that the mapping keeps; nothing if `value` is absent.
std::unique_ptr<JsonDocument> copy_of(JsonValue value) {
  if (!value.exists()) return nullptr;
  Result<std::unique_ptr<JsonDocument>> copy = JsonDocument::parse(value.dump());
  return copy ? std::move(copy).value() : nullptr;
}

class MappingCompiler {
 public:
  MappingCompiler(MappingPlan& plan, std::vector<SchemaIssue>& issues)
      : plan_(plan), forms_(plan, issues) {}

  void compile_spec(std::string_view name, JsonValue spec);
  void compile_override(JsonValue override);

 private:
  void compile_member(JsonValue member, bool overriding);
  void compile_field(Field field, JsonValue form, const std::string& path, bool overriding);
  void compile_rating(JsonValue rating, bool overriding);
  void compile_metadata(JsonValue metadata, bool overriding);
  void compile_kind(std::string_view name, JsonValue kind);
  void compile_window(JsonValue window);

  MappingPlan& plan_;
  FormCompiler forms_;
};

void MappingCompiler::compile_spec(std::string_view name, JsonValue spec) {
  if (!spec.is_object()) return forms_.report("", "expected an object of fields");
  compile_kind(name, spec.member("kind"));
  for (const JsonValue member : spec) compile_member(member, false);
}

void MappingCompiler::compile_override(JsonValue override) {
  if (!override.is_object()) return forms_.report("", "expected an object of fields");
  for (const JsonValue member : override) {
    if (member.key() == "kind" || member.key() == "source_id") {
      forms_.report(fmt::format("/{}", member.key()),
                    "cannot be overridden: it decides which record an item is");
    } else {
      compile_member(member, true);
    }
  }
}

void MappingCompiler::compile_kind(std::string_view name, JsonValue kind) {
  const std::string_view word = kind.is_string() ? kind.text() : name;
  if (const auto known = from_string<RecordKind>(word);
      known && (kind.is_string() || !kind.exists())) {
    plan_.kind = *known;
  } else if (kind.exists()) {
    forms_.report("/kind", fmt::format("expected {}, found {}", all_names<RecordKind>(),
                                       shorten(kind.dump(), 60)));
  } else {
    forms_.report("/kind", fmt::format("is required, because \"{}\" is none of {}", name,
                                       all_names<RecordKind>()));
  }
}

void MappingCompiler::compile_window(JsonValue window) {
  plan_.window_on_created = window.text() == "created_at";
  if (!plan_.window_on_created && window.text() != "updated_at") {
    forms_.report("/window", "expected \"created_at\" or \"updated_at\"");
  }
}

void MappingCompiler::compile_member(JsonValue member, bool overriding) {
  const std::string_view name = member.key();
  const std::string path = fmt::format("/{}", pointer_segment(name));
  if (name == "kind") return;
  if (name == "window") return compile_window(member);
  if (name == "rating") return compile_rating(member, overriding);
  if (name == "metadata") return compile_metadata(member, overriding);
  const std::optional<Field> field = field_of(name);
  if (field && name.find('.') == std::string_view::npos) {
    return compile_field(*field, member, path, overriding);
  }
  const auto guess = closest(name, member_names());
  forms_.report(path, guess ? fmt::format("is no field of a record; did you mean \"{}\"?", *guess)
                            : fmt::format("is no field of a record; expected {}",
                                          fmt::join(member_names(), ", ")));
}

void MappingCompiler::compile_field(Field field, JsonValue form, const std::string& path,
                                    bool overriding) {
  auto compiled = forms_.compile(form, path, vocabulary_of(field));
  if (!compiled) return;
  const bool beside = looks_beside(*compiled);
  plan_.field(field) = {*std::move(compiled), overriding, beside};
}

void MappingCompiler::compile_rating(JsonValue rating, bool overriding) {
  for (const char* part : {"value", "max"}) {
    if (rating.member(part).exists()) continue;
    return forms_.report("/rating", "expected {\"value\": form, \"max\": form or number}");
  }
  if (rating.size() != 2) forms_.report("/rating", "has more members than \"value\" and \"max\"");
  compile_field(Field::rating_value, rating.member("value"), "/rating/value", overriding);
  const JsonValue max = rating.member("max");
  if (!max.is_number()) return compile_field(Field::rating_max, max, "/rating/max", overriding);
  Form constant;
  constant.constant = max;
  constant.written = max.text();
  plan_.field(Field::rating_max) = {std::move(constant), overriding, false};
}

void MappingCompiler::compile_metadata(JsonValue metadata, bool overriding) {
  if (!metadata.is_object()) {
    return forms_.report("/metadata", "expected an object of names and forms");
  }
  for (const JsonValue form : metadata) {
    const std::string path = fmt::format("/metadata/{}", pointer_segment(form.key()));
    auto compiled = forms_.compile(form, path, nullptr);
    if (!compiled) continue;
    const bool beside = looks_beside(*compiled);
    PlannedMetadata planned{std::string(form.key()), *std::move(compiled), overriding, beside};
    PlannedMetadata* same = nullptr;
    for (PlannedMetadata& other : plan_.metadata) {
      if (other.name == planned.name) same = &other;
    }
    same == nullptr ? plan_.metadata.push_back(std::move(planned))
                    : static_cast<void>(*same = std::move(planned));
  }
}

std::uint64_t revision_of(std::string_view name, const MappingPlan& plan) {
  std::string text(kMappingVersion);
  text += name;
  for (const auto* part : {&plan.spec, &plan.override}) {
    text += '\n';
    if (*part != nullptr) text += (*part)->root().dump();
  }
  return content_hash(text).low;
}

}  // namespace

void compile_mapping(std::string_view name, JsonValue spec, JsonValue override, MappingPlan& plan,
                     std::vector<SchemaIssue>& issues) {
  plan.spec = copy_of(spec);
  plan.override = copy_of(override);
  plan.revision = revision_of(name, plan);
  MappingCompiler compiler(plan, issues);
  compiler.compile_spec(name, plan.spec == nullptr ? JsonValue() : plan.spec->root());
  if (plan.override != nullptr) compiler.compile_override(plan.override->root());
}

}  // namespace earshot::core

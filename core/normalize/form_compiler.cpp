#include "form_compiler.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include <earshot/core/base/text.hpp>
#include <earshot/core/normalize/template_text.hpp>

namespace earshot::core {
namespace {

constexpr std::size_t kShown = 80;
constexpr std::string_view kDefaultKey = "/id";
constexpr std::string_view kDefaultTake = "/value";
constexpr std::string_view kDefaultSeparator = "\n";

/// A source and the members that belong to it; what may follow any source is in kFollowers.
struct SourceForm {
  std::string_view name;
  std::array<std::string_view, 3> members;
};
constexpr std::array kSources{
    SourceForm{"at", {"take"}},
    SourceForm{"const", {}},
    SourceForm{"template", {}},
    SourceForm{"first", {}},
    SourceForm{"lookup", {"key", "equals", "take"}},
    SourceForm{"find", {"id", "key", "take"}},
    SourceForm{"join", {"where", "take", "separator"}},
};
constexpr std::array<std::string_view, 4> kFollowers{"format", "map", "first_match", "else"};

const SourceForm* source_named(std::string_view name) {
  const auto* const found = std::find_if(kSources.begin(), kSources.end(),
                                         [&](const SourceForm& s) { return s.name == name; });
  return found == kSources.end() ? nullptr : found;
}

std::string all_sources() {
  std::vector<std::string_view> names;
  names.reserve(kSources.size());
  for (const SourceForm& source : kSources) names.push_back(source.name);
  return fmt::format("{}", fmt::join(names, ", "));
}

bool is_scalar(JsonValue value) {
  return value.is_string() || value.is_number() || value.is_boolean();
}

std::string below(const std::string& path, std::string_view member) {
  return fmt::format("{}/{}", path, pointer_segment(member));
}

std::string below(const std::string& path, std::size_t index) {
  return fmt::format("{}/{}", path, index);
}

}  // namespace

void FormCompiler::report(const std::string& path, std::string message) {
  issues_.push_back({path, std::move(message)});
}

std::optional<Form> FormCompiler::compile(JsonValue form, const std::string& path,
                                          const Vocabulary* vocabulary) {
  const std::size_t before = issues_.size();
  Form out;
  out.written = form.is_string() ? std::string(form.text()) : shorten(form.dump(), kShown);
  if (form.is_object()) {
    compile_object(form, path, vocabulary, out);
  } else {
    out.kind = Form::Kind::pointer;
    if (auto at = source(form, path)) out.at = *std::move(at);
  }
  if (issues_.size() != before) return std::nullopt;
  return out;
}

void FormCompiler::compile_object(JsonValue form, Path path, const Vocabulary* vocabulary,
                                  Form& out) {
  const JsonValue map = form.member("map");
  const JsonValue first_match = form.member("first_match");
  if (map.exists() && first_match.exists()) {
    report(below(path, "first_match"), "cannot stand beside \"map\": use one of them");
  }
  const bool translated = map.exists() || first_match.exists();
  compile_source(form, path, translated ? nullptr : vocabulary, out);
  compile_format(form, path, out);
  if (map.exists()) compile_map(map, below(path, "map"), vocabulary, out);
  if (first_match.exists()) {
    compile_first_match(first_match, below(path, "first_match"), vocabulary, out);
  }
  out.otherwise = form.member("else");
  check_word(out.otherwise, below(path, "else"), vocabulary);
}

void FormCompiler::compile_source(JsonValue form, Path path, const Vocabulary* vocabulary,
                                  Form& out) {
  std::vector<std::string_view> present;
  for (const SourceForm& known : kSources) {
    if (form.member(known.name).exists()) present.push_back(known.name);
  }
  if (present.size() != 1) {
    return report(path, present.empty() ? fmt::format("needs one of {}", all_sources())
                                        : fmt::format("has {}: only one of them may stand here",
                                                      fmt::join(present, " and ")));
  }
  const std::string_view name = present.front();
  check_members(form, path, name);
  const JsonValue value = form.member(name);
  const std::string here = below(path, name);
  if (name == "template") return compile_template(value, here, out);
  if (name == "first") return compile_first(value, here, vocabulary, out);
  if (name == "lookup") return compile_lookup(form, path, out);
  if (name == "find") return compile_find(form, path, out);
  if (name == "join") return compile_join(form, path, out);
  if (name == "const") {
    out.kind = Form::Kind::constant;
    out.constant = value;
    return check_word(value, here, vocabulary);
  }
  out.kind = Form::Kind::pointer;
  if (auto at = source(value, here)) out.at = *std::move(at);
  compile_take_of_words(form, path, out);
}

/// Words to match may stand in objects, such as tags with an id and a name.
void FormCompiler::compile_take_of_words(JsonValue form, Path path, Form& out) {
  if (form.member("take").exists() && !form.member("first_match").exists()) {
    report(below(path, "take"), "belongs to \"first_match\" here; else write a longer pointer");
  }
  out.take = steps(form.member("take"), below(path, "take"), "");
}

void FormCompiler::check_members(JsonValue form, Path path, std::string_view source) {
  std::vector<std::string> known{std::string(source)};
  for (const std::string_view member : source_named(source)->members) {
    if (!member.empty()) known.emplace_back(member);
  }
  for (const std::string_view member : kFollowers) known.emplace_back(member);
  for (const JsonValue member : form) {
    if (std::find(known.begin(), known.end(), member.key()) != known.end()) continue;
    const auto guess = closest(member.key(), known);
    report(below(path, member.key()),
           guess ? fmt::format("is unknown; did you mean \"{}\"?", *guess)
                 : fmt::format("is unknown beside \"{}\"; expected {}", source,
                               fmt::join(known.begin() + 1, known.end(), ", ")));
  }
}

void FormCompiler::compile_template(JsonValue text, Path path, Form& out) {
  out.kind = Form::Kind::text_template;
  if (!text.is_string()) return report(path, "expected a string");
  Result<std::vector<TemplatePart>> parts = parse_template(text.text());
  if (!parts) return report(path, parts.error().message);
  for (TemplatePart& part : *parts) {
    TemplatePiece piece{std::move(part.text), part.placeholder};
    if (piece.from_config && (piece.text.front() == '/' || piece.text.front() == '$')) {
      piece.source = source(piece.text, path);
      piece.from_config = false;
    }
    out.pieces.push_back(std::move(piece));
  }
}

void FormCompiler::compile_first(JsonValue list, Path path, const Vocabulary* vocabulary,
                                 Form& out) {
  out.kind = Form::Kind::first;
  if (!list.is_array() || list.size() == 0) return report(path, "expected a list of forms");
  for (const JsonValue form : list) {
    auto compiled = compile(form, below(path, out.alternatives.size()), vocabulary);
    out.alternatives.push_back(compiled ? *std::move(compiled) : Form{});
  }
}

void FormCompiler::compile_lookup(JsonValue form, Path path, Form& out) {
  out.kind = Form::Kind::search;
  const std::string_view key =
      form.member("key").exists() ? form.member("key").text() : kDefaultKey;
  if (auto at = source(form.member("lookup"), below(path, "lookup"))) out.at = *std::move(at);
  out.key = steps(form.member("key"), below(path, "key"), kDefaultKey);
  if (!form.member("equals").exists()) report(below(path, "equals"), "is required");
  if (!form.member("take").exists()) report(below(path, "take"), "is required");
  out.equals = source(form.member("equals"), below(path, "equals"));
  out.take = steps(form.member("take"), below(path, "take"), "");
  if (out.at.ref) out.index = index_for(form.member("lookup").text(), key);
}

void FormCompiler::compile_find(JsonValue form, Path path, Form& out) {
  out.kind = Form::Kind::search;
  if (auto at = source(form.member("find"), below(path, "find"))) out.at = *std::move(at);
  out.key = steps(form.member("key"), below(path, "key"), kDefaultKey);
  out.take = steps(form.member("take"), below(path, "take"), kDefaultTake);
  const JsonValue id = form.member("id");
  if (!is_scalar(id)) report(below(path, "id"), "expected the id to find: a number or a string");
  out.id = id.text();
}

void FormCompiler::compile_join(JsonValue form, Path path, Form& out) {
  out.kind = Form::Kind::join;
  if (auto at = source(form.member("join"), below(path, "join"))) out.at = *std::move(at);
  out.take = steps(form.member("take"), below(path, "take"), "");
  const JsonValue separator = form.member("separator");
  if (separator.exists() && !separator.is_string()) {
    report(below(path, "separator"), "expected a string");
  }
  out.separator = separator.is_string() ? separator.text() : kDefaultSeparator;
  if (form.member("where").exists()) compile_where(form.member("where"), below(path, "where"), out);
}

void FormCompiler::compile_where(JsonValue where, Path path, Form& out) {
  const JsonValue in = where.member("in");
  if (!where.is_object() || !in.is_array() || in.size() == 0 || where.size() != 2) {
    return report(path, "expected {\"at\": pointer, \"in\": [values]}");
  }
  out.where = steps(where.member("at"), below(path, "at"), "");
  for (const JsonValue value : in) {
    if (!is_scalar(value)) report(below(path, "in"), "expected strings, numbers or booleans");
    out.where_in.emplace_back(value.text());
  }
}

void FormCompiler::compile_format(JsonValue form, Path path, Form& out) {
  const JsonValue format = form.member("format");
  if (!format.exists()) return;
  const std::string here = below(path, "format");
  if (format.text() != "text" && format.text() != "html") {
    report(here, "expected \"text\" or \"html\"");
  }
  if (form.member("map").exists() || form.member("first_match").exists()) {
    report(here, "has no meaning beside \"map\" and \"first_match\"");
  }
  out.format = format.text() == "html" ? Form::Format::html : Form::Format::plain;
}

void FormCompiler::compile_map(JsonValue map, Path path, const Vocabulary* vocabulary, Form& out) {
  if (!map.is_object()) return report(path, "expected an object of the product's words");
  out.map.emplace();
  for (const JsonValue word : map) {
    check_word(word, below(path, word.key()), vocabulary);
    if (!out.map->emplace(word.key(), word).second) {
      report(below(path, word.key()), "stands there twice: upper and lower case are the same");
    }
  }
}

void FormCompiler::compile_first_match(JsonValue map, Path path, const Vocabulary* vocabulary,
                                       Form& out) {
  if (!map.is_object()) return report(path, "expected an object of the product's words");
  for (const JsonValue word : map) {
    check_word(word, below(path, word.key()), vocabulary);
    out.first_match.emplace_back(word.key(), word);
  }
}

void FormCompiler::check_word(JsonValue word, Path path, const Vocabulary* vocabulary) {
  if (vocabulary == nullptr || !word.exists() || word.is_null()) return;
  if (word.is_string() && vocabulary->knows(word.text())) return;
  report(path, fmt::format("expected {} or null, found {}", vocabulary->words(),
                           shorten(word.dump(), kShown)));
}

std::optional<Source> FormCompiler::source(JsonValue pointer, Path path) {
  if (pointer.is_string()) return source(pointer.text(), path);
  if (pointer.exists()) {
    report(path, "expected a pointer such as \"/id\" or \"$page/users\"");
  }
  return std::nullopt;
}

std::optional<Source> FormCompiler::source(std::string_view pointer, Path path) {
  const bool in_ref = pointer.starts_with('$');
  const std::size_t name_end = in_ref ? std::min(pointer.find('/'), pointer.size()) : 0;
  const std::string_view rest = pointer.substr(name_end);
  if (!is_json_pointer(rest) || (in_ref && name_end == 1)) {
    report(path,
           fmt::format("is no pointer: \"{}\" should begin with '/' or '$name' (a constant is "
                       "written {{\"const\": ...}})",
                       shorten(pointer, kShown)));
    return std::nullopt;
  }
  Source out;
  out.steps = pointer_steps(rest);
  if (in_ref) {
    const std::string_view name = pointer.substr(1, name_end - 1);
    const auto known = std::find(plan_.refs.begin(), plan_.refs.end(), name);
    out.ref = static_cast<std::size_t>(known - plan_.refs.begin());
    if (known == plan_.refs.end()) plan_.refs.emplace_back(name);
  } else if (!out.steps.empty()) {
    out.slot = plan_.slots.add(out.steps.front());
    out.steps.erase(out.steps.begin());
  }
  return out;
}

PointerSteps FormCompiler::steps(JsonValue pointer, Path path, std::string_view otherwise) {
  if (!pointer.exists()) return pointer_steps(otherwise);
  if (!pointer.is_string() || !is_json_pointer(pointer.text())) {
    report(path, "expected a pointer within the element, such as \"/value\"");
    return {};
  }
  return pointer_steps(pointer.text());
}

std::optional<std::size_t> FormCompiler::index_for(std::string_view array, std::string_view key) {
  return indexes_.try_emplace({std::string(array), std::string(key)}, plan_.indexes).second
             ? plan_.indexes++
             : indexes_[{std::string(array), std::string(key)}];
}

}  // namespace earshot::core

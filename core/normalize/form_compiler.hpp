#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <earshot/core/json/schema.hpp>

#include "mapping_plan.hpp"

namespace earshot::core {

/// The words a field may hold, where only some may stand there.
struct Vocabulary {
  bool (*knows)(std::string_view word);
  std::string (*words)();
};

/// Compiles the forms of one mapping and keeps what they share: slots, refs, indexes.
class FormCompiler {
 public:
  FormCompiler(MappingPlan& plan, std::vector<SchemaIssue>& issues)
      : plan_(plan), issues_(issues) {}

  /// Compiles the form at `path`; nothing where it has mistakes, which are reported. With a
  /// vocabulary, the words written down in it must be of it.
  std::optional<Form> compile(JsonValue form, const std::string& path,
                              const Vocabulary* vocabulary);
  void report(const std::string& path, std::string message);

 private:
  using Path = const std::string&;
  void compile_object(JsonValue form, Path path, const Vocabulary* vocabulary, Form& out);
  void compile_source(JsonValue form, Path path, const Vocabulary* vocabulary, Form& out);
  void compile_take_of_words(JsonValue form, Path path, Form& out);
  void compile_template(JsonValue text, Path path, Form& out);
  void compile_first(JsonValue list, Path path, const Vocabulary* vocabulary, Form& out);
  void compile_lookup(JsonValue form, Path path, Form& out);
  void compile_find(JsonValue form, Path path, Form& out);
  void compile_join(JsonValue form, Path path, Form& out);
  void compile_where(JsonValue where, Path path, Form& out);
  void compile_format(JsonValue form, Path path, Form& out);
  void compile_map(JsonValue map, Path path, const Vocabulary* vocabulary, Form& out);
  void compile_first_match(JsonValue map, Path path, const Vocabulary* vocabulary, Form& out);
  void check_members(JsonValue form, Path path, std::string_view source);
  void check_word(JsonValue word, Path path, const Vocabulary* vocabulary);

  std::optional<Source> source(JsonValue pointer, Path path);
  std::optional<Source> source(std::string_view pointer, Path path);
  PointerSteps steps(JsonValue pointer, Path path, std::string_view otherwise);
  std::optional<std::size_t> index_for(std::string_view array, std::string_view key);

  MappingPlan& plan_;
  std::vector<SchemaIssue>& issues_;
  std::map<std::pair<std::string, std::string>, std::size_t> indexes_;
};

}  // namespace earshot::core

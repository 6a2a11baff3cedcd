#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <earshot/core/json/schema.hpp>

#include "schema_pattern.hpp"

namespace earshot::core {

/// An issue, and whether it only says that the value is of another kind than the schema is for:
/// alternatives of other kinds are not what the author meant.
struct SchemaFinding {
  SchemaIssue issue;
  std::string expected;  ///< For a value of another kind: what is expected, in words.
};
using SchemaFindings = std::vector<SchemaFinding>;

/// Checks one instance against one schema. [one thread at a time]
class SchemaChecker {
 public:
  explicit SchemaChecker(JsonValue schema) : root_(schema) {}

  [[nodiscard]] std::vector<SchemaIssue> run(JsonValue instance);

 private:
  void check(JsonValue schema, JsonValue instance);
  void check_keywords(JsonValue schema, JsonValue instance);
  bool check_kind(JsonValue schema, JsonValue instance);
  bool check_values(JsonValue schema, JsonValue instance);
  void check_text(JsonValue schema, std::string_view text);
  void check_number(JsonValue schema, JsonValue number);
  void check_array(JsonValue schema, JsonValue array);
  void check_unique(JsonValue array);
  void check_object(JsonValue schema, JsonValue object);
  void check_required(JsonValue schema, JsonValue object);
  void check_dependent(JsonValue schema, JsonValue object);
  void check_member(JsonValue schema, JsonValue member);
  void check_name(JsonValue schema, std::string_view name);
  void check_alternatives(JsonValue alternatives, JsonValue instance, bool exactly_one);
  void check_not(JsonValue schema, JsonValue instance);

  bool report_required_sets(JsonValue alternatives, JsonValue instance);
  void report_closest(const std::vector<SchemaFindings>& failures, JsonValue instance);
  void report_unknown(JsonValue schema, std::string_view name);

  /// Counts a step; gives up and answers false where there were too many or it is too deep.
  [[nodiscard]] bool step();
  void give_up();
  SchemaFindings attempt(JsonValue schema, JsonValue instance);
  void add(std::string message, std::string expected = {});
  void add_at(std::string_view member, std::string message);
  void expect(std::string expected, JsonValue found);
  [[nodiscard]] std::string found_words(JsonValue value) const;
  std::size_t enter(std::string_view segment);
  void leave(std::size_t size) { path_.resize(size); }

  JsonValue root_;
  SchemaPatterns patterns_;
  SchemaFindings findings_;
  std::string path_;
  std::optional<SchemaIssue> gave_up_;
  std::size_t steps_ = 0;
  int depth_ = 0;
  int hidden_ = 0;  ///< Inside a secret: values are not shown.
};

}  // namespace earshot::core

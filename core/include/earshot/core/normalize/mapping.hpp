#pragma once

/// Mappings: how one item of a product becomes a Record. Declared in the manifest as data, open to
/// override by the operator.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <earshot/core/base/result.hpp>
#include <earshot/core/json/document.hpp>
#include <earshot/core/json/schema.hpp>
#include <earshot/core/normalize/record.hpp>

namespace earshot::core {

/// A field that the plugin worked out, by name ("content", "metadata.parts").
struct ComputedField {
  enum class Format { plain, html, json };
  std::string name;
  std::string value;
  Format format = Format::plain;
};

/// What an item is mapped with.
struct MappingInput {
  JsonValue item;  ///< Absent if the plugin gave only computed fields.
  std::vector<std::pair<std::string, JsonValue>> refs{};  ///< `$page`, `$survey`, ... without '$'.
  std::vector<ComputedField> computed{};
  JsonValue config{};      ///< For {name} in templates; secrets are not in it.
  bool tombstone = false;  ///< The plugin says that the item is gone: only id and time count.
  bool again = false;      ///< From what is stored: `computed` holds what stood beside the item.
};

/// A value that a field's map has no word for, or that is none of the field's own words.
struct UnknownValue {
  std::string field;  ///< "severity", "metadata.priority"
  std::string value;  ///< Shortened.
};

/// Either a record, or why there is none.
struct Mapped {
  std::optional<Record> record;
  std::string rejected;   ///< Reason, naming field and pointer, where there is no record.
  std::string source_id;  ///< As far as it could be read; identifies a rejected item.
  std::vector<UnknownValue> unknown_values;
};

/// A compiled mapping. Forms, and no more: pointer, template, constant, first present of several,
/// map with else, first_match with else, lookup in a ref's array by key, find in an array of {id,
/// value} pairs, join of one filtered array. docs/reference/mapping.md describes each. Precedence:
/// operator's override > computed fields > manifest. [thread-safe] once compiled.
class Mapping {
 public:
  /// `spec` is the manifest's object under "records/NAME", `override` the operator's object of
  /// single fields, or absent. Both are copied. Every mistake is reported with its JSON path below
  /// the respective object; then there is no mapping.
  static std::unique_ptr<Mapping> compile(std::string_view name, JsonValue spec, JsonValue override,
                                          std::vector<SchemaIssue>& issues);
  ~Mapping();
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;

  [[nodiscard]] RecordKind kind() const noexcept;
  /// The field that the window is kept on: created_at or updated_at.
  [[nodiscard]] bool window_on_created() const noexcept;
  /// Changes whenever the mapping does; stored with every record.
  [[nodiscard]] std::uint64_t revision() const noexcept;
  /// The `version` that a text stands for: what parse_time reads in microseconds, so that all units
  /// compare with each other and with the default; any other integer as it is; nothing if neither.
  [[nodiscard]] static std::optional<std::int64_t> version_of(std::string_view text) noexcept;
  /// True for what a ComputedField may be named: a record's field, "rating.value", "rating.max" or
  /// "metadata.NAME".
  [[nodiscard]] static bool is_field(std::string_view name) noexcept;

  /// One session per page of items: lookups are indexed once and reused for the items of the page.
  /// The mapping and all documents it is given live as long as the session.
  class Session {
   public:
    explicit Session(const Mapping& mapping);
    ~Session();
    [[nodiscard]] Mapped apply(const MappingInput& input);
    /// What the mapping finds beside the item, in refs, as computed fields: with them the item can
    /// be mapped again without the refs.
    [[nodiscard]] std::vector<ComputedField> beside(const MappingInput& input);

   private:
    class Impl;
    std::unique_ptr<Impl> impl_;
  };

 private:
  friend class Session;
  class Impl;
  explicit Mapping(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace earshot::core

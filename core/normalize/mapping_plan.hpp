#pragma once

/// What a mapping is compiled to.

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <earshot/core/json/document.hpp>
#include <earshot/core/normalize/record.hpp>

namespace earshot::core {

/// Fields of a record that take one value each.
enum class Field : std::uint8_t {
  source_id,
  title,
  content,
  customer_id,
  customer_email,
  customer_name,
  customer_tier,
  category,
  severity,
  status,
  rating_value,
  rating_max,
  language,
  thread_id,
  created_at,
  updated_at,
  version,
  url
};
constexpr std::size_t kFieldCount = 18;

/// As the field is written: "rating.value" for a part of the rating.
[[nodiscard]] std::string_view field_name(Field field) noexcept;
[[nodiscard]] std::optional<Field> field_of(std::string_view name) noexcept;
constexpr std::string_view kMetadataPrefix = "metadata.";

/// A JSON pointer that was taken apart.
struct PointerStep {
  std::string name;
  std::optional<std::uint32_t> index{};  ///< Where the name may be an array's index.
};
using PointerSteps = std::vector<PointerStep>;
[[nodiscard]] PointerSteps pointer_steps(std::string_view pointer);
[[nodiscard]] JsonValue follow(JsonValue value, const PointerSteps& steps) noexcept;

/// The members of the item that a mapping reads, found in one pass over the item.
class MemberSlots {
 public:
  /// The slot of a member; the same one for the same name.
  std::size_t add(const PointerStep& member);
  [[nodiscard]] std::size_t size() const noexcept { return members_.size(); }
  /// Puts each member's value, or an absent one, into its slot of `values`.
  void fill(JsonValue item, std::vector<JsonValue>& values) const;

 private:
  static constexpr std::size_t kBuckets = 128;
  static constexpr std::uint32_t kNone = UINT32_MAX;
  struct Member {
    PointerStep step;
    std::uint32_t next = kNone;  ///< In the same bucket.
  };
  [[nodiscard]] static std::size_t bucket(std::string_view name) noexcept;
  void fill_from_object(JsonValue object, std::vector<JsonValue>& values) const;
  void fill_from_array(JsonValue array, std::vector<JsonValue>& values) const;

  std::vector<Member> members_;
  std::array<std::uint32_t, kBuckets> buckets_ = no_members();
  static constexpr std::array<std::uint32_t, kBuckets> no_members() {
    std::array<std::uint32_t, kBuckets> out{};
    out.fill(kNone);
    return out;
  }
};

/// "/id" in the item, "$page/users" in a ref.
struct Source {
  std::optional<std::size_t> ref{};   ///< Index into Plan::refs; else the item.
  std::optional<std::size_t> slot{};  ///< Of the item; absent: the whole item.
  PointerSteps steps;
};

struct TemplatePiece {
  std::string text;  ///< Literal, or the name in the config.
  bool from_config = false;
  std::optional<Source> source{};  ///< From the item or a ref.
};

/// ASCII without regard to case.
struct FoldedLess {
  using is_transparent = void;
  bool operator()(std::string_view a, std::string_view b) const noexcept;
};

/// One way to come by a value: a source, then optionally map or first_match, then else.
struct Form {
  enum class Kind : std::uint8_t { pointer, constant, text_template, first, search, join };
  enum class Format : std::uint8_t { plain, html };

  Kind kind = Kind::constant;
  Format format = Format::plain;
  std::string written;  ///< For messages.

  Source at;                          ///< pointer; search and join: the array.
  JsonValue constant;                 ///< In Plan's documents, as are all values below.
  std::vector<TemplatePiece> pieces;  ///< text_template
  std::vector<Form> alternatives;     ///< first

  PointerSteps key;                    ///< search: in an element.
  std::optional<Source> equals{};      ///< search: what the key must be ...
  std::string id;                      ///< ... or this text.
  PointerSteps take;                   ///< search, join, first_match: in an element.
  std::optional<std::size_t> index{};  ///< search in a ref: which of the session's indexes.

  PointerSteps where;                 ///< join: in an element, compared with ...
  std::vector<std::string> where_in;  ///< ... these; empty: every element.
  std::string separator;              ///< join

  std::optional<std::map<std::string, JsonValue, FoldedLess>> map{};
  std::vector<std::pair<std::string, JsonValue>> first_match;
  JsonValue otherwise;  ///< "else"; absent if there is none.
};

/// True where a form looks into a ref.
[[nodiscard]] bool looks_beside(const Form& form) noexcept;

struct PlannedField {
  std::optional<Form> form{};
  bool overridden = false;  ///< By the operator.
  bool beside = false;      ///< The form looks into a ref.
};

struct PlannedMetadata {
  std::string name;
  Form form;
  bool overridden = false;
  bool beside = false;
};

struct MappingPlan {
  std::unique_ptr<JsonDocument> spec;
  std::unique_ptr<JsonDocument> override;
  RecordKind kind = RecordKind::ticket;
  bool window_on_created = false;
  std::uint64_t revision = 0;
  std::array<PlannedField, kFieldCount> fields;
  std::vector<PlannedMetadata> metadata;
  MemberSlots slots;
  std::vector<std::string> refs;
  std::size_t indexes = 0;

  [[nodiscard]] PlannedField& field(Field name) { return fields[static_cast<std::size_t>(name)]; }
  [[nodiscard]] const PlannedField& field(Field name) const {
    return fields[static_cast<std::size_t>(name)];
  }
};

}  // namespace earshot::core

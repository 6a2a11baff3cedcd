#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <earshot/core/base/time.hpp>

namespace earshot::core {

enum class RecordKind : std::uint8_t {
  ticket,
  conversation,
  survey_response,
  call,
  message,
  card,
  page,
  row,
  review
};
enum class CustomerTier : std::uint8_t { enterprise, business, professional, free };
enum class Category : std::uint8_t {
  bug_report,
  feature_request,
  support,
  question,
  complaint,
  praise,
  survey_response,
  conversation,
  call,
  other
};
enum class Severity : std::uint8_t { low, normal, high, urgent };
/// `deleted` is a tombstone: the item is gone in the product and its text here.
enum class RecordStatus : std::uint8_t { open, pending, solved, closed, deleted };

struct Rating {
  double value = 0;
  double max = 0;
  friend bool operator==(const Rating&, const Rating&) = default;
};

/// One normalized piece of feedback, as DESIGN calls it: the same members for every product.
/// All text is valid UTF-8 without U+0000.
struct Record {
  RecordKind kind = RecordKind::ticket;
  std::string source_id;  ///< The product's id; never empty.
  std::string title;
  std::string content;
  std::optional<std::string> customer_id{};
  std::optional<std::string> customer_email{};
  std::optional<std::string> customer_name{};
  std::optional<CustomerTier> customer_tier{};
  Category category = Category::other;
  std::optional<Severity> severity{};
  RecordStatus status = RecordStatus::open;
  std::optional<Rating> rating{};
  std::optional<std::string> language{};
  std::optional<std::string> thread_id{};
  Time created_at{};
  Time updated_at{};
  std::optional<std::string> url{};
  std::string metadata = "{}";  ///< A JSON object.
  std::int64_t version = 0;  ///< Orders states of one item; by default updated_at in microseconds.
};

[[nodiscard]] std::string_view to_string(RecordKind value) noexcept;
[[nodiscard]] std::string_view to_string(CustomerTier value) noexcept;
[[nodiscard]] std::string_view to_string(Category value) noexcept;
[[nodiscard]] std::string_view to_string(Severity value) noexcept;
[[nodiscard]] std::string_view to_string(RecordStatus value) noexcept;
/// The enumerator of that exact name.
template <typename Enum>
[[nodiscard]] std::optional<Enum> from_string(std::string_view name) noexcept;

/// Names of an enum's values in order, for messages and schemas.
template <typename Enum>
[[nodiscard]] std::string all_names();

}  // namespace earshot::core

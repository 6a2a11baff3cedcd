#include "earshot/core/normalize/record.hpp"

#include <algorithm>
#include <array>

namespace earshot::core {
namespace {

/// The names of an enum's values, in the order of the enumerators.
template <typename Enum>
struct Names;

template <>
struct Names<RecordKind> {
  static constexpr std::array<std::string_view, 9> kAll{"ticket", "conversation", "survey_response",
                                                        "call",   "message",      "card",
                                                        "page",   "row",          "review"};
};

template <>
struct Names<CustomerTier> {
  static constexpr std::array<std::string_view, 4> kAll{"enterprise", "business", "professional",
                                                        "free"};
};

template <>
struct Names<Category> {
  static constexpr std::array<std::string_view, 10> kAll{
      "bug_report", "feature_request", "support",      "question", "complaint",
      "praise",     "survey_response", "conversation", "call",     "other"};
};

template <>
struct Names<Severity> {
  static constexpr std::array<std::string_view, 4> kAll{"low", "normal", "high", "urgent"};
};

template <>
struct Names<RecordStatus> {
  static constexpr std::array<std::string_view, 5> kAll{"open", "pending", "solved", "closed",
                                                        "deleted"};
};

template <typename Enum>
std::string_view name_of(Enum value) noexcept {
  const auto index = static_cast<std::size_t>(value);
  return index < Names<Enum>::kAll.size() ? Names<Enum>::kAll[index] : std::string_view();
}

}  // namespace

std::string_view to_string(RecordKind value) noexcept {
  return name_of(value);
}
std::string_view to_string(CustomerTier value) noexcept {
  return name_of(value);
}
std::string_view to_string(Category value) noexcept {
  return name_of(value);
}
std::string_view to_string(Severity value) noexcept {
  return name_of(value);
}
std::string_view to_string(RecordStatus value) noexcept {
  return name_of(value);
}

template <typename Enum>
std::optional<Enum> from_string(std::string_view name) noexcept {
  const auto& all = Names<Enum>::kAll;
  const auto found = std::find(all.begin(), all.end(), name);
  if (found == all.end()) return std::nullopt;
  return static_cast<Enum>(found - all.begin());
}

template <typename Enum>
std::string all_names() {
  std::string out;
  for (const std::string_view name : Names<Enum>::kAll) {
    if (!out.empty()) out += ", ";
    out += name;
  }
  return out;
}

template std::optional<RecordKind> from_string(std::string_view) noexcept;
template std::optional<CustomerTier> from_string(std::string_view) noexcept;
template std::optional<Category> from_string(std::string_view) noexcept;
template std::optional<Severity> from_string(std::string_view) noexcept;
template std::optional<RecordStatus> from_string(std::string_view) noexcept;
template std::string all_names<RecordKind>();
template std::string all_names<CustomerTier>();
template std::string all_names<Category>();
template std::string all_names<Severity>();
template std::string all_names<RecordStatus>();

}  // namespace earshot::core

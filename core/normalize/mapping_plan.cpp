#include "mapping_plan.hpp"

#include <algorithm>

#include <earshot/core/base/text.hpp>
#include <earshot/core/json/pointer.hpp>

namespace earshot::core {
namespace {

constexpr std::array<std::string_view, kFieldCount> kFieldNames{
    "source_id",     "title",     "content",    "customer_id", "customer_email", "customer_name",
    "customer_tier", "category",  "severity",   "status",      "rating.value",   "rating.max",
    "language",      "thread_id", "created_at", "updated_at",  "version",        "url"};

std::optional<std::uint32_t> array_index(std::string_view name) {
  const bool leading_zero = name.size() > 1 && name.front() == '0';
  if (name.empty() || leading_zero || name.front() == '-') return std::nullopt;
  const std::optional<std::int64_t> number = parse_integer(name);
  if (!number || *number >= UINT32_MAX) return std::nullopt;
  return static_cast<std::uint32_t>(*number);
}

JsonValue element(JsonValue array, std::uint32_t index) noexcept {
  if (index >= array.size()) return {};
  auto at = array.begin();
  for (std::uint32_t i = 0; i < index; ++i) ++at;
  return *at;
}

constexpr char folded(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

std::string_view field_name(Field field) noexcept {
  return kFieldNames[static_cast<std::size_t>(field)];
}

std::optional<Field> field_of(std::string_view name) noexcept {
  const auto* const found = std::find(kFieldNames.begin(), kFieldNames.end(), name);
  if (found == kFieldNames.end()) return std::nullopt;
  return static_cast<Field>(found - kFieldNames.begin());
}

bool FoldedLess::operator()(std::string_view a, std::string_view b) const noexcept {
  return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(),
                                      [](char x, char y) { return folded(x) < folded(y); });
}

PointerSteps pointer_steps(std::string_view pointer) {
  PointerSteps steps;
  if (pointer.empty()) return steps;
  for (const std::string_view segment : split(pointer.substr(1), '/')) {
    std::string name = unescaped_segment(segment);
    const std::optional<std::uint32_t> index = array_index(name);
    steps.push_back({std::move(name), index});
  }
  return steps;
}

JsonValue follow(JsonValue value, const PointerSteps& steps) noexcept {
  for (const PointerStep& step : steps) {
    const bool by_index = value.is_array() && step.index;
    value = by_index ? element(value, *step.index) : value.member(step.name);
    if (!value.exists()) break;
  }
  return value;
}

std::size_t MemberSlots::bucket(std::string_view name) noexcept {
  if (name.empty()) return 0;
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(name[i]); };
  return (name.size() * 29 + byte(0) * 5u + byte(name.size() / 2) * 3u + byte(name.size() - 1)) %
         kBuckets;
}

std::size_t MemberSlots::add(const PointerStep& member) {
  for (std::size_t i = 0; i < members_.size(); ++i) {
    if (members_[i].step.name == member.name) return i;
  }
  std::uint32_t& head = buckets_[bucket(member.name)];
  members_.push_back({member, head});
  head = static_cast<std::uint32_t>(members_.size() - 1);
  return members_.size() - 1;
}

void MemberSlots::fill(JsonValue item, std::vector<JsonValue>& values) const {
  values.assign(members_.size(), JsonValue());
  item.is_array() ? fill_from_array(item, values) : fill_from_object(item, values);
}

void MemberSlots::fill_from_object(JsonValue object, std::vector<JsonValue>& values) const {
  std::size_t missing = members_.size();
  for (const JsonValue member : object) {
    const std::string_view key = member.key();
    std::uint32_t at = buckets_[bucket(key)];
    while (at != kNone && members_[at].step.name != key) at = members_[at].next;
    if (at == kNone || values[at].document() != nullptr) continue;
    values[at] = member;
    if (--missing == 0) return;
  }
}

void MemberSlots::fill_from_array(JsonValue array, std::vector<JsonValue>& values) const {
  std::uint32_t index = 0;
  for (const JsonValue element : array) {
    for (std::size_t i = 0; i < members_.size(); ++i) {
      if (members_[i].step.index == index) values[i] = element;
    }
    ++index;
  }
}

bool looks_beside(const Form& form) noexcept {
  const auto in_ref = [](const Source& source) { return source.ref.has_value(); };
  return in_ref(form.at) || (form.equals && in_ref(*form.equals)) ||
         std::any_of(
             form.pieces.begin(), form.pieces.end(),
             [&](const TemplatePiece& piece) { return piece.source && in_ref(*piece.source); }) ||
         std::any_of(form.alternatives.begin(), form.alternatives.end(), looks_beside);
}

}  // namespace earshot::core

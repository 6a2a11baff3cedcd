#include "unknown_values.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace earshot::core {

namespace {

constexpr std::size_t kMostValues = 1000;
constexpr std::size_t kMostNotes = 30;

std::string counted(std::uint64_t items) {
  return fmt::format("{} item{}", items, items == 1 ? "" : "s");
}

}  // namespace

bool UnknownValues::add(std::string_view mapping, const UnknownValue& unknown) {
  std::pair key{fmt::format("{}.{}", mapping, unknown.field), unknown.value};
  if (const auto known = items_.find(key); known != items_.end()) {
    ++known->second;
    return false;
  }
  if (items_.size() >= kMostValues) {
    ++others_;
    return false;
  }
  items_.emplace(std::move(key), 1);
  return true;
}

std::vector<std::string> UnknownValues::notes() const {
  std::vector<decltype(items_)::const_iterator> order;
  for (auto at = items_.begin(); at != items_.end(); ++at) order.push_back(at);
  std::stable_sort(order.begin(), order.end(),
                   [](const auto& a, const auto& b) { return a->second > b->second; });
  std::uint64_t others = others_;
  std::vector<std::string> out;
  for (const auto& at : order) {
    if (out.size() == kMostNotes) {
      others += at->second;
      continue;
    }
    out.push_back(fmt::format("{}: no word for '{}' ({})", at->first.first, at->first.second,
                              counted(at->second)));
  }
  if (others != 0) out.push_back(fmt::format("no word for further values ({})", counted(others)));
  return out;
}

}  // namespace earshot::core

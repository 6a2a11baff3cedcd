#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <earshot/core/normalize/mapping.hpp>

namespace earshot::core {

/// The values that a run's mappings had no word for, each with the number of its items.
/// [one thread at a time]
class UnknownValues {
 public:
  /// True where the value is met for the first time.
  bool add(std::string_view mapping, const UnknownValue& unknown);
  /// "ticket.severity: no word for 'critical' (3 items)"; the most frequent first, a few dozen at
  /// most.
  [[nodiscard]] std::vector<std::string> notes() const;

 private:
  std::map<std::pair<std::string, std::string>, std::uint64_t> items_;  ///< By field and value.
  std::uint64_t others_ = 0;  ///< Items with further values.
};

}  // namespace earshot::core

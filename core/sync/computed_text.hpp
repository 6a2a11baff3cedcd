#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <earshot/core/normalize/mapping.hpp>

namespace earshot::core {

/// Computed fields as they are stored beside an item; empty where there are none.
[[nodiscard]] std::string dump_computed(const std::vector<ComputedField>& fields);
/// Back again; what is no such text gives none.
[[nodiscard]] std::vector<ComputedField> parse_computed(std::string_view text);

}  // namespace earshot::core

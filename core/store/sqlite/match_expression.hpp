#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <earshot/core/base/result.hpp>

namespace earshot::core {

/// What a person typed as the index understands it: every word must be there; "words in quotes"
/// stand side by side; a last * stands for any ending. Nothing where there are no words; limit
/// where there are too many.
[[nodiscard]] Result<std::optional<std::string>> match_expression(std::string_view typed);

}  // namespace earshot::core

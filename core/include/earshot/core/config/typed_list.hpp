#pragma once

#include <string>
#include <vector>

#include <earshot/core/base/result.hpp>

namespace earshot::core {

/// The elements of a list as people type it, "[a, b]"; config where it is none.
[[nodiscard]] Result<std::vector<std::string>> typed_list(const std::string& text);

}  // namespace earshot::core

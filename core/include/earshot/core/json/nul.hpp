#pragma once

#include <string>

namespace earshot::core {

/// Makes U+FFFD of every U+0000 in the strings and names of a JSON text, as it becomes in all text
/// that is stored. Sizes and offsets stay.
void replace_nul(std::string& json) noexcept;

}  // namespace earshot::core

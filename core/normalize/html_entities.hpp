#pragma once

#include <string>
#include <string_view>

namespace earshot::core {

/// Appends `text` with its character references decoded: decimal, hexadecimal and the named ones of
/// HTML 4. What is no reference stays as it is.
void append_decoded(std::string& out, std::string_view text);

}  // namespace earshot::core

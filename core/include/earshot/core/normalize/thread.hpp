#pragma once

#include <string>
#include <string_view>

#include <earshot/core/base/result.hpp>

namespace earshot::core {

/// What several people said to each other as one text: in the order of time, those of one instant
/// as they come, each message below the line "NAME:", blank lines between. `json` is an array of
/// {"by": name, "at": time, "text": text, "format": "text" or "html"}; a message without a name has
/// no such line, one that shows nothing is left out. bad_data says what is not of that shape.
[[nodiscard]] Result<std::string> thread_to_text(std::string_view json);

}  // namespace earshot::core

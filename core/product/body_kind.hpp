#pragma once

#include <string_view>

namespace earshot::core {

/// What a body that should have been JSON seems to be by how it begins: "an HTML page", "XML",
/// "compressed data", "broken JSON", "plain text" or "binary data".
[[nodiscard]] std::string_view body_kind(std::string_view body) noexcept;

}  // namespace earshot::core

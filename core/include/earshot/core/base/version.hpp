#pragma once

#include <string_view>

namespace earshot::core {

/// The project's version, as its build file has it. Lives as long as the program.
[[nodiscard]] std::string_view version() noexcept;

}  // namespace earshot::core

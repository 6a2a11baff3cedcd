#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include <earshot/core/base/result.hpp>

namespace earshot::core {

/// A .env file is no larger than this.
inline constexpr std::size_t kLargestDotenv = 64U << 10;

/// Reads the lines NAME=value of a .env file. "export " may stand before a name; empty lines and
/// what follows a '#' at a line's start or behind a blank are comments. In '...' everything stands
/// for itself; in "..." \n, \r, \t, \", \\ and \$ are escapes; both may span lines. Nothing is
/// filled in. Of a name given twice the last counts. config, beginning with the line's number,
/// where a line is nothing of that.
[[nodiscard]] Result<std::map<std::string, std::string>> parse_dotenv(std::string_view text);

}  // namespace earshot::core

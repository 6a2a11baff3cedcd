#pragma once

#include <cstdio>
#include <utility>

#include <fmt/format.h>

#include "display_text.hpp"

namespace earshot::host {

/// Prints so that nothing of it controls a terminal. All that the program prints goes this way, but
/// for what `export` and `state get` give to files and pipes.
template <typename... Values>
void say(std::FILE* to, fmt::format_string<Values...> format, Values&&... values) {
  fmt::print(to, "{}", printable(fmt::format(format, std::forward<Values>(values)...)));
}

/// The same on standard output.
template <typename... Values>
void say(fmt::format_string<Values...> format, Values&&... values) {
  say(stdout, format, std::forward<Values>(values)...);
}

}  // namespace earshot::host

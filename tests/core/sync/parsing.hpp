#pragma once

/// On which threads this program parses. The linker leads every call of the two functions through
/// here: see `--wrap` in CMakeLists.txt.

#include <set>

#include <unistd.h>

namespace earshot::core {

struct Parsing {
  std::set<::pid_t> json;  ///< Threads that called JsonDocument::parse.
  std::set<::pid_t> html;  ///< Threads that called html_to_text.
};

/// Since the program began, or the last forget_parsing(). [thread-safe]
[[nodiscard]] Parsing parsing_so_far();
void forget_parsing();

}  // namespace earshot::core

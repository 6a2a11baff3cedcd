#pragma once

#include <CLI/CLI.hpp>

namespace earshot::host {

/// Takes one value each time it is typed. By itself CLI11 gives a list every word that follows, the
/// integration's name among them.
inline CLI::Option* repeatable(CLI::Option* option) {
  return option->expected(1)->take_all()->allow_extra_args(false);
}

}  // namespace earshot::host

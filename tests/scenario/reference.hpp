#pragma once

/// What docs/reference/cli.md promises of --json.

#include <cstddef>
#include <set>
#include <string>

#include <earshot/core/json/document.hpp>

namespace earshot::scenario {

using Names = std::set<std::string>;

/// The members of all objects in it.
[[nodiscard]] Names names_of(const core::JsonDocument& document);
/// The members that the page's table gives for a verb, in the n-th of its shapes.
[[nodiscard]] Names documented(const std::string& verb, std::size_t shape = 0);
/// The members of an example, in the page's order.
enum class Example { run, record };
[[nodiscard]] Names exemplified(Example which);

}  // namespace earshot::scenario

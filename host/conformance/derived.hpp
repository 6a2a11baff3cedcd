#pragma once

/// Recordings that the happy path is turned into.

#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "conformance/recording.hpp"

namespace earshot::conformance {

/// What shall stand in a list's place; nothing keeps it.
using ListEdit = std::function<std::optional<std::string>(core::JsonValue list)>;
/// Every list of items as `edit` wants it.
[[nodiscard]] Recording with_lists(Recording recording, const ListEdit& edit);

/// Every list with its first item alone.
[[nodiscard]] Recording shrunk(Recording recording);
/// Every list without an item; or those of one answer.
[[nodiscard]] Recording emptied(Recording recording);
[[nodiscard]] Recording emptied(Recording recording, std::size_t answer);
/// Every list from its end to its beginning.
[[nodiscard]] Recording reversed(Recording recording);
/// Every page begins with what the one before it ended with.
[[nodiscard]] Recording overlapping(Recording recording);
/// Every object with members that nobody ever heard of.
[[nodiscard]] Recording enriched(Recording recording);

/// Where values are in the answers, at whatever index: "/notes/*/title". Without the roots.
[[nodiscard]] std::set<std::string> places_in(const Recording& recording);
/// The pointer with '*' for every index.
[[nodiscard]] std::string place_of(const std::string& pointer);
/// Every value at that place that is of another kind than `wrong` becomes it.
[[nodiscard]] Recording confused(Recording recording, const std::string& place,
                                 const std::string& wrong);

/// Every string of the answers that is a key becomes what stands beside it.
[[nodiscard]] Recording replaced(Recording recording,
                                 const std::map<std::string, std::string>& texts);
/// Text as a JSON string.
[[nodiscard]] std::string json_text(std::string_view text);

/// An item of a list as it is later: other texts at `changes`, by pointer, and its times at `times`
/// an hour on.
[[nodiscard]] std::string later(core::JsonValue item,
                                const std::map<std::string, std::string>& changes,
                                const std::set<std::string>& times);

}  // namespace earshot::conformance

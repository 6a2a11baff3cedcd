#pragma once

/// Recorded exchanges, and what can be derived from them by changing them.

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <earshot/core/http/cassette.hpp>
#include <earshot/core/json/document.hpp>

namespace earshot::conformance {

using Recording = std::vector<core::CassetteEntry>;

/// Without the failures behind which the same was asked again and answered.
[[nodiscard]] Recording without_failures(Recording recording);

/// What shall stand in a value's place: nothing keeps it, "" leaves it out, else JSON.
using Edit = std::function<std::optional<std::string>(const std::string& pointer, core::JsonValue)>;

/// The JSON text with every value as `edit` wants it, the outer before the inner; text that is no
/// JSON stays as it is.
[[nodiscard]] std::string edited(const std::string& json, const Edit& edit);
/// The same for every successful answer.
[[nodiscard]] Recording edited(Recording recording, const Edit& edit);

/// True for a list of items: an array of objects that is a member of an answer's root.
[[nodiscard]] bool is_item_list(const std::string& pointer, core::JsonValue value);

}  // namespace earshot::conformance

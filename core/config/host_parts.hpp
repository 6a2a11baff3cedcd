#pragma once

#include <filesystem>
#include <functional>
#include <optional>

#include <earshot/core/config/config.hpp>

namespace earshot::core {

/// `log:`, checked against the schema before. `resolved` makes a path relative to the file
/// absolute.
[[nodiscard]] LogSettings read_log(
    JsonValue log, const std::function<std::filesystem::path(std::string_view)>& resolved);
/// The hours of `backfill:`, nothing where there are none; config where they or the zone are wrong.
[[nodiscard]] Result<std::optional<DailyHours>> read_backfill_hours(JsonValue backfill);

}  // namespace earshot::core

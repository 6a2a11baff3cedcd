#include "host_parts.hpp"

#include <string>
#include <utility>

#include <earshot/core/base/text.hpp>

namespace earshot::core {
namespace {

/// "10MiB", as the schema checked it.
std::uint64_t size_of(std::string_view text) {
  const std::size_t digits = text.find_first_not_of("0123456789");
  const auto count = static_cast<std::uint64_t>(parse_integer(text.substr(0, digits)).value_or(1));
  const std::string_view unit = text.substr(std::min(digits, text.size()));
  return count << (unit == "GiB" ? 30U : unit == "MiB" ? 20U : 10U);
}

std::optional<LogLevel> level_named(std::string_view name) {
  using enum LogLevel;
  for (const LogLevel level : {trace, debug, info, warn, error, off}) {
    if (to_string(level) == name) return level;
  }
  return std::nullopt;
}

}  // namespace

LogSettings read_log(JsonValue log,
                     const std::function<std::filesystem::path(std::string_view)>& resolved) {
  LogSettings settings;
  if (const JsonValue file = log.member("file"); file.exists())
    settings.file = resolved(file.text());
  settings.level = level_named(log.member("level").text());
  if (const JsonValue size = log.member("max_size"); size.exists())
    settings.max_size = size_of(size.text());
  settings.max_files =
      static_cast<std::uint32_t>(log.member("max_files").integer().value_or(settings.max_files));
  return settings;
}

Result<std::optional<DailyHours>> read_backfill_hours(JsonValue backfill) {
  const JsonValue hours = backfill.member("hours");
  if (!hours.exists()) return std::optional<DailyHours>{};
  const JsonValue zone = backfill.member("time_zone");
  EAR_TRY(DailyHours daily,
          DailyHours::parse(hours.text(), zone.exists() ? std::string(zone.text()) : "UTC"));
  return std::optional<DailyHours>(std::move(daily));
}

}  // namespace earshot::core

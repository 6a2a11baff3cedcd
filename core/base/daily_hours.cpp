#include "earshot/core/base/daily_hours.hpp"

#include <optional>
#include <stdexcept>
#include <vector>

#include <date/tz.h>
#include <fmt/format.h>

#include <earshot/core/base/text.hpp>

namespace earshot::core {
namespace {

using std::chrono::days;
using std::chrono::minutes;
using LocalMicros = date::local_time<Micros>;

/// "22:00", from 00:00 to 24:00.
std::optional<minutes> time_of_day(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto hour = parse_integer(text.substr(0, 2));
  const auto minute = parse_integer(text.substr(3));
  if (!hour || !minute || *hour < 0 || *minute < 0 || *minute > 59) return std::nullopt;
  const minutes time = std::chrono::hours(*hour) + minutes(*minute);
  return time <= days(1) ? std::optional(time) : std::nullopt;
}

/// When the clocks of a zone show that time: once, twice, or, where they skip it, when they do.
std::vector<Time> instants(const date::time_zone& zone, LocalMicros local) {
  const date::local_info info = zone.get_info(local);
  const Time standing(local.time_since_epoch());
  std::vector<Time> found{info.result == date::local_info::nonexistent
                              ? Time(info.first.end.time_since_epoch())
                              : standing - info.first.offset};
  if (info.result == date::local_info::ambiguous) found.push_back(standing - info.second.offset);
  return found;
}

}  // namespace

Result<DailyHours> DailyHours::parse(std::string_view hours, const std::string& time_zone) {
  const std::vector<std::string_view> parts = split(hours, '-');
  const auto begin = time_of_day(parts.front());
  const auto end = time_of_day(parts.back());
  if (parts.size() != 2 || !begin || !end || *begin == *end || *begin == days(1)) {
    return Error{
        .code = Code::config,
        .message = fmt::format("'{}' are no hours; give them as 22:00-06:00", shorten(hours, 40))};
  }
  DailyHours daily;
  try {
    daily.zone_ = date::locate_zone(time_zone);
  } catch (const std::runtime_error&) {
    return Error{.code = Code::config,
                 .message = fmt::format("there is no time zone '{}'; give one such as "
                                        "Europe/Berlin, or UTC",
                                        shorten(time_zone, 60))};
  }
  daily.begin_ = *begin;
  daily.end_ = *end;
  daily.text_ = fmt::format("{} {}", hours, time_zone);
  return daily;
}

bool DailyHours::contain(Time at) const {
  const LocalMicros local = zone_->to_local(at);
  const Micros time = local - date::floor<date::days>(local);
  if (begin_ < end_) return begin_ <= time && time < end_;
  return begin_ <= time || time < end_;
}

Time DailyHours::next_begin(Time at) const {
  for (auto day = date::floor<date::days>(zone_->to_local(at));; day += date::days(1)) {
    for (const Time begin : instants(*zone_, day + begin_)) {
      if (begin > at && contain(begin)) return begin;
    }
  }
}

}  // namespace earshot::core

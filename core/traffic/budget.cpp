#include "budget.hpp"

#include <algorithm>

namespace earshot::core {

Tick Budget::earliest(Tick from, std::uint32_t cost) const {
  return fit(std::max(from, hold_), cost);
}

std::uint64_t Budget::left(Tick now) const {
  return hold_ > now ? 0 : unspent(now);
}

Tick Budget::whole_at(Tick now) const {
  return std::max(hold_, spent_until(now));
}

std::int64_t to_calendar(Tick tick, Tick now, Time calendar) noexcept {
  return (calendar + (tick - now)).time_since_epoch().count();
}

Tick from_calendar(std::int64_t micros, Tick now, Time calendar) noexcept {
  constexpr Micros kFarthest = std::chrono::days(3650);
  const Micros away = Time(Micros(std::clamp<std::int64_t>(micros, 0, 1LL << 58))) - calendar;
  return now + std::clamp(away, -kFarthest, kFarthest);
}

}  // namespace earshot::core

#include "token_bucket.hpp"

#include <algorithm>
#include <cmath>

namespace earshot::core {
namespace {

constexpr double kRounding = 1e-6;
constexpr std::uint64_t kMostUnits = 1'000'000;

}  // namespace

double TokenBucket::units(std::uint32_t cost) const noexcept {
  return static_cast<double>(std::min<std::uint64_t>(cost, limit()));
}

Micros TokenBucket::time_for(double missing) const noexcept {
  if (missing <= kRounding) return Micros(0);
  return Micros(static_cast<std::int64_t>(std::ceil(missing / per_micro_)));
}

void TokenBucket::refill(Level& level, Tick to) const noexcept {
  if (to <= level.at) return;
  const double grown = level.units + per_micro_ * static_cast<double>((to - level.at).count());
  level = {to, std::min(grown, static_cast<double>(limit()))};
}

void TokenBucket::draw(Level& level, const Ahead& booking) const noexcept {
  refill(level, booking.at);
  level.units -= booking.cost;
}

TokenBucket::Bookings::const_iterator TokenBucket::first_spoilt(
    Level level, Bookings::const_iterator next) const {
  for (; next != ahead_.end(); ++next) {
    draw(level, *next);
    if (level.units < -kRounding) break;
  }
  return next;
}

Tick TokenBucket::fit(Tick from, std::uint32_t cost) const {
  Level level{at_, level_};
  auto next = ahead_.begin();
  for (; next != ahead_.end() && next->at <= from; ++next) draw(level, *next);
  refill(level, from);
  for (;;) {
    const Tick ready = level.at + time_for(units(cost) - level.units);
    Level with = level;
    auto spoilt = next;
    if (next == ahead_.end() || ready <= next->at) {
      refill(with, ready);
      with.units -= units(cost);
      spoilt = first_spoilt(with, next);
      if (spoilt == ahead_.end()) return ready;
    }
    for (++spoilt; next != spoilt; ++next) draw(level, *next);
  }
}

void TokenBucket::settle(Tick to) {
  Level level{at_, level_};
  for (; !ahead_.empty() && ahead_.front().at <= to; ahead_.pop_front()) {
    draw(level, ahead_.front());
  }
  refill(level, to);
  at_ = level.at;
  level_ = level.units;
}

void TokenBucket::take(Tick at, Tick now, std::uint32_t cost, bool in_line) {
  settle(now);
  if (in_line) {
    settle(at);
    level_ -= units(cost);
    return;
  }
  const auto place =
      std::upper_bound(ahead_.begin(), ahead_.end(), at,
                       [](Tick tick, const Ahead& other) { return tick < other.at; });
  ahead_.insert(place, {at, units(cost)});
}

void TokenBucket::give_back(Tick at, std::uint32_t cost) {
  const auto booked = std::find_if(ahead_.begin(), ahead_.end(), [&](const Ahead& booking) {
    return booking.at == at && booking.cost == units(cost);
  });
  if (booked != ahead_.end()) {
    ahead_.erase(booked);
  } else {
    level_ = std::min(level_ + units(cost), static_cast<double>(limit()));
  }
}

void TokenBucket::resize(std::uint64_t limit) {
  set_limit(std::clamp<std::uint64_t>(limit, 1, kMostUnits));
  level_ = std::min(level_, static_cast<double>(this->limit()));
}

void TokenBucket::lower_to(std::uint64_t left, Tick now, std::optional<Tick> /*until*/) {
  settle(now);
  if (at_ == now) level_ = std::min(level_, static_cast<double>(left));
}

std::uint64_t TokenBucket::unspent(Tick now) const {
  Level level{at_, level_};
  for (const Ahead& booking : ahead_) draw(level, booking);
  refill(level, now);
  return level.at > now ? 0 : static_cast<std::uint64_t>(std::max(level.units + kRounding, 0.0));
}

Tick TokenBucket::spent_until(Tick now) const {
  Level level{at_, level_};
  for (const Ahead& booking : ahead_) draw(level, booking);
  refill(level, now);
  return level.at + time_for(static_cast<double>(limit()) - level.units);
}

void TokenBucket::save(JsonWriter& out, Tick now, Time calendar) const {
  Level level{at_, level_};
  refill(level, now);
  out.member("at", to_calendar(level.at, now, calendar));
  out.member("tokens", level.units);
}

void TokenBucket::restore(JsonValue saved, Tick now, Time calendar) {
  const auto at = saved.member("at").integer();
  const auto tokens = saved.member("tokens").real();
  if (!at || !tokens || !std::isfinite(*tokens)) return;
  const auto most = static_cast<double>(limit());
  Level level{std::min(from_calendar(*at, now, calendar), now), std::clamp(*tokens, 0.0, most)};
  refill(level, now);
  settle(now);
  level_ = std::max(level_ - (most - level.units), 0.0);
}

}  // namespace earshot::core

#include "fixed_window.hpp"

#include <algorithm>
#include <utility>

namespace earshot::core {
namespace {

/// As much as a manifest may declare.
constexpr std::uint64_t kMostUnits = 1'000'000'000;
/// Products tell the time to their reset in whole seconds, and not whether rounded up.
constexpr Micros kRounding = std::chrono::seconds(1);

}  // namespace

std::int64_t FixedWindow::window_at(Tick at) const {
  const Micros since = at - *begin_;
  const std::int64_t window = since / per_;
  return since % per_ < Micros(0) ? window - 1 : window;
}

Tick FixedWindow::end_of(std::int64_t window) const {
  return *begin_ + per_ * (window + 1);
}

std::uint64_t FixedWindow::spent_in(std::int64_t window) const {
  const auto found = spent_.find(window);
  return found == spent_.end() ? 0 : found->second;
}

std::uint64_t FixedWindow::units(std::uint32_t cost) const noexcept {
  return std::min<std::uint64_t>(cost, limit());
}

Tick FixedWindow::fit(Tick from, std::uint32_t cost) const {
  if (!begin_) return from;
  Tick at = from;
  while (spent_in(window_at(at)) + units(cost) > limit()) at = end_of(window_at(at));
  return at;
}

void FixedWindow::take(Tick at, Tick now, std::uint32_t cost, bool /*in_line*/) {
  if (!begin_) begin_ = at;
  spent_.erase(spent_.begin(), spent_.lower_bound(window_at(now)));
  spent_[window_at(at)] += units(cost);
}

void FixedWindow::give_back(Tick at, std::uint32_t cost) {
  if (!begin_) return;
  const auto found = spent_.find(window_at(at));
  if (found != spent_.end()) found->second -= std::min(found->second, units(cost));
}

void FixedWindow::resize(std::uint64_t limit) {
  set_limit(std::clamp<std::uint64_t>(limit, 1, kMostUnits));
}

void FixedWindow::lower_to(std::uint64_t left, Tick now, std::optional<Tick> until) {
  if (until) align(now, std::min(*until + kRounding, now + per_));
  if (!begin_) begin_ = now;
  std::uint64_t& spent = spent_[window_at(now)];
  spent = std::max(spent, limit() - std::min(left, limit()));
}

void FixedWindow::align(Tick now, Tick end) {
  if (!begin_) {
    begin_ = end;
    return;
  }
  const std::int64_t current = window_at(now);
  const bool began_anew = end - end_of(current) > per_ / 2;
  std::map<std::int64_t, std::uint64_t> spent;
  begin_ = end;
  for (const auto& [window, count] : spent_) {
    if (window > current || (window == current && !began_anew)) {
      spent[window - current + window_at(now)] = count;
    }
  }
  spent_ = std::move(spent);
}

std::uint64_t FixedWindow::unspent(Tick now) const {
  return begin_ ? limit() - std::min(spent_in(window_at(now)), limit()) : limit();
}

Tick FixedWindow::spent_until(Tick now) const {
  Tick until = now;
  for (const auto& [window, count] : spent_) {
    if (count > 0) until = std::max(until, end_of(window));
  }
  return until;
}

void FixedWindow::save(JsonWriter& out, Tick now, Time calendar) const {
  if (!begin_) return;
  out.member("end", to_calendar(end_of(window_at(now)), now, calendar));
  out.member("spent", spent_in(window_at(now)));
}

void FixedWindow::restore(JsonValue saved, Tick now, Time calendar) {
  const auto end = saved.member("end").integer();
  const auto spent = saved.member("spent").integer();
  if (!end || !spent || *spent < 0) return;
  begin_ = std::min(from_calendar(*end, now, calendar), now + per_);
  if (*begin_ <= now) return;
  spent_[window_at(now)] = std::min(static_cast<std::uint64_t>(*spent), limit());
}

}  // namespace earshot::core

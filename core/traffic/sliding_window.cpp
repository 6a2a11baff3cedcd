#include "sliding_window.hpp"

#include <algorithm>

namespace earshot::core {
namespace {

/// As much as a manifest may declare.
constexpr std::uint64_t kMostUnits = 1'000'000'000;
constexpr int kSlices = 64;

}  // namespace

std::size_t SlidingWindow::after(Tick tick) const {
  const auto later = std::upper_bound(runs_.begin(), runs_.end(), tick,
                                      [](Tick point, const Run& run) { return point < run.at; });
  return static_cast<std::size_t>(later - runs_.begin());
}

std::uint64_t SlidingWindow::units_before(std::size_t run) const {
  return run == 0 ? forgotten_ : runs_[run - 1].total;
}

std::uint64_t SlidingWindow::units_since(Tick begin) const {
  return units_before(runs_.size()) - units_before(after(begin));
}

Tick SlidingWindow::fit(Tick from, std::uint32_t cost) const {
  Tick at = std::max(from, line_);
  const std::uint64_t full = limit() - std::min<std::uint64_t>(cost, limit()) + 1;
  // Every `full` neighbours together with `at` must span `per` or more.
  for (std::size_t i = after(at + -per_); i < runs_.size(); ++i) {
    const auto filled = std::lower_bound(
        runs_.begin() + static_cast<std::ptrdiff_t>(i), runs_.end(), units_before(i) + full,
        [](const Run& run, std::uint64_t total) { return run.total < total; });
    if (filled == runs_.end() || filled->at - at >= per_) break;
    const Tick first = runs_[i].at;
    if (std::max(filled->at, at) - std::min(first, at) < per_) at = first + per_;
  }
  return at;
}

void SlidingWindow::take(Tick at, Tick now, std::uint32_t cost, bool in_line) {
  for (; !runs_.empty() && now - runs_.front().at >= per_; runs_.pop_front()) {
    forgotten_ = runs_.front().total;
  }
  insert(at, std::min<std::uint64_t>(cost, limit()));
  if (in_line) line_ = std::max(line_, at);
}

void SlidingWindow::insert(Tick at, std::uint64_t count) {
  std::size_t run = after(at);
  if (run > 0 && runs_[run - 1].at == at) {
    --run;
  } else {
    runs_.insert(runs_.begin() + static_cast<std::ptrdiff_t>(run), {at, units_before(run)});
  }
  for (; run < runs_.size(); ++run) runs_[run].total += count;
}

void SlidingWindow::give_back(Tick at, std::uint32_t cost) {
  line_ = {};
  const std::size_t end = after(at);
  if (end == 0 || runs_[end - 1].at != at) return;
  const std::uint64_t there = units_before(end) - units_before(end - 1);
  const std::uint64_t units = std::min({std::uint64_t{cost}, limit(), there});
  for (std::size_t run = end - 1; run < runs_.size(); ++run) runs_[run].total -= units;
  if (units == there) runs_.erase(runs_.begin() + static_cast<std::ptrdiff_t>(end - 1));
}

void SlidingWindow::resize(std::uint64_t limit) {
  set_limit(std::clamp<std::uint64_t>(limit, 1, kMostUnits));
  line_ = {};
}

void SlidingWindow::lower_to(std::uint64_t left, Tick now, std::optional<Tick> until) {
  const std::uint64_t counted = units_before(after(now)) - units_before(after(now + -per_));
  const std::uint64_t mine = limit() - std::min(counted, limit());
  if (left >= mine) return;
  const Tick as_if_sent = until ? std::min(*until + -per_, now) : now;
  if (now - as_if_sent < per_) insert(as_if_sent, mine - left);
}

std::uint64_t SlidingWindow::unspent(Tick now) const {
  return limit() - std::min(units_since(now + -per_), limit());
}

Tick SlidingWindow::spent_until(Tick now) const {
  return runs_.empty() ? now : runs_.back().at + per_;
}

void SlidingWindow::save(JsonWriter& out, Tick now, Time calendar) const {
  const Tick begin = now + -per_;
  const Micros slice = std::max(per_ / kSlices, Micros(1));
  out.key("sent");
  out.begin_array();
  const std::size_t end = after(now);
  for (std::size_t i = after(begin); i < end;) {
    // Times are rounded up to the last of their slice, so nothing counts too short.
    const Tick slice_end = begin + slice * ((runs_[i].at - begin) / slice + 1);
    const std::size_t next = std::min(end, after(slice_end + Micros(-1)));
    out.begin_array();
    out.integer(to_calendar(runs_[next - 1].at, now, calendar));
    out.unsigned_integer(units_before(next) - units_before(i));
    out.end_array();
    i = next;
  }
  out.end_array();
}

void SlidingWindow::restore(JsonValue saved, Tick now, Time calendar) {
  for (const JsonValue entry : saved.member("sent")) {
    const auto time = entry.at("/0").integer();
    const auto count = entry.at("/1").integer();
    const std::uint64_t here = units_before(runs_.size()) - forgotten_;
    if (!time || !count || *count < 1 || here >= limit()) continue;
    const Tick at = std::min(from_calendar(*time, now, calendar), now);
    const std::uint64_t room = limit() - here;
    if (now - at < per_) insert(at, std::min(static_cast<std::uint64_t>(*count), room));
  }
}

}  // namespace earshot::core

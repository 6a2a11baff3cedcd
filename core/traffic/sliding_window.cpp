#include "sliding_window.hpp"

#include <algorithm>

namespace earshot::core {
namespace {

constexpr std::uint64_t kMostUnits = 1'000'000;
constexpr int kSlices = 64;

std::ptrdiff_t offset(std::size_t index) {
  return static_cast<std::ptrdiff_t>(index);
}

}  // namespace

std::size_t SlidingWindow::after(Tick tick) const {
  return static_cast<std::size_t>(std::upper_bound(sent_.begin(), sent_.end(), tick) -
                                  sent_.begin());
}

Tick SlidingWindow::fit(Tick from, std::uint32_t cost) const {
  Tick at = std::max(from, line_);
  const std::size_t full = limit() - std::min<std::uint64_t>(cost, limit()) + 1;
  // Every `full` neighbours together with `at` must span `per` or more.
  for (std::size_t i = after(at + -per_); i + full <= sent_.size(); ++i) {
    const Tick first = sent_[i];
    const Tick last = sent_[i + full - 1];
    if (last - at >= per_) break;
    if (std::max(last, at) - std::min(first, at) < per_) at = first + per_;
  }
  return at;
}

void SlidingWindow::take(Tick at, Tick now, std::uint32_t cost, bool in_line) {
  while (!sent_.empty() && now - sent_.front() >= per_) sent_.pop_front();
  insert(at, std::min<std::uint64_t>(cost, limit()));
  if (in_line) line_ = std::max(line_, at);
}

void SlidingWindow::insert(Tick at, std::uint64_t count) {
  sent_.insert(sent_.begin() + offset(after(at)), count, at);
}

void SlidingWindow::give_back(Tick at, std::uint32_t cost) {
  const std::size_t end = after(at);
  std::size_t begin = end;
  const std::uint64_t units = std::min<std::uint64_t>(cost, limit());
  while (begin > 0 && end - begin < units && sent_[begin - 1] == at) --begin;
  sent_.erase(sent_.begin() + offset(begin), sent_.begin() + offset(end));
  line_ = {};
}

void SlidingWindow::resize(std::uint64_t limit) {
  set_limit(std::clamp<std::uint64_t>(limit, 1, kMostUnits));
  line_ = {};
}

void SlidingWindow::lower_to(std::uint64_t left, Tick now, std::optional<Tick> until) {
  const std::size_t counted = after(now) - after(now + -per_);
  const std::uint64_t mine = limit() - std::min<std::uint64_t>(counted, limit());
  if (left >= mine) return;
  const Tick as_if_sent = until ? std::min(*until + -per_, now) : now;
  if (now - as_if_sent < per_) insert(as_if_sent, mine - left);
}

std::uint64_t SlidingWindow::unspent(Tick now) const {
  const std::size_t counted = sent_.size() - after(now + -per_);
  return limit() - std::min<std::uint64_t>(counted, limit());
}

Tick SlidingWindow::spent_until(Tick now) const {
  return sent_.empty() ? now : sent_.back() + per_;
}

void SlidingWindow::save(JsonWriter& out, Tick now, Time calendar) const {
  const Tick begin = now + -per_;
  const Micros slice = std::max(per_ / kSlices, Micros(1));
  out.key("sent");
  out.begin_array();
  std::size_t i = after(begin);
  const std::size_t end = after(now);
  while (i <
         end) {  // Times are rounded up to the last of their slice, so nothing counts too short.
    const Tick slice_end = begin + slice * ((sent_[i] - begin) / slice + 1);
    const std::size_t next = std::min(end, after(slice_end + Micros(-1)));
    out.begin_array();
    out.integer(to_calendar(sent_[next - 1], now, calendar));
    out.unsigned_integer(next - i);
    out.end_array();
    i = next;
  }
  out.end_array();
}

void SlidingWindow::restore(JsonValue saved, Tick now, Time calendar) {
  for (const JsonValue entry : saved.member("sent")) {
    const auto time = entry.at("/0").integer();
    const auto count = entry.at("/1").integer();
    if (!time || !count || *count < 1 || sent_.size() >= limit()) continue;
    const Tick at = std::min(from_calendar(*time, now, calendar), now);
    const std::uint64_t room = limit() - sent_.size();
    if (now - at < per_) insert(at, std::min(static_cast<std::uint64_t>(*count), room));
  }
}

}  // namespace earshot::core

#include "progress_bars.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "program.hpp"

namespace earshot::host {

namespace {

constexpr std::chrono::milliseconds kBetweenFrames{100};
constexpr core::Micros kShortestWaitShown = std::chrono::milliseconds(500);

}  // namespace

ProgressBars::ProgressBars(Program& program, const std::vector<std::string>& names)
    : clock_(program.clock()),
      terminal_(program.terminal()),
      drawn_(terminal_.traits().live && !program.options().quiet && !names.empty()),
      started_(clock_.tick()) {
  if (!drawn_) return;
  for (const std::string& name : names)
    bars_[name] = {.place = bars_.size(), .progress = {.name = name}, .wait = {}};
  thread_ = std::thread([this] { draw_until_finished(); });
}

ProgressBars::~ProgressBars() {
  finish();
}

void ProgressBars::update(const core::RunProgress& progress) {
  const core::MutexLock lock(mutex_);
  const auto bar = bars_.find(progress.integration);
  if (bar == bars_.end()) return;
  bar->second.progress.records = progress.counts.fetched();
  bar->second.progress.total = progress.total;
  bar->second.wait = progress.wait;
}

void ProgressBars::end(const std::string& name, std::string_view how) {
  const core::MutexLock lock(mutex_);
  const auto bar = bars_.find(name);
  if (bar == bars_.end()) return;
  bar->second.progress.end = how;
  bar->second.ended = clock_.tick() - started_;
}

void ProgressBars::stopping() {
  const core::MutexLock lock(mutex_);
  stopping_ = true;
}

void ProgressBars::finish() {
  if (!thread_.joinable()) return;
  {
    const core::MutexLock lock(mutex_);
    finished_ = true;
  }
  changed_.notify_all();
  thread_.join();
  terminal_.draw({});
}

void ProgressBars::draw_until_finished() {
  core::MutexLock lock(mutex_);
  while (!finished_) {
    std::vector<ShownLine> now = lines();
    lock.unlock();
    terminal_.draw(std::move(now));
    lock.lock();
    if (!finished_) lock.wait_for(changed_, kBetweenFrames);
  }
}

std::vector<ShownLine> ProgressBars::lines() {
  const core::Tick now = clock_.tick();
  std::vector<Progress> all(bars_.size());
  for (const auto& [name, bar] : bars_) {
    Progress& one = all[bar.place] = bar.progress;
    const bool over = !one.end.empty();
    one.elapsed = over ? bar.ended : now - started_;
    if (over) continue;
    if (stopping_) one.end = "stopping";
    if (bar.wait && bar.wait->until - now > kShortestWaitShown) one.wait = describe(*bar.wait);
  }
  const TerminalSize size = terminal_.size();
  const std::size_t most = std::max<std::size_t>(size.rows, 3) - 2;
  std::vector<ShownLine> lines = progress_lines(all, size.columns, terminal_.traits());
  if (lines.size() <= most) return lines;
  const std::string more = fmt::format("and {} more", lines.size() - most);
  lines.resize(most);
  lines.push_back({more, more.size()});
  return lines;
}

std::string ProgressBars::describe(const core::TrafficWait& wait) const {
  const std::string time =
      core::human_duration(std::chrono::ceil<std::chrono::seconds>(wait.until - clock_.tick()));
  using Reason = core::TrafficWait::Reason;
  switch (wait.reason) {
    case Reason::refused: return time + ", the product refused for rate";
    case Reason::retry: return fmt::format("{} to try again: {}", time, wait.why);
    case Reason::quota: break;
  }
  return wait.why.empty() ? time + " for quota" : fmt::format("{} for quota ({})", time, wait.why);
}

}  // namespace earshot::host

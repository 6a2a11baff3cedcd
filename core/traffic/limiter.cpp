#include <algorithm>

#include <earshot/core/base/text.hpp>
#include <earshot/core/traffic/limiter.hpp>

#include "budget.hpp"
#include "limit_headers.hpp"
#include "sliding_window.hpp"
#include "token_bucket.hpp"

namespace earshot::core {
namespace {

constexpr std::size_t kFewBudgets = 64;
/// A reset further away than this (and than the budget's own time) is not believed.
constexpr Micros kFarthestReset = std::chrono::hours(24);

bool matches(const LimitRule& rule, std::string_view path) {
  return rule.match.empty() || glob_match(rule.match, path);
}

/// The first instant at which every budget has room.
Tick first_fit(const std::vector<const Budget*>& budgets, std::uint32_t cost, Tick from) {
  Tick at = from;
  for (bool moved = true; moved;) {
    moved = false;
    for (const Budget* budget : budgets) {
      const Tick fits = budget->earliest(at, cost);
      moved = moved || fits > at;
      at = fits;
    }
  }
  return at;
}

void apply(Budget& budget, const PublishedLimit& said, Micros per, Tick now) {
  if (said.limit && *said.limit > 0 && *said.limit != budget.limit()) budget.resize(*said.limit);
  auto remaining = said.remaining;
  if (!remaining && said.used) remaining = budget.limit() - std::min(*said.used, budget.limit());
  if (!remaining) return;
  std::optional<Tick> reset;
  if (said.reset_in) reset = now + std::min(*said.reset_in, std::max(per, kFarthestReset));
  budget.lower_to(*remaining, now, reset);
  if (*remaining == 0 && reset) budget.hold_until(*reset);
}

}  // namespace

RateLimiter::RateLimiter(std::vector<LimitRule> rules, Micros slack)
    : rules_(std::move(rules)), slack_(slack) {}
RateLimiter::RateLimiter(RateLimiter&& other) noexcept = default;
RateLimiter& RateLimiter::operator=(RateLimiter&& other) noexcept = default;
RateLimiter::~RateLimiter() = default;

std::unique_ptr<Budget> RateLimiter::make_budget(const LimitRule& rule) const {
  const std::uint32_t requests = std::max(rule.requests, 1U);
  const Micros published = std::max(rule.per, Micros(1));
  const Micros per = published + std::min(published / 100, slack_);
  if (rule.burst) return std::make_unique<TokenBucket>(std::max(*rule.burst, 1U), requests, per);
  return std::make_unique<SlidingWindow>(requests, per);
}

const Budget* RateLimiter::find(std::size_t rule, const LimitDraw& draw) const {
  const auto key = rules_[rule].per_key ? draw.key : std::string_view{};
  const auto found = budgets_.find(Key(rule, key));
  return found == budgets_.end() ? nullptr : found->second.get();
}

Budget& RateLimiter::budget(std::size_t rule, std::string_view key) {
  auto& budget = budgets_[Key(rule, rules_[rule].per_key ? key : std::string_view{})];
  if (!budget) budget = make_budget(rules_[rule]);
  return *budget;
}

std::vector<const Budget*> RateLimiter::matching(const LimitDraw& draw) const {
  std::vector<const Budget*> found;
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    if (!matches(rules_[i], draw.path)) continue;
    if (const Budget* known = find(i, draw)) found.push_back(known);
  }
  return found;
}

Micros RateLimiter::delay(const LimitDraw& draw, Tick now) const {
  return first_fit(matching(draw), std::max(draw.cost, 1U), std::max(now, hold_)) - now;
}

Micros RateLimiter::book(const LimitDraw& draw, Tick now) {
  drop_idle(now);
  const std::uint32_t cost = std::max(draw.cost, 1U);
  std::vector<Budget*> drawn;
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    if (matches(rules_[i], draw.path)) drawn.push_back(&budget(i, draw.key));
  }
  const Tick from = std::max(now, hold_);
  const Tick at = first_fit({drawn.begin(), drawn.end()}, cost, from);
  for (Budget* budget : drawn) budget->take(at, now, cost, budget->earliest(from, cost) == at);
  return at - now;
}

void RateLimiter::give_back(const LimitDraw& draw, Tick at) {
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    if (matches(rules_[i], draw.path) && find(i, draw) != nullptr) {
      budget(i, draw.key).give_back(at, std::max(draw.cost, 1U));
    }
  }
}

Micros RateLimiter::held(const LimitDraw& draw, Tick now) const {
  Tick until = std::max(now, hold_);
  for (const Budget* budget : matching(draw)) until = std::max(until, budget->hold());
  return until - now;
}

void RateLimiter::learn(const LimitDraw& draw, const HttpHeaders& headers, Tick now,
                        Time calendar) {
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    const LimitRule& rule = rules_[i];
    if (!matches(rule, draw.path)) continue;
    const PublishedLimit said = read_limit_headers(rule.headers, headers, calendar);
    if (said.limit || said.remaining || said.used) {
      apply(budget(i, draw.key), said, rule.per, now);
    }
  }
}

void RateLimiter::pause(const LimitDraw& draw, Tick until, bool whole_account) {
  const auto rule = most_specific_index(draw.path);
  if (whole_account || !rule) {
    hold_ = std::max(hold_, until);
  } else {
    budget(*rule, draw.key).hold_until(until);
  }
}

std::optional<std::size_t> RateLimiter::most_specific_index(std::string_view path) const {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    if (!matches(rules_[i], path)) continue;
    if (!best || rules_[i].match.size() > rules_[*best].match.size()) best = i;
  }
  return best;
}

const LimitRule* RateLimiter::most_specific(std::string_view path) const {
  const auto index = most_specific_index(path);
  return index ? &rules_[*index] : nullptr;
}

std::vector<BudgetView> RateLimiter::view(Tick now) const {
  std::vector<BudgetView> views;
  for (const LimitRule& rule : rules_) {
    const std::uint64_t whole = rule.burst.value_or(rule.requests);
    views.push_back({rule.bucket, whole, hold_ > now ? 0 : whole, std::max(hold_, now) - now});
  }
  std::vector<bool> seen(views.size(), false);
  for (const auto& entry : budgets_) {
    const std::size_t rule = entry.first.first;
    const Budget& budget = *entry.second;
    BudgetView& view = views[rule];
    const std::uint64_t left = hold_ > now ? 0 : budget.left(now);
    if (seen[rule] && left >= view.left) continue;
    seen[rule] = true;
    view.limit = budget.limit();
    view.left = left;
    view.whole_in = std::max({budget.whole_at(now), hold_, now}) - now;
  }
  return views;
}

void RateLimiter::drop_idle(Tick now) {
  if (budgets_.size() < drop_idle_at_) return;
  std::erase_if(budgets_, [&](const auto& entry) {
    return rules_[entry.first.first].per_key && entry.second->idle(now);
  });
  drop_idle_at_ = std::max(kFewBudgets, budgets_.size() * 2);
}

}  // namespace earshot::core

#include <algorithm>
#include <utility>

#include <earshot/core/base/text.hpp>
#include <earshot/core/traffic/hold.hpp>
#include <earshot/core/traffic/limiter.hpp>

#include "budget.hpp"
#include "fixed_window.hpp"
#include "limit_headers.hpp"
#include "sliding_window.hpp"
#include "token_bucket.hpp"

namespace earshot::core {
namespace {

constexpr std::size_t kFewBudgets = 64;

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

void apply(Budget& budget, const LimitRule& rule, const PublishedLimit& said, Tick now) {
  if (!rule.by_operator && said.limit && *said.limit > 0 && *said.limit != budget.limit())
    budget.resize(*said.limit);
  auto remaining = said.remaining;
  if (!remaining && said.used) {
    const std::uint64_t whole = said.limit.value_or(budget.limit());
    remaining = whole - std::min(*said.used, whole);
  }
  if (!remaining) return;
  std::optional<Tick> reset;
  const Micros per = rule.headers.per > Micros(0) ? rule.headers.per : rule.per;
  if (said.reset_in) reset = now + std::min(*said.reset_in, std::max<Micros>(per, kLongestHold));
  budget.lower_to(*remaining, now, reset);
  if (*remaining == 0 && reset) budget.hold_until(*reset);
}

}  // namespace

RateLimiter::RateLimiter(std::vector<LimitRule> rules, Micros slack) : slack_(slack) {
  for (LimitRule& rule : rules) rules_.push_back({std::move(rule), {}});
}
RateLimiter::RateLimiter(RateLimiter&& other) noexcept = default;
RateLimiter& RateLimiter::operator=(RateLimiter&& other) noexcept = default;
RateLimiter::~RateLimiter() = default;

bool RateLimiter::add(const std::string& integration, std::vector<LimitRule> rules) {
  const bool known = std::any_of(rules_.begin(), rules_.end(), [&](const Declared& declared) {
    return declared.integration == integration;
  });
  if (known) return false;
  for (LimitRule& rule : rules) rules_.push_back({std::move(rule), integration});
  return true;
}

bool RateLimiter::matches(std::size_t rule, const LimitDraw& draw) const {
  const Declared& declared = rules_[rule];
  if (!declared.integration.empty() && declared.integration != draw.integration) return false;
  return declared.rule.match.empty() || glob_match(declared.rule.match, draw.path);
}

Micros RateLimiter::stretched(Micros per) const {
  const Micros published = std::max(per, Micros(1));
  return published + std::min(published / 100, slack_);
}

std::unique_ptr<Budget> RateLimiter::make_budget(const LimitRule& rule) const {
  const std::uint32_t requests = std::max(rule.requests, 1U);
  if (rule.fixed_window)
    return std::make_unique<FixedWindow>(requests, std::max(rule.per, Micros(1)));
  const Micros per = stretched(rule.per);
  if (rule.burst) return std::make_unique<TokenBucket>(std::max(*rule.burst, 1U), requests, per);
  return std::make_unique<SlidingWindow>(requests, per);
}

auto RateLimiter::key_of(std::size_t rule, std::string_view key) const -> Key {
  return {rule, std::string(rules_[rule].rule.per_key ? key : std::string_view{})};
}

const Budget* RateLimiter::find(std::size_t rule, const LimitDraw& draw) const {
  const auto found = budgets_.find(key_of(rule, draw.key));
  return found == budgets_.end() ? nullptr : found->second.get();
}

Budget& RateLimiter::budget(std::size_t rule, std::string_view key) {
  auto& budget = budgets_[key_of(rule, key)];
  if (!budget) budget = make_budget(rules_[rule].rule);
  return *budget;
}

std::vector<const Budget*> RateLimiter::matching(const LimitDraw& draw) const {
  std::vector<const Budget*> found;
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    if (!matches(i, draw)) continue;
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
    if (matches(i, draw)) drawn.push_back(&budget(i, draw.key));
  }
  const Tick from = std::max(now, hold_);
  const Tick at = first_fit({drawn.begin(), drawn.end()}, cost, from);
  for (Budget* budget : drawn) budget->take(at, now, cost, budget->earliest(from, cost) == at);
  return at - now;
}

void RateLimiter::give_back(const LimitDraw& draw, Tick at) {
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    if (matches(i, draw) && find(i, draw) != nullptr) {
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
    if (!matches(i, draw)) continue;
    const LimitRule& rule = rules_[i].rule;
    const PublishedLimit said = read_limit_headers(rule.headers, headers, calendar);
    if (said.limit && *said.limit > 0 && rule.headers.per > Micros(0) && !rule.by_operator) {
      adopt_windows(key_of(i, draw.key), *said.limit);
    }
    if (said.limit || said.remaining || said.used) {
      apply(budget(i, draw.key), rule, said, now);
    }
  }
}

void RateLimiter::adopt_windows(const Key& key, std::uint64_t limit) {
  if (!adopted_.insert(key).second) return;
  std::unique_ptr<Budget>& budget = budgets_[key];
  auto windows = std::make_unique<SlidingWindow>(1, stretched(rules_[key.first].rule.headers.per));
  windows->resize(limit);
  if (budget) windows->hold_until(budget->hold());
  budget = std::move(windows);
}

void RateLimiter::pause(const LimitDraw& draw, Tick until, bool whole_account) {
  const auto rule = most_specific_index(draw);
  if (whole_account || !rule) {
    hold_ = std::max(hold_, until);
  } else {
    budget(*rule, draw.key).hold_until(until);
  }
}

std::optional<std::size_t> RateLimiter::most_specific_index(const LimitDraw& draw) const {
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    if (!matches(i, draw)) continue;
    if (!best || rules_[i].rule.match.size() > rules_[*best].rule.match.size()) best = i;
  }
  return best;
}

const LimitRule* RateLimiter::narrowest(const LimitDraw& draw, Tick now) const {
  const LimitRule* narrowest = nullptr;
  Tick latest = now;
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    const Budget* budget = matches(i, draw) ? find(i, draw) : nullptr;
    if (budget == nullptr) continue;
    const Tick fits = budget->earliest(now, std::max(draw.cost, 1U));
    if (fits <= latest) continue;
    latest = fits;
    narrowest = &rules_[i].rule;
  }
  return narrowest;
}

const LimitRule* RateLimiter::most_specific(std::string_view path,
                                            std::string_view integration) const {
  const auto index = most_specific_index({.integration = integration, .path = path});
  return index ? &rules_[*index].rule : nullptr;
}

std::vector<BudgetView> RateLimiter::view(Tick now, std::string_view integration) const {
  std::vector<BudgetView> views;
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    const Declared& declared = rules_[i];
    if (!declared.integration.empty() && declared.integration != integration) continue;
    views.push_back(view_of(i, now));
  }
  return views;
}

/// Untouched, it is whole but for the account's hold.
BudgetView RateLimiter::view_of(std::size_t rule, Tick now) const {
  const LimitRule& declared = rules_[rule].rule;
  const std::uint64_t whole = declared.burst.value_or(declared.requests);
  const bool held = hold_ > now;
  BudgetView view{declared.bucket, whole, held ? 0 : whole, std::max(hold_, now) - now};
  bool seen = false;
  for (auto at = budgets_.lower_bound(Key(rule, {}));
       at != budgets_.end() && at->first.first == rule; ++at) {
    const Budget& budget = *at->second;
    const std::uint64_t left = held ? 0 : budget.left(now);
    if (std::exchange(seen, true) && left >= view.left) continue;
    view.limit = budget.limit();
    view.left = left;
    view.whole_in = std::max({budget.whole_at(now), hold_, now}) - now;
  }
  return view;
}

void RateLimiter::drop_idle(Tick now) {
  if (budgets_.size() < drop_idle_at_) return;
  std::erase_if(budgets_, [&](const auto& entry) {
    return rules_[entry.first.first].rule.per_key && entry.second->idle(now);
  });
  std::erase_if(adopted_, [&](const Key& key) { return !budgets_.contains(key); });
  drop_idle_at_ = std::max(kFewBudgets, budgets_.size() * 2);
}

}  // namespace earshot::core

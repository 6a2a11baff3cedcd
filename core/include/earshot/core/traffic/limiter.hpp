#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <earshot/core/base/time.hpp>
#include <earshot/core/http/message.hpp>

namespace earshot::core {

/// What the product's own headers say about a budget. Empty names are not looked at.
struct LimitHeaders {
  enum class ResetUnit { seconds, epoch, milliseconds, date };
  std::string limit;      ///< The budget's size.
  std::string remaining;  ///< Requests left ...
  std::string used;       ///< ... or used up.
  std::string reset;      ///< When the budget is whole again.
  ResetUnit reset_is = ResetUnit::seconds;
  /// Header that carries several of them as "total=10; remaining=9; resets=41"; the other members
  /// then name fields in it instead of headers.
  std::string field_of;
};

/// One budget that a product publishes. Without `burst`: at most `requests` sent in any `per`. With
/// it: a bucket of that capacity, refilled at requests/per.
struct LimitRule {
  enum class Scope { integration, account };
  std::string bucket;
  std::string match;           ///< Glob on the path without query; empty matches every request.
  std::uint32_t requests = 0;  ///< At least 1.
  Micros per{0};               ///< More than 0.
  std::optional<std::uint32_t> burst{};
  Scope scope = Scope::account;
  bool per_key = false;  ///< A budget for each bucket_key instead of one.
  int status = 429;      ///< The status that says the budget is used up.
  LimitHeaders headers{};
};

/// What a request draws on.
struct LimitDraw {
  std::string_view path;  ///< Without query.
  std::string_view key;   ///< bucket_key, or empty.
  std::uint32_t cost = 1;
};

/// A budget as seen from outside: for `status` and for runs' results.
struct BudgetView {
  std::string bucket;
  std::uint64_t limit = 0;
  std::uint64_t left = 0;
  Micros whole_in{0};  ///< Until nothing that was sent counts any more; 0 if so now.
};

/// The budgets of one account. Neither sleeps nor reads a clock: callers pass `now` and do the
/// waiting. A booking is never refused or taken back; concurrent callers queue up in the order they
/// booked. [one thread at a time]
class RateLimiter {
 public:
  explicit RateLimiter(std::vector<LimitRule> rules);

  /// How long a request would have to wait if it were booked now.
  [[nodiscard]] Micros delay(const LimitDraw& draw, Tick now) const;
  /// Books it in every matching bucket and returns how long to wait before it may be sent.
  Micros book(const LimitDraw& draw, Tick now);

  /// Corrects the buckets by what the product said in answer to such a request. Headers win over
  /// the rules: a smaller remaining is taken at once, a larger limit raises the budget.
  void learn(const LimitDraw& draw, const HttpHeaders& headers, Tick now, Time calendar);
  /// Nothing more from the most specific matching bucket (or from all of them) before `until`.
  void pause(const LimitDraw& draw, Tick until, bool whole_account);

  /// The rule of the most specific bucket that matches: the one with the longest `match`.
  [[nodiscard]] const LimitRule* most_specific(std::string_view path) const;
  [[nodiscard]] std::vector<BudgetView> view(Tick now) const;

  /// What was spent, as text that `restore` of a later process understands; times on the calendar.
  [[nodiscard]] std::string save(Tick now, Time calendar) const;
  void restore(std::string_view saved, Tick now, Time calendar);

 private:
  struct Budget {
    std::uint64_t limit = 0;
    std::deque<Tick> sent;  ///< Sliding window: when, one entry a request (booked ones lie ahead).
    double tokens = 0;      ///< Burst bucket.
    Tick refilled{};
    Tick hold{};  ///< Nothing before this.
  };
  std::vector<LimitRule> rules_;
  std::map<std::pair<std::size_t, std::string>, Budget> budgets_;
};

}  // namespace earshot::core

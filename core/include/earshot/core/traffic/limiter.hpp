#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <earshot/core/base/time.hpp>
#include <earshot/core/http/message.hpp>

namespace earshot::core {

/// What the product's own headers say about a budget. Empty names are not looked at.
struct LimitHeaders {
  enum class ResetUnit { seconds, epoch, milliseconds, date };
  std::string limit{};                      ///< The budget's size.
  std::string remaining{};                  ///< Requests left ...
  std::string used{};                       ///< ... or used up.
  std::string reset{};                      ///< When the budget is whole again.
  ResetUnit reset_is = ResetUnit::seconds;  ///< From now, or since 1970 (large milliseconds too).
  /// Header that carries several of them as "total=10; remaining=9; resets=41"; the other members
  /// then name fields in it instead of headers.
  std::string field_of{};
  /// The windows that the figures are about, where those are not the rule's: once the product has
  /// told one, its windows are the budget. 0: the figures are about the rule's own budget.
  Micros per{0};
};

/// One budget that a product publishes. Without `burst`: at most `requests` sent in any `per`. With
/// it: a bucket of that capacity, refilled at requests/per. `fixed_window`: at most `requests` from
/// one reset of the product to the next, `per` later.
struct LimitRule {
  /// Whose budget it is: shared by all integrations of the account, or one for each of them.
  enum class Scope { integration, account };
  std::string bucket{};
  std::string match{};         ///< Glob on the path without query; empty matches every request.
  std::uint32_t requests = 0;  ///< At least 1.
  Micros per{0};               ///< More than 0.
  std::optional<std::uint32_t> burst{};
  bool fixed_window = false;
  Scope scope = Scope::account;
  bool per_key = false;  ///< A budget for each bucket_key instead of one.
  int status = 429;      ///< The status that says the budget is used up.
  LimitHeaders headers{};
  bool by_operator = false;  ///< No limit that a header publishes replaces these figures.
};

/// What a request draws on.
struct LimitDraw {
  std::string_view integration{};
  std::string_view path{};  ///< Without query.
  std::string_view key{};   ///< bucket_key, or empty.
  std::uint32_t cost = 1;
};

/// A budget as seen from outside: for `status` and for runs' results.
struct BudgetView {
  std::string bucket;
  std::uint64_t limit = 0;
  std::uint64_t left = 0;
  Micros whole_in{0};  ///< Until nothing that was sent counts any more; 0 if so now.
};

class Budget;

/// The budgets of one account and of its integrations. Neither sleeps nor reads a clock: callers
/// pass `now` and do the waiting. A booking is never refused; concurrent callers queue up in the
/// order they booked, but one that waits for a narrow budget keeps nobody waiting who does not draw
/// on that. [one thread at a time]
class RateLimiter {
 public:
  /// Requests do not all take equally long to reach the product, so every `per` is stretched by a
  /// hundredth, at most by `slack`.
  explicit RateLimiter(std::vector<LimitRule> rules, Micros slack = std::chrono::milliseconds(250));
  RateLimiter(RateLimiter&& other) noexcept;
  RateLimiter& operator=(RateLimiter&& other) noexcept;
  ~RateLimiter();

  /// Declares the budgets that one integration has for itself; false where it has them already.
  bool add(const std::string& integration, std::vector<LimitRule> rules);

  /// How long a request would have to wait if it were booked now.
  [[nodiscard]] Micros delay(const LimitDraw& draw, Tick now) const;
  /// Books it in every matching bucket and returns how long to wait before it may be sent.
  Micros book(const LimitDraw& draw, Tick now);
  /// Frees the place of a request that was booked for `at` and will not be sent.
  void give_back(const LimitDraw& draw, Tick at);
  /// How long pauses still hold such requests up, booked ones too: who waited looks here before
  /// sending.
  [[nodiscard]] Micros held(const LimitDraw& draw, Tick now) const;

  /// Corrects the buckets by what the product said in answer to such a request. Headers win over
  /// the rules: a smaller remaining is taken at once, a published limit replaces the rule's, be it
  /// larger or smaller, and so do windows of another length, unless the rule is the operator's.
  void learn(const LimitDraw& draw, const HttpHeaders& headers, Tick now, Time calendar);
  /// Nothing more from the most specific matching bucket (or from all of them, as where none
  /// matches) before `until`. Never shortens a pause.
  void pause(const LimitDraw& draw, Tick until, bool whole_account);

  /// The rule that makes such a request wait longest; null where none does.
  [[nodiscard]] const LimitRule* narrowest(const LimitDraw& draw, Tick now) const;
  /// The rule of the most specific bucket that matches: the one with the longest `match`.
  [[nodiscard]] const LimitRule* most_specific(std::string_view path,
                                               std::string_view integration = {}) const;
  /// One view a rule of the account and of that integration; of a rule per key, that of the key
  /// with least left.
  [[nodiscard]] std::vector<BudgetView> view(Tick now, std::string_view integration = {}) const;

  /// Budgets remembered: of those per key only such that still count something, give or take.
  [[nodiscard]] std::size_t remembered() const noexcept { return budgets_.size(); }

  /// What was spent of the account's budgets, or of those that the integration has for itself, as
  /// text that `restore` of a later process understands; times on the calendar.
  [[nodiscard]] std::string save(Tick now, Time calendar, std::string_view integration = {}) const;
  /// What is no such text, and buckets that no rule declares any more, are left out.
  void restore(std::string_view saved, Tick now, Time calendar, std::string_view integration = {});

 private:
  struct Declared {
    LimitRule rule;
    std::string integration;  ///< Whose it is; empty: the account's.
  };
  using Key = std::pair<std::size_t, std::string>;  ///< Index of the rule, and bucket_key or empty.

  [[nodiscard]] Micros stretched(Micros per) const;
  [[nodiscard]] Key key_of(std::size_t rule, std::string_view key) const;
  [[nodiscard]] std::unique_ptr<Budget> make_budget(const LimitRule& rule) const;
  [[nodiscard]] const Budget* find(std::size_t rule, const LimitDraw& draw) const;
  Budget& budget(std::size_t rule, std::string_view key);
  [[nodiscard]] std::vector<const Budget*> matching(const LimitDraw& draw) const;
  [[nodiscard]] bool matches(std::size_t rule, const LimitDraw& draw) const;
  [[nodiscard]] std::optional<std::size_t> most_specific_index(const LimitDraw& draw) const;
  [[nodiscard]] BudgetView view_of(std::size_t rule, Tick now) const;
  void drop_idle(Tick now);
  /// Puts the product's own windows in the place of the rule's budget, once.
  void adopt_windows(const Key& key, std::uint64_t limit);

  std::vector<Declared> rules_;
  Micros slack_;
  Tick hold_{};  ///< Of the whole account.
  std::map<Key, std::unique_ptr<Budget>> budgets_;
  std::set<Key> adopted_;          ///< Budgets that are the product's own windows.
  std::size_t drop_idle_at_ = 64;  ///< Number of budgets that is worth a look for idle ones.
};

}  // namespace earshot::core

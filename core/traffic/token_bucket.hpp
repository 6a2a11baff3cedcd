#pragma once

#include <deque>

#include "budget.hpp"

namespace earshot::core {

/// A bucket of `burst` units, refilled evenly at `requests` in `per`. It starts full.
class TokenBucket final : public Budget {
 public:
  TokenBucket(std::uint32_t burst, std::uint32_t requests, Micros per) noexcept
      : Budget(burst),
        per_micro_(requests / static_cast<double>(per.count())),
        level_(static_cast<double>(burst)) {}

  void take(Tick at, Tick now, std::uint32_t cost, bool in_line) override;
  void give_back(Tick at, std::uint32_t cost) override;
  void resize(std::uint64_t limit) override;
  void lower_to(std::uint64_t left, Tick now, std::optional<Tick> until) override;
  void save(JsonWriter& out, Tick now, Time calendar) const override;
  void restore(JsonValue saved, Tick now, Time calendar) override;

 private:
  /// A booking that another budget has put off; what is booked in line is settled at once.
  struct Ahead {
    Tick at{};
    double cost = 0;
  };
  using Bookings = std::deque<Ahead>;

  /// How full the bucket is at one instant.
  struct Level {
    Tick at{};
    double units = 0;
  };

  [[nodiscard]] Tick fit(Tick from, std::uint32_t cost) const override;
  [[nodiscard]] std::uint64_t unspent(Tick now) const override;
  [[nodiscard]] Tick spent_until(Tick now) const override;

  [[nodiscard]] double units(std::uint32_t cost) const noexcept;
  [[nodiscard]] Micros time_for(double missing) const noexcept;
  void refill(Level& level, Tick to) const noexcept;
  void draw(Level& level, const Ahead& booking) const noexcept;
  /// The first booking from `next` on that finds too little.
  [[nodiscard]] Bookings::const_iterator first_spoilt(Level level,
                                                      Bookings::const_iterator next) const;
  void settle(Tick to);

  double per_micro_;
  double level_;
  Tick at_{};       ///< When the level was that; may lie ahead, where bookings are in line.
  Bookings ahead_;  ///< Sorted, later than `at_`.
};

}  // namespace earshot::core

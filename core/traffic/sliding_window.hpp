#pragma once

#include <cstddef>
#include <deque>

#include "budget.hpp"

namespace earshot::core {

/// At most `limit` in any stretch of `per`, exactly. Bookings may lie in the future and need not
/// come in order of time. A booking costs O(log n + bookings that lie behind it); memory grows with
/// the instants at which something was sent, not with the units that count.
class SlidingWindow final : public Budget {
 public:
  SlidingWindow(std::uint64_t limit, Micros per) noexcept : Budget(limit), per_(per) {}

  void take(Tick at, Tick now, std::uint32_t cost, bool in_line) override;
  void give_back(Tick at, std::uint32_t cost) override;
  void resize(std::uint64_t limit) override;
  void lower_to(std::uint64_t left, Tick now, std::optional<Tick> until) override;
  void save(JsonWriter& out, Tick now, Time calendar) const override;
  void restore(JsonValue saved, Tick now, Time calendar) override;

 private:
  [[nodiscard]] Tick fit(Tick from, std::uint32_t cost) const override;
  [[nodiscard]] std::uint64_t unspent(Tick now) const override;
  [[nodiscard]] Tick spent_until(Tick now) const override;

  /// All that was sent at one instant.
  struct Run {
    Tick at{};
    std::uint64_t total = 0;  ///< Units up to and with this run, since ever.
  };

  /// Index of the first run later than `tick`.
  [[nodiscard]] std::size_t after(Tick tick) const;
  /// Units of all runs before that index, forgotten ones too.
  [[nodiscard]] std::uint64_t units_before(std::size_t run) const;
  /// Units later than `begin`.
  [[nodiscard]] std::uint64_t units_since(Tick begin) const;
  void insert(Tick at, std::uint64_t count);

  Micros per_;
  std::deque<Run> runs_;         ///< Sorted by time.
  std::uint64_t forgotten_ = 0;  ///< Units of runs that count no more.
  Tick line_{};                  ///< The last booking in line: nothing fits before it.
};

}  // namespace earshot::core

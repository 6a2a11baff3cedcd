#pragma once

#include <cstddef>
#include <deque>

#include "budget.hpp"

namespace earshot::core {

/// At most `limit` in any stretch of `per`, exactly. Bookings may lie in the future and need not
/// come in order of time. A booking costs O(log n + bookings that lie behind it).
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
  /// Index of the first entry later than `tick`.
  [[nodiscard]] std::size_t after(Tick tick) const;
  void insert(Tick at, std::uint64_t count);

  Micros per_;
  std::deque<Tick> sent_;  ///< Sorted, one entry a unit.
  Tick line_{};            ///< The last booking in line: nothing fits before it.
};

}  // namespace earshot::core

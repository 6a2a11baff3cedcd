#pragma once

#include <map>

#include "budget.hpp"

namespace earshot::core {

/// At most `limit` in each window of `per`, and all of it back at once when a window ends: the
/// quota of a day. When windows end the product says with its reset; until it did, the first one
/// begins with the first request.
class FixedWindow final : public Budget {
 public:
  FixedWindow(std::uint64_t limit, Micros per) noexcept : Budget(limit), per_(per) {}

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

  /// Windows are numbered from the one that begins at `begin_`. Requires `begin_`.
  [[nodiscard]] std::int64_t window_at(Tick at) const;
  [[nodiscard]] Tick end_of(std::int64_t window) const;
  [[nodiscard]] std::uint64_t spent_in(std::int64_t window) const;
  [[nodiscard]] std::uint64_t units(std::uint32_t cost) const noexcept;
  /// The window of `now` ends at `end`.
  void align(Tick now, Tick end);

  Micros per_;
  std::optional<Tick> begin_;                    ///< Of window 0.
  std::map<std::int64_t, std::uint64_t> spent_;  ///< By window, booked ones included.
};

}  // namespace earshot::core

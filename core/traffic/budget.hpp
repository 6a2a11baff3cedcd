#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include <earshot/core/base/time.hpp>
#include <earshot/core/json/document.hpp>
#include <earshot/core/json/writer.hpp>
#include <earshot/core/traffic/limiter.hpp>

namespace earshot::core {

/// What one budget has spent, and when it lets how much more through. [one thread at a time]
class Budget {
 public:
  virtual ~Budget() = default;
  Budget(const Budget&) = delete;
  Budget& operator=(const Budget&) = delete;

  /// The first instant, not before `from`, at which `cost` more fits without spoiling what is
  /// booked already.
  [[nodiscard]] Tick earliest(Tick from, std::uint32_t cost) const;
  /// Books for `at`, which earliest() gave. `in_line`: nothing but this budget made it wait, so
  /// later bookings come behind it.
  virtual void take(Tick at, Tick now, std::uint32_t cost, bool in_line) = 0;
  virtual void give_back(Tick at, std::uint32_t cost) = 0;

  /// Units left, bookings counted.
  [[nodiscard]] std::uint64_t left(Tick now) const;
  /// When nothing counts any more.
  [[nodiscard]] Tick whole_at(Tick now) const;
  [[nodiscard]] std::uint64_t limit() const noexcept { return limit_; }
  [[nodiscard]] bool idle(Tick now) const { return hold_ <= now && whole_at(now) <= now; }

  /// The product publishes another size.
  virtual void resize(std::uint64_t limit) = 0;
  /// The product says that only `left` are left, until `until` where it tells.
  virtual void lower_to(std::uint64_t left, Tick now, std::optional<Tick> until) = 0;

  [[nodiscard]] Tick hold() const noexcept { return hold_; }
  void hold_until(Tick until) noexcept { hold_ = std::max(hold_, until); }

  /// Writes the members of an object; times on the calendar, in microseconds.
  virtual void save(JsonWriter& out, Tick now, Time calendar) const = 0;
  /// Adds what was saved to what is spent already.
  virtual void restore(JsonValue saved, Tick now, Time calendar) = 0;

 protected:
  explicit Budget(std::uint64_t limit) noexcept : limit_(limit) {}
  void set_limit(std::uint64_t limit) noexcept { limit_ = limit; }

 private:
  [[nodiscard]] virtual Tick fit(Tick from, std::uint32_t cost) const = 0;
  [[nodiscard]] virtual std::uint64_t unspent(Tick now) const = 0;
  [[nodiscard]] virtual Tick spent_until(Tick now) const = 0;

  std::uint64_t limit_;
  Tick hold_{};
};

/// A monotonic instant on the calendar and back, given one instant in both.
[[nodiscard]] std::int64_t to_calendar(Tick tick, Tick now, Time calendar) noexcept;
[[nodiscard]] Tick from_calendar(std::int64_t micros, Tick now, Time calendar) noexcept;

}  // namespace earshot::core

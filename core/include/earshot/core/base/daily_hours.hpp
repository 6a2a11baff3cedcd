#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include <earshot/core/base/result.hpp>
#include <earshot/core/base/time.hpp>

namespace date {
class time_zone;
}

namespace earshot::core {

/// The same hours of every day somewhere on earth, such as 22:00-06:00 in Europe/Berlin: the first
/// minute belongs to them, the last does not. They follow the clocks there, through both changes of
/// a year. [thread-safe]
class DailyHours {
 public:
  /// `hours` is HH:MM-HH:MM and may go over midnight; `time_zone` a name of the machine's time zone
  /// database. config telling what is accepted.
  [[nodiscard]] static Result<DailyHours> parse(std::string_view hours,
                                                const std::string& time_zone);

  [[nodiscard]] bool contain(Time at) const;
  /// The next instant after `at` at which they begin.
  [[nodiscard]] Time next_begin(Time at) const;
  /// "22:00-06:00 Europe/Berlin"
  [[nodiscard]] const std::string& text() const noexcept { return text_; }

 private:
  DailyHours() = default;

  std::chrono::minutes begin_{0};
  std::chrono::minutes end_{0};
  const date::time_zone* zone_ = nullptr;  ///< Of the database, which is never unloaded.
  std::string text_;
};

}  // namespace earshot::core

#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include <earshot/core/base/result.hpp>

namespace earshot::conformance {

/// What a case came to.
enum class Outcome {
  pass,   ///< The promise was kept.
  fail,   ///< It was broken.
  crash,  ///< The child ended without a verdict.
  hang,   ///< The child, or a call in it, did not end in time.
  skip,   ///< Not tried; `seen` says why.
  warn,   ///< Kept, but not well.
};
[[nodiscard]] std::string_view to_string(Outcome outcome) noexcept;
[[nodiscard]] std::optional<Outcome> outcome_of(std::string_view name) noexcept;

/// Why a case was not tried.
enum class Untried {
  not_concerned,  ///< It is about something that this plugin does not have.
  no_cassette,    ///< What it begins with was not recorded. --strict wants that,
  thin_cassette,  ///< and what it looks for to stand in it.
  bypassed,
};
[[nodiscard]] std::string_view to_string(Untried untried) noexcept;
[[nodiscard]] std::optional<Untried> untried_of(std::string_view name) noexcept;

struct Verdict {
  Verdict() = default;
  Verdict(Outcome came_to, std::string what) : outcome(came_to), seen(std::move(what)) {}
  /// What went wrong before the promise could be looked at is a failure too.
  Verdict(const core::Error& error)
      : outcome(Outcome::fail),
        seen(fmt::format("{} ({})", error.message, to_string(error.code))) {}

  Outcome outcome = Outcome::pass;
  std::string seen{};  ///< What was seen, for the plugin's author; may be empty where it passed.
  Untried untried = Untried::not_concerned;  ///< Of a skip.
};

[[nodiscard]] inline Verdict passed() {
  return {};
}
template <typename... Args>
[[nodiscard]] Verdict failed(fmt::format_string<Args...> text, Args&&... args) {
  return {Outcome::fail, fmt::format(text, std::forward<Args>(args)...)};
}
template <typename... Args>
[[nodiscard]] Verdict skipped(fmt::format_string<Args...> text, Args&&... args) {
  return {Outcome::skip, fmt::format(text, std::forward<Args>(args)...)};
}
template <typename... Args>
[[nodiscard]] Verdict skipped(Untried why, fmt::format_string<Args...> text, Args&&... args) {
  Verdict verdict(Outcome::skip, fmt::format(text, std::forward<Args>(args)...));
  verdict.untried = why;
  return verdict;
}
/// Not tried for want of something in a cassette that a richer recording would have.
template <typename... Args>
[[nodiscard]] Verdict too_thin(fmt::format_string<Args...> text, Args&&... args) {
  return skipped(Untried::thin_cassette, text, std::forward<Args>(args)...);
}
template <typename... Args>
[[nodiscard]] Verdict warned(fmt::format_string<Args...> text, Args&&... args) {
  return {Outcome::warn, fmt::format(text, std::forward<Args>(args)...)};
}

}  // namespace earshot::conformance

/// EAR_KEPT(verdict): goes on if the promise was kept so far, else answers the verdict.
#define EAR_KEPT(...)                                                                     \
  do {                                                                                    \
    ::earshot::conformance::Verdict ear_verdict = (__VA_ARGS__);                          \
    if (ear_verdict.outcome != ::earshot::conformance::Outcome::pass) return ear_verdict; \
  } while (false)

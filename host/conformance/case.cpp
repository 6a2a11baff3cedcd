#include "conformance/case.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace earshot::conformance {

namespace {

constexpr std::array<std::pair<Outcome, std::string_view>, 6> kNames{{{Outcome::pass, "pass"},
                                                                      {Outcome::fail, "fail"},
                                                                      {Outcome::crash, "crash"},
                                                                      {Outcome::hang, "hang"},
                                                                      {Outcome::skip, "skip"},
                                                                      {Outcome::warn, "warn"}}};

constexpr std::array<std::string_view, 4> kUntried{"not_concerned", "no_cassette", "thin_cassette",
                                                   "bypassed"};

}  // namespace

std::string_view to_string(Untried untried) noexcept {
  return kUntried[static_cast<std::size_t>(untried)];
}

std::optional<Untried> untried_of(std::string_view name) noexcept {
  const auto* const found = std::find(kUntried.begin(), kUntried.end(), name);
  if (found == kUntried.end()) return std::nullopt;
  return static_cast<Untried>(found - kUntried.begin());
}

std::string_view to_string(Outcome outcome) noexcept {
  return kNames[static_cast<std::size_t>(outcome)].second;
}

std::optional<Outcome> outcome_of(std::string_view name) noexcept {
  for (const auto& [outcome, its_name] : kNames) {
    if (its_name == name) return outcome;
  }
  return std::nullopt;
}

std::vector<const Case*> all_cases() {
  std::vector<const Case*> all;
  for (const std::span<const Case> group :
       {load_cases(),         load_file_cases(), lifecycle_cases(), config_cases(),
        authenticate_cases(), fetch_cases(),     hint_cases(),      page_cases(),
        cursor_cases(),       record_cases(),    version_cases(),   error_cases(),
        traffic_cases(),      partial_cases(),   hostile_cases(),   shape_cases(),
        cancel_cases(),       memory_cases(),    secrets_cases(),   echo_cases(),
        alone_cases()}) {
    for (const Case& one : group) all.push_back(&one);
  }
  return all;
}

const Case* find_case(std::string_view id) {
  const std::vector<const Case*> all = all_cases();
  const auto found =
      std::find_if(all.begin(), all.end(), [id](const Case* one) { return one->id == id; });
  return found == all.end() ? nullptr : *found;
}

}  // namespace earshot::conformance

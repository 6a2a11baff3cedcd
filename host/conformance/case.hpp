#pragma once

/// What a case is. How to add one: README.md.

#include <span>
#include <string_view>
#include <vector>

#include "conformance/verdict.hpp"

namespace earshot::conformance {

class Subject;

/// What a plugin must have for a case to be about it.
struct Needs {
  std::string_view provides{};   ///< A capability of the manifest, or empty.
  std::string_view cassettes{};  ///< Names of cassettes, with blanks between.
};

/// One promise of the contract and how it is tried.
struct Case {
  std::string_view id;       ///< "group.promise_in_words"
  std::string_view promise;  ///< One sentence, which the author of a plugin can act on.
  std::string_view clause;   ///< Of docs/reference/contract.md: "FETCH-3".
  Needs needs;
  /// Tries it, in a process of its own.
  Verdict (*run)(const Subject& subject);

  [[nodiscard]] std::string_view group() const noexcept { return id.substr(0, id.find('.')); }
};

/// The groups, each in its file under cases/.
[[nodiscard]] std::span<const Case> load_cases() noexcept;
[[nodiscard]] std::span<const Case> fetch_cases() noexcept;
[[nodiscard]] std::span<const Case> hint_cases() noexcept;
[[nodiscard]] std::span<const Case> page_cases() noexcept;
[[nodiscard]] std::span<const Case> cursor_cases() noexcept;
[[nodiscard]] std::span<const Case> record_cases() noexcept;
[[nodiscard]] std::span<const Case> version_cases() noexcept;
[[nodiscard]] std::span<const Case> error_cases() noexcept;
[[nodiscard]] std::span<const Case> traffic_cases() noexcept;
[[nodiscard]] std::span<const Case> partial_cases() noexcept;
[[nodiscard]] std::span<const Case> hostile_cases() noexcept;
[[nodiscard]] std::span<const Case> load_file_cases() noexcept;
[[nodiscard]] std::span<const Case> lifecycle_cases() noexcept;
[[nodiscard]] std::span<const Case> config_cases() noexcept;
[[nodiscard]] std::span<const Case> authenticate_cases() noexcept;
[[nodiscard]] std::span<const Case> cancel_cases() noexcept;
[[nodiscard]] std::span<const Case> memory_cases() noexcept;
[[nodiscard]] std::span<const Case> secrets_cases() noexcept;
[[nodiscard]] std::span<const Case> echo_cases() noexcept;
[[nodiscard]] std::span<const Case> alone_cases() noexcept;
[[nodiscard]] std::span<const Case> shape_cases() noexcept;

/// All cases, in the order in which they are run and reported.
[[nodiscard]] std::vector<const Case*> all_cases();
[[nodiscard]] const Case* find_case(std::string_view id);

}  // namespace earshot::conformance

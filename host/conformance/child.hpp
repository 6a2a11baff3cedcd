#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "conformance/case.hpp"
#include "conformance/subject.hpp"

namespace earshot::conformance {

/// How a child is started: this program, and what makes it run one case.
struct ChildPlan {
  std::filesystem::path program;
  std::vector<std::string> arguments;
};

/// Runs one case in a process of its own, with limits, and waits for it. A crash and a hang are
/// verdicts. [thread-safe]
[[nodiscard]] Verdict run_in_child(const ChildPlan& plan);

/// The child's part: limits itself, runs the case, tells the parent and ends.
[[noreturn]] void be_child(const Case& one, const SubjectOptions& options);

/// Ends the child at once with that verdict; what still runs in it ends with it.
[[noreturn]] void end_case(const Verdict& verdict);

/// Whether this program is built with a sanitizer: all is slower, and some of what it does by
/// itself cannot be told from what the plugin does.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
inline constexpr bool kSanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
inline constexpr bool kSanitized = true;
#else
inline constexpr bool kSanitized = false;
#endif
#else
inline constexpr bool kSanitized = false;
#endif

/// How long one call of the plugin may take in a case, in real time.
[[nodiscard]] std::chrono::seconds longest_call() noexcept;

}  // namespace earshot::conformance

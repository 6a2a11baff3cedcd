#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <earshot/core/base/result.hpp>

#include "conformance/case.hpp"

namespace earshot::conformance {

/// What is asked of the kit.
struct JudgeOptions {
  std::filesystem::path program;  ///< This one, for the children.
  std::filesystem::path plugin;
  std::filesystem::path cassettes;            ///< Empty: beside the plugin.
  std::string only = "*";                     ///< Glob over case ids.
  std::uint64_t seed = 1;                     ///< Of what is chosen at random.
  bool strict = false;                        ///< A case that lacks its cassette fails.
  std::map<std::string, std::string> bypass;  ///< Case and why it is not tried.
};

/// A case and what it came to.
struct Finding {
  const Case* one = nullptr;
  Verdict verdict{};
  double seconds = 0;
};

/// What the kit says about a plugin.
struct Judgement {
  std::string plugin;  ///< Its name, or its file's where the manifest cannot be read.
  std::string version;
  std::vector<Finding> findings{};  ///< In the order of all_cases().
  double seconds = 0;

  /// True if something was tried, and nothing failed, crashed or hung.
  [[nodiscard]] bool good() const noexcept;
  /// How far its promises hold: "none", "loads", "feedback" or "robust". Of what was not tried,
  /// none does: without all cases the level is "none".
  [[nodiscard]] std::string_view level() const noexcept;
};

/// Judges a plugin: each case in a process of its own, as many at once as there are processors. An
/// error where the options will not do (no case of that name, no such file), or where the host
/// would not even look at the file.
[[nodiscard]] core::Result<Judgement> judge(const JudgeOptions& options);

/// What runs one case again, as one types it.
[[nodiscard]] std::string replay_command(const JudgeOptions& options, const Case& one);

}  // namespace earshot::conformance

#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include <earshot/core/base/result.hpp>
#include <earshot/core/plugin/loader.hpp>

namespace earshot::core {

/// Lets a child process load `file` first, so that what crashes or hangs while loading does so
/// there. Waits for it, at most `options.probe_limit`. The child sees no environment but what
/// loading needs.
[[nodiscard]] Result<void> probe_in_child(const std::filesystem::path& file,
                                          const LoaderOptions& options);

/// The digests that a probe let pass, one a line, the newest last.
class ProbeCache {
 public:
  explicit ProbeCache(std::filesystem::path path) : path_(std::move(path)) {}
  [[nodiscard]] bool contains(std::string_view digest) const;
  /// A cache that cannot be written costs another probe later and nothing else.
  void add(std::string_view digest) const;

 private:
  [[nodiscard]] std::string read() const;
  std::filesystem::path path_;
};

}  // namespace earshot::core

#pragma once

#include <filesystem>
#include <memory>

#include <earshot/core/base/result.hpp>

namespace earshot::host {

/// The folder a demo works in. [one thread at a time]
class DemoFolder {
 public:
  /// A folder in the temporary directory, gone with the object.
  [[nodiscard]] static core::Result<std::unique_ptr<DemoFolder>> passing();
  /// `path`, made if it is missing, without the files of an earlier demo. A folder that holds
  /// something and that no demo marked as its own is refused with config, untouched.
  [[nodiscard]] static core::Result<std::unique_ptr<DemoFolder>> lasting(
      const std::filesystem::path& path);
  ~DemoFolder();
  DemoFolder(const DemoFolder&) = delete;
  DemoFolder& operator=(const DemoFolder&) = delete;

  /// Absolute.
  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  DemoFolder(std::filesystem::path path, bool passing)
      : path_(std::move(path)), passing_(passing) {}

  std::filesystem::path path_;
  bool passing_;
};

}  // namespace earshot::host

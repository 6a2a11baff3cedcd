#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include <earshot/core/base/result.hpp>

namespace earshot::core {

/// The whole file; larger than `limit` bytes is an error, and so is what is no regular file.
[[nodiscard]] Result<std::string> read_file(const std::filesystem::path& path, std::uint64_t limit);

/// Replaces the file in one step: old or new content, never a part; synced to disk. `mode` as chmod
/// takes it.
[[nodiscard]] Result<void> write_file(const std::filesystem::path& path, std::string_view content,
                                      unsigned mode);

/// Makes the directory, which nobody else may enter, and its parents if they are missing.
[[nodiscard]] Result<void> make_private_directory(const std::filesystem::path& path);

/// What to do about a file that the system refuses with that errno: "free some space and run it
/// again".
[[nodiscard]] std::string_view file_remedy(int error) noexcept;

/// An exclusive flock(2) on a file, made if missing, which holds the owner's pid. Gone with the
/// object or the process.
class FileLock {
 public:
  /// Fails with the pid of the owner where another process has it.
  [[nodiscard]] static Result<FileLock> acquire(const std::filesystem::path& path);
  FileLock(FileLock&& other) noexcept;
  FileLock& operator=(FileLock&& other) noexcept;
  ~FileLock();

 private:
  explicit FileLock(int descriptor) noexcept : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace earshot::core

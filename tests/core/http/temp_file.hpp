#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

namespace earshot::core {

/// A file of its own directory, both gone with the object.
class TempFile {
 public:
  explicit TempFile(const std::string& content) {
    std::string pattern = (std::filesystem::temp_directory_path() / "earshot-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    std::ofstream(path()) << content;
  }
  ~TempFile() { std::filesystem::remove_all(folder_); }
  TempFile(const TempFile&) = delete;
  TempFile& operator=(const TempFile&) = delete;

  [[nodiscard]] std::filesystem::path path() const { return folder_ / "file"; }

 private:
  std::filesystem::path folder_;
};

}  // namespace earshot::core

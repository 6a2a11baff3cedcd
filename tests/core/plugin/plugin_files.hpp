#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace earshot::core {

/// A test with a folder of its own, to put plugin files into.
class PluginFiles : public testing::Test {
 protected:
  PluginFiles();
  ~PluginFiles() override;

  /// One of the plugins that were built for the tests, such as "good.so".
  [[nodiscard]] static std::filesystem::path built(std::string_view file);
  /// Writes a file that only its owner may write.
  std::filesystem::path write(std::string_view name, std::string_view content) const;
  /// Puts a built plugin into the folder under another name.
  std::filesystem::path copy(std::string_view file, std::string_view name) const;
  /// Puts `good.so` into the folder with the first `from` in it replaced by `to`, of equal size.
  std::filesystem::path patched(std::string_view name, std::string_view from,
                                std::string_view to) const;
  /// `text` with the folder as "DIR" and that of the built plugins as "BUILT".
  [[nodiscard]] std::string golden(std::string text) const;

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
};

}  // namespace earshot::core

#include "plugin_files.hpp"

#include <cstdlib>

#include <earshot/core/base/file.hpp>

namespace earshot::core {

namespace fs = std::filesystem;

PluginFiles::PluginFiles() {
  std::string pattern = (fs::temp_directory_path() / "earshot-plugins-XXXXXX").string();
  folder_ = ::mkdtemp(pattern.data());
}

PluginFiles::~PluginFiles() {
  fs::remove_all(folder_);
}

fs::path PluginFiles::built(std::string_view file) {
  return fs::path(TEST_PLUGINS) / file;
}

fs::path PluginFiles::write(std::string_view name, std::string_view content) const {
  const fs::path path = folder_ / name;
  const Result<void> written = write_file(path, content, 0644);
  EXPECT_TRUE(written) << written.error().message;
  return path;
}

fs::path PluginFiles::copy(std::string_view file, std::string_view name) const {
  return write(name, read_file(built(file), 64U << 20).value_or(std::string()));
}

fs::path PluginFiles::patched(std::string_view name, std::string_view from,
                              std::string_view to) const {
  std::string content = read_file(built("good.so"), 64U << 20).value_or(std::string());
  const std::size_t at = content.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  EXPECT_EQ(from.size(), to.size());
  if (at != std::string::npos) content.replace(at, from.size(), to);
  return write(name, content);
}

std::string PluginFiles::golden(std::string text) const {
  const auto name = [&](const std::string& folder, std::string_view word) {
    for (std::size_t at = 0; (at = text.find(folder, at)) != std::string::npos;) {
      text.replace(at, folder.size(), word);
    }
  };
  name(folder_.string(), "DIR");
  name(TEST_PLUGINS, "BUILT");
  return text;
}

}  // namespace earshot::core

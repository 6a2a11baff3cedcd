#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <earshot/core/json/document.hpp>

#include "scenario/child.hpp"

namespace earshot::examples {

using scenario::Finished;

/// The program in a folder of its own, where nothing is configured.
class AtWork : public testing::Test {
 protected:
  AtWork() {
    std::string pattern =
        (std::filesystem::temp_directory_path() / "earshot-example-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) ADD_FAILURE() << "no temporary folder";
    folder_ = pattern;
  }
  ~AtWork() override {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  [[nodiscard]] const std::filesystem::path& folder() const noexcept { return folder_; }

  Finished run(std::vector<std::string> words) {
    words.insert(words.begin(), {"/usr/bin/env", "-C", folder_.string(), EARSHOT_PROGRAM});
    return scenario::Child(folder_, std::move(words)).wait();
  }

  /// Each line of what was printed, which is JSON.
  static std::vector<std::unique_ptr<core::JsonDocument>> lines_of(const std::string& text) {
    std::vector<std::unique_ptr<core::JsonDocument>> lines;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      auto line = core::JsonDocument::parse(text.substr(at, end - at));
      EXPECT_TRUE(line) << text;
      if (!line) break;
      lines.push_back(std::move(line.value()));
      at = end + 1;
    }
    return lines;
  }
  static std::string member(const core::JsonDocument& line, std::string_view name) {
    return std::string(line.root().member(name).text());
  }

 private:
  std::filesystem::path folder_;
};

/// Options that name an example's plugin, with settings for it.
inline std::vector<std::string> example(const std::string& name, std::vector<std::string> words) {
  words.insert(words.end(),
               {"--plugin", name, "--plugin-dir", EARSHOT_EXAMPLES_BUILT "/" + name + "/plugins",
                "--set", "team=acme", "--set", "token=invented"});
  return words;
}
inline std::string cassettes(const std::string& name, const std::string& file = "") {
  return EARSHOT_EXAMPLES "/" + name + "/cassettes/" + file;
}

}  // namespace earshot::examples

#include "demo_folder.hpp"

#include <cstdlib>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include <earshot/core/base/file.hpp>

namespace earshot::host {

using core::Error;
using core::Result;

namespace {

constexpr const char* kMarker = ".earshot-demo";
constexpr const char* kMarkerText = "earshot demo made this folder and clears it at each start\n";

Error not_usable(const std::filesystem::path& path, const std::error_code& error) {
  return {.code = core::Code::config,
          .message = fmt::format("cannot use {} for the demo: {}; name another folder with "
                                 "--directory",
                                 path.string(), error.message())};
}

/// Removes what an earlier demo left in its folder.
Result<void> clear(const std::filesystem::path& path) {
  std::error_code error;
  for (const char* own : {"data", "credentials", "earshot.yaml"}) {
    std::filesystem::remove_all(path / own, error);
    if (error) return not_usable(path / own, error);
  }
  return {};
}

}  // namespace

Result<std::unique_ptr<DemoFolder>> DemoFolder::passing() {
  std::error_code error;
  const std::filesystem::path temporary = std::filesystem::temp_directory_path(error);
  std::string pattern = (temporary / "earshot-demo-XXXXXX").string();
  if (error || mkdtemp(pattern.data()) == nullptr) {
    return Error{.code = core::Code::config,
                 .message =
                     "cannot make a folder in the temporary directory; set TMPDIR to one "
                     "that can be written"};
  }
  return std::unique_ptr<DemoFolder>(new DemoFolder(pattern, true));
}

Result<std::unique_ptr<DemoFolder>> DemoFolder::lasting(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::path folder = std::filesystem::absolute(path, error);
  if (!error) std::filesystem::create_directories(folder, error);
  const bool empty = !error && std::filesystem::is_empty(folder, error);
  const bool own = !error && std::filesystem::exists(folder / kMarker, error);
  if (error) return not_usable(path, error);
  if (!empty && !own) {
    return Error{.code = core::Code::config,
                 .message = fmt::format("{} holds files that no demo made, and a demo clears its "
                                        "folder; name a new or an empty one with --directory",
                                        folder.string())};
  }
  EAR_CHECK(clear(folder));
  EAR_CHECK(core::write_file(folder / kMarker, kMarkerText, 0644));
  return std::unique_ptr<DemoFolder>(new DemoFolder(std::move(folder), false));
}

DemoFolder::~DemoFolder() {
  std::error_code ignored;
  if (passing_) std::filesystem::remove_all(path_, ignored);
}

}  // namespace earshot::host

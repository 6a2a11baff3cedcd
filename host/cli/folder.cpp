#include "folder.hpp"

#include <fmt/format.h>

namespace earshot::host {

namespace fs = std::filesystem;

core::Result<void> make_folder(const fs::path& folder, std::string_view option) {
  std::error_code failure;
  if (fs::create_directories(folder, failure))
    fs::permissions(folder, fs::perms::group_write | fs::perms::others_write,
                    fs::perm_options::remove, failure);
  if (!failure) return {};
  return core::Error{.code = core::Code::config,
                     .message = fmt::format("cannot make the folder {}: {}; name one that you may "
                                            "write with {}",
                                            folder.string(), failure.message(), option)};
}

}  // namespace earshot::host

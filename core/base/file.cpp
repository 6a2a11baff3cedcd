#include "earshot/core/base/file.hpp"

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "earshot/core/base/descriptor.hpp"

namespace earshot::core {
namespace {

Error failed(std::string_view verb, const std::filesystem::path& path, int error) {
  const Code code = error == ENOENT ? Code::not_found : Code::internal;
  return {.code = code,
          .message = fmt::format("cannot {} {}: {}", verb, path.string(),
                                 std::generic_category().message(error))};
}

Error failed_with_remedy(std::string_view verb, const std::filesystem::path& path, int error) {
  Error refused = failed(verb, path, error);
  (refused.message += "; ") += file_remedy(error);
  return refused;
}

template <typename Operation>
auto retried(Operation operation) {
  auto result = operation();
  while (result < 0 && errno == EINTR) result = operation();
  return result;
}

Result<std::string> read_all(int descriptor, const std::filesystem::path& path,
                             std::uint64_t expected, std::uint64_t limit) {
  std::string content;
  content.reserve(static_cast<std::size_t>(expected));
  std::array<char, 64 * 1024> chunk{};
  for (;;) {
    const ssize_t got = retried([&] { return ::read(descriptor, chunk.data(), chunk.size()); });
    if (got < 0) return failed("read", path, errno);
    if (got == 0) return content;
    content.append(chunk.data(), static_cast<std::size_t>(got));
    if (content.size() > limit) break;
  }
  return Error{.code = Code::limit,
               .message = fmt::format("{} is larger than {} bytes", path.string(), limit)};
}

bool write_all(int descriptor, std::string_view content) {
  while (!content.empty()) {
    const ssize_t done =
        retried([&] { return ::write(descriptor, content.data(), content.size()); });
    if (done < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(done));
  }
  return true;
}

Result<void> sync_folder(const std::filesystem::path& path) {
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  const Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!descriptor.open() || ::fsync(descriptor.get()) != 0)
    return failed_with_remedy("sync", folder, errno);
  return {};
}

/// The pid that a lock file holds, for a message.
std::string owner_of(int descriptor) {
  std::array<char, 24> text{};
  const ssize_t size = ::pread(descriptor, text.data(), text.size(), 0);
  if (size <= 0) return "another process";
  std::string_view pid(text.data(), static_cast<std::size_t>(size));
  return fmt::format("process {}", pid.substr(0, pid.find('\n')));
}

}  // namespace

Result<std::string> read_file(const std::filesystem::path& path, std::uint64_t limit) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat about {};
  if (!file.open() || ::fstat(file.get(), &about) != 0) return failed("read", path, errno);
  if (!S_ISREG(about.st_mode)) {
    return Error{.code = Code::config,
                 .message = fmt::format("{} is no regular file", path.string())};
  }
  const auto size = static_cast<std::uint64_t>(about.st_size);
  return read_all(file.get(), path, size < limit ? size : limit, limit);
}

Result<void> write_file(const std::filesystem::path& path, std::string_view content,
                        unsigned mode) {
  std::string temporary = path.string() + ".XXXXXX";
  const Descriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
  if (!file.open()) return failed_with_remedy("write", path, errno);
  const bool written = ::fchmod(file.get(), mode) == 0 && write_all(file.get(), content) &&
                       ::fsync(file.get()) == 0 && ::rename(temporary.c_str(), path.c_str()) == 0;
  if (!written) {
    const int error = errno;
    ::unlink(temporary.c_str());
    return failed_with_remedy("write", path, error);
  }
  return sync_folder(path);
}

Result<void> make_private_directory(const std::filesystem::path& path) {
  std::error_code ignored;
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), ignored);
  if (::mkdir(path.c_str(), 0700) == 0) return {};
  const int error = errno;
  if (std::filesystem::is_directory(path, ignored)) return {};
  return Error{.code = Code::internal,
               .message = fmt::format("cannot make directory {}: {}; check that nothing else has "
                                      "this name and that its parent can be written",
                                      path.string(), std::generic_category().message(error))};
}

std::string_view file_remedy(int error) noexcept {
  switch (error) {
    case ENOSPC:
    case EDQUOT: return "free some space and run it again";
    case EFBIG: return "lift the limit on the size of files and run it again";
    case EROFS: return "mount it for writing, or choose another place";
    case EMFILE:
    case ENFILE: return "let it open more files (ulimit -n) and run it again";
    case EISDIR: return "move the folder of that name away";
    case EIO: return "check the disk and run it again";
    default: return "check the directory, its owner and permissions";
  }
}

Result<FileLock> FileLock::acquire(const std::filesystem::path& path) {
  Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!file.open()) return failed_with_remedy("lock", path, errno);
  if (retried([&] { return ::flock(file.get(), LOCK_EX | LOCK_NB); }) != 0) {
    if (errno != EWOULDBLOCK) return failed_with_remedy("lock", path, errno);
    return Error{.code = Code::conflict,
                 .message = fmt::format("{} is held by {}: stop it first", path.string(),
                                        owner_of(file.get()))};
  }
  const std::string pid = fmt::format("{}\n", ::getpid());
  if (::ftruncate(file.get(), 0) != 0 || !write_all(file.get(), pid)) {
    return failed_with_remedy("lock", path, errno);
  }
  return FileLock(file.release());
}

FileLock::FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

FileLock& FileLock::operator=(FileLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

FileLock::~FileLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace earshot::core

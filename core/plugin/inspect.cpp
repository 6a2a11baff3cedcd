#include "inspect.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <span>
#include <system_error>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <earshot/abi.h>
#include <earshot/core/base/digest.hpp>
#include <earshot/core/base/file.hpp>
#include <earshot/core/base/text.hpp>
#include <earshot/core/plugin/loader.hpp>
#include <earshot/ext/text.h>

#include "elf.hpp"

namespace earshot::core {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLargestPlugin = std::uint64_t{512} << 20;
constexpr std::uint64_t kLargestManifest = std::uint64_t{1} << 20;
constexpr std::size_t kMostIssues = 5;
constexpr std::string_view kEntry = "ear_entry_v1";
constexpr std::string_view kEntryOfAnyMajor = "ear_entry_v";

/// Ids of the extensions that this host's `extension` function answers.
constexpr std::array<std::string_view, 1> kHostExtensions{EAR_EXT_TEXT};

Result<void> check_directory(const fs::path& directory) {
  struct ::stat status {};
  if (::stat(directory.c_str(), &status) != 0)
    return refusal("is in a directory that is not there");
  return check_trusted(status, ::geteuid());
}

/// The file, its directory, and that of the file behind a link: whoever can change one of them
/// decides what the host runs.
Result<void> check_file(const fs::path& path) {
  struct ::stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    if (errno == ENOENT) return refusal("is not there");
    return refusal("cannot be read: " + std::generic_category().message(errno));
  }
  if (!S_ISREG(status.st_mode)) return refusal("is no regular file");
  EAR_CHECK(check_trusted(status, ::geteuid()));
  std::error_code failure;
  const fs::path real = fs::canonical(path, failure);
  if (failure) return refusal("cannot be read: " + failure.message());
  EAR_CHECK(check_directory(path.has_parent_path() ? path.parent_path() : fs::path(".")));
  return check_directory(real.parent_path());
}

Result<void> check_machine(const ElfFile& elf) {
  if (elf.machine() == host_machine()) return {};
  const std::string host = machine_name(host_machine());
  return refusal(fmt::format("this file is for {}, this host is {}: install the plugin's {} build",
                             machine_name(elf.machine()), host, host));
}

Result<void> check_entry(const ElfFile& elf) {
  const std::vector<std::string_view> entries = elf.exported_functions(kEntryOfAnyMajor);
  if (elf.is_shared_object() && std::ranges::find(entries, kEntry) != entries.end()) return {};
  if (entries.empty()) {
    return refusal(fmt::format(
        "is no Earshot plugin: it exports no {}; take it out of the plugin directory", kEntry));
  }
  return refusal(
      fmt::format("exports {}, this host calls {}: upgrade Earshot, or install a build for ABI {}",
                  clean_utf8(fmt::format("{}", fmt::join(entries, ", "))), kEntry, EAR_ABI_MAJOR));
}

Result<std::string_view> manifest_section(const ElfFile& elf) {
  std::optional<std::string_view> section = elf.section(EAR_MANIFEST_SECTION);
  if (!section) {
    return refusal(
        fmt::format("has no section {} with its manifest: build it with earshot_add_plugin() and "
                    "keep its sections when stripping",
                    EAR_MANIFEST_SECTION));
  }
  if (section->size() > kLargestManifest) {
    return refusal(fmt::format("has a manifest of {} bytes, {} are allowed", section->size(),
                               kLargestManifest));
  }
  while (section->ends_with('\0')) section->remove_suffix(1);  // a C string's end, or padding
  return *section;
}

std::string describe(const std::vector<SchemaIssue>& issues) {
  std::string text;
  for (const SchemaIssue& issue : std::span(issues).first(std::min(kMostIssues, issues.size()))) {
    text += fmt::format("{}{}: {}", text.empty() ? "" : "; ",
                        issue.path.empty() ? "at its root" : issue.path, issue.message);
  }
  if (issues.size() > kMostIssues) text += fmt::format("; {} more", issues.size() - kMostIssues);
  return clean_utf8(text);
}

Result<Manifest> checked_manifest(std::string_view text) {
  ManifestReading reading = read_manifest(text);
  if (reading.manifest) return *std::move(reading.manifest);
  return refusal(fmt::format(
      "its manifest is broken: {}; mend it with `earshot manifest lint` and build again",
      describe(reading.issues)));
}

/// A plugin works on hosts of its major and at least its minor.
Result<void> check_abi(const Manifest& manifest) {
  const std::vector<std::string_view> parts = split(manifest.abi, '.');
  const std::optional<std::int64_t> major = parse_integer(parts.front());
  const std::optional<std::int64_t> minor = parse_integer(parts.back());
  const bool readable = parts.size() == 2 && major && minor;
  if (readable && *major == EAR_ABI_MAJOR && *minor <= EAR_ABI_MINOR) return {};
  return refusal(fmt::format(
      "'{}' {} asks for ABI {}, this host offers ABI {}.{}: upgrade Earshot, or install a build of "
      "'{}' for ABI {}.{}",
      manifest.name, manifest.version, manifest.abi, EAR_ABI_MAJOR, EAR_ABI_MINOR, manifest.name,
      EAR_ABI_MAJOR, EAR_ABI_MINOR));
}

Result<void> check_needs(const Manifest& manifest) {
  std::vector<std::string_view> missing;
  for (const std::string& id : manifest.needs) {
    if (std::ranges::find(kHostExtensions, id) == kHostExtensions.end()) missing.push_back(id);
  }
  if (missing.empty()) return {};
  return refusal(fmt::format("'{}' {} needs {}, this host offers {}: upgrade Earshot",
                             manifest.name, manifest.version, fmt::join(missing, ", "),
                             fmt::join(kHostExtensions, ", ")));
}

}  // namespace

Result<void> check_trusted(const struct ::stat& status, ::uid_t self) {
  const bool directory = S_ISDIR(status.st_mode);
  const char* what = directory ? "its directory " : "";
  const char* which = directory ? "the directory" : "it";
  if (status.st_uid != 0 && status.st_uid != self) {
    return refusal(
        fmt::format("{}belongs to user {}, neither to root nor to user {} who runs this host: the "
                    "owner decides "
                    "what the host runs; chown {}",
                    what, status.st_uid, self, which));
  }
  const bool replaceable = !directory || (status.st_mode & S_ISVTX) == 0;
  if (!replaceable || (status.st_mode & (S_IWGRP | S_IWOTH)) == 0) return {};
  return refusal(fmt::format(
      "{}may be written by group or others (mode {:04o}): whoever can write it decides what the "
      "host runs; chmod go-w {}",
      what, status.st_mode & 07777U, which));
}

Error refusal(std::string message) {
  return {.code = Code::config, .message = std::move(message)};
}

Error about(const fs::path& path, Error error) {
  error.message = fmt::format("{}: {}", path.string(), error.message);
  return error;
}

Result<std::string> read_plugin(const fs::path& path) {
  return read_file(path, kLargestPlugin);
}

Result<PluginFile> judge_plugin(const fs::path& path) {
  EAR_CHECK(check_file(path));
  EAR_TRY(const std::string bytes, read_plugin(path));
  Result<ElfFile> elf = ElfFile::read(bytes);
  if (!elf) {
    return refusal(elf.error().message +
                   "; a plugin is an ELF64 shared library: copy or build it again");
  }
  EAR_CHECK(check_machine(*elf));
  EAR_CHECK(check_entry(*elf));
  EAR_TRY(const std::string_view text, manifest_section(*elf));
  EAR_TRY(Manifest manifest, checked_manifest(text));
  EAR_CHECK(check_abi(manifest));
  EAR_CHECK(check_needs(manifest));
  return PluginFile{.path = path,
                    .digest = hex_encode(sha256(bytes)),
                    .manifest = std::move(manifest),
                    .manifest_text = std::string(text)};
}

Result<PluginFile> inspect_plugin(const fs::path& path) {
  Result<PluginFile> file = judge_plugin(path);
  if (!file) return about(path, std::move(file).error());
  return file;
}

}  // namespace earshot::core

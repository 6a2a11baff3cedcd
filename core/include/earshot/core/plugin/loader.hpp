#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <earshot/abi.h>
#include <earshot/core/base/result.hpp>
#include <earshot/core/manifest/manifest.hpp>

namespace earshot::core {

/// What is known of a plugin file without running a line of it.
struct PluginFile {
  std::filesystem::path path;
  std::string digest;  ///< SHA-256 of the file, hex.
  Manifest manifest;
  std::string manifest_text{};  ///< As embedded, byte for byte.
};

/// Reads and judges a file: a regular ELF64 shared library for this architecture that, with its
/// directory, only root and this user may change, with the one symbol and a valid manifest that
/// asks for nothing this host lacks. The error says what both sides offer and the remedy.
[[nodiscard]] Result<PluginFile> inspect_plugin(const std::filesystem::path& path);

/// What a directory scan found.
struct PluginScan {
  std::vector<PluginFile> plugins;  ///< One a name, sorted by name.
  struct Refusal {
    std::filesystem::path path;
    std::string reason;
  };
  std::vector<Refusal> refused;  ///< Bad files and duplicates; one bad file never stops the rest.
};
/// Inspects every *.so in the directories, in order; a name that was seen before is refused with
/// both paths. A directory that cannot be read is a refusal too.
[[nodiscard]] PluginScan scan_plugins(const std::vector<std::filesystem::path>& directories);

/// A loaded plugin. Its library stays mapped until the process ends.
struct LoadedPlugin {
  PluginFile file;
  const ear_plugin* table = nullptr;
};

struct LoaderOptions {
  std::filesystem::path probe_program;  ///< Started as `PROGRAM probe-plugin FILE` to load a file
                                        ///< not seen before; empty: no probe.
  std::filesystem::path probe_cache;    ///< Remembers digests that loaded; empty: not remembered.
  std::chrono::milliseconds probe_limit = std::chrono::seconds(10);
};

/// Loads plugins (Boost.DLL, now and local) and keeps them for ever.
/// [thread-safe]
class PluginLoader {
 public:
  PluginLoader(const ear_host& host, LoaderOptions options);
  ~PluginLoader();
  /// Blocks for as long as the probe of a new file takes; a file loaded before by content is
  /// answered at once, also meanwhile. Refusals: the probe crashed (which signal),
  /// hung or failed; no symbol; the plugin refused this host; its table is too small; its text
  /// differs from the embedded manifest.
  [[nodiscard]] Result<const LoadedPlugin*> load(const PluginFile& file);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// The body of the hidden verb `probe-plugin`: loads the file in this process and says in one line
/// why not. Returns the exit code.
int probe_plugin(const std::filesystem::path& path, const ear_host& host);

}  // namespace earshot::core

#include "earshot/core/plugin/loader.hpp"

#include <map>
#include <utility>

#include <earshot/core/base/digest.hpp>
#include <earshot/core/base/mutex.hpp>
#include <earshot/core/base/text.hpp>

#include "inspect.hpp"
#include "library.hpp"
#include "probe.hpp"

namespace earshot::core {

class PluginLoader::Impl {
 public:
  Impl(const ear_host& host, LoaderOptions options)
      : host_(host), options_(std::move(options)), cache_(options_.probe_cache) {}

  Result<const LoadedPlugin*> load(const PluginFile& file) {
    if (const LoadedPlugin* known = find(file)) return known;
    const MutexLock one_at_a_time(loading_);
    if (const LoadedPlugin* known = find(file)) return known;
    EAR_CHECK(check_unchanged(file));
    EAR_CHECK(probe(file));
    EAR_TRY(const ear_plugin* table, open_plugin(unused_spelling(file.path), file, host_));
    EAR_CHECK(check_fresh(*table));
    const MutexLock lock(mutex_);
    auto& plugin = loaded_[file.digest];
    plugin = std::make_unique<LoadedPlugin>(LoadedPlugin{.file = file, .table = table});
    return static_cast<const LoadedPlugin*>(plugin.get());
  }

 private:
  [[nodiscard]] const LoadedPlugin* find(const PluginFile& file) const {
    const MutexLock lock(mutex_);
    const auto known = loaded_.find(file.digest);
    return known == loaded_.end() ? nullptr : known->second.get();
  }

  static Result<void> check_unchanged(const PluginFile& file) {
    EAR_TRY(const std::string bytes, read_plugin(file.path));
    if (hex_encode(sha256(bytes)) == file.digest) return {};
    return refusal("changed since it was inspected: try again");
  }

  Result<void> probe(const PluginFile& file) {
    if (options_.probe_program.empty() || cache_.contains(file.digest)) return {};
    EAR_CHECK(probe_in_child(file.path, options_));
    cache_.add(file.digest);
    return {};
  }

  /// The system knows a library by the text of its path, so a newer file under a path that was
  /// loaded before is loaded as DIR/./FILE.
  std::filesystem::path unused_spelling(const std::filesystem::path& path) EAR_REQUIRES(loading_) {
    std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
    for (int times = loads_[path]++; times > 0; --times) folder /= ".";
    return folder / path.filename();
  }

  /// The system maps a file once, so new content written over it in place is not what runs.
  Result<void> check_fresh(const ear_plugin& table) const {
    const MutexLock lock(mutex_);
    for (const auto& [digest, plugin] : loaded_) {
      if (plugin->table == &table) {
        return refusal(
            "was overwritten while it was loaded: start Earshot again, and replace plugins by "
            "renaming a new file over the old one");
      }
    }
    return {};
  }

  const ear_host& host_;
  const LoaderOptions options_;
  const ProbeCache cache_;
  Mutex loading_;  ///< Held for as long as a file takes to load, its probe included.
  mutable Mutex mutex_;
  std::map<std::string, std::unique_ptr<LoadedPlugin>> loaded_
      EAR_GUARDED_BY(mutex_);  ///< By digest.
  std::map<std::filesystem::path, int> loads_ EAR_GUARDED_BY(loading_);
};

PluginLoader::PluginLoader(const ear_host& host, LoaderOptions options)
    : impl_(std::make_unique<Impl>(host, std::move(options))) {}

PluginLoader::~PluginLoader() = default;

Result<const LoadedPlugin*> PluginLoader::load(const PluginFile& file) {
  Result<const LoadedPlugin*> plugin = impl_->load(file);
  if (!plugin) return about(file.path, std::move(plugin).error());
  return plugin;
}

}  // namespace earshot::core

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include <earshot/core/base/digest.hpp>
#include <earshot/core/base/file.hpp>
#include <earshot/core/base/text.hpp>
#include <earshot/core/json/writer.hpp>
#include <earshot/core/plugin/loader.hpp>

#include "folder.hpp"
#include "plugins.hpp"
#include "say.hpp"

namespace earshot::host {

using core::Code;
using core::Error;
using core::Result;

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kLargestPlugin = std::uint64_t{512} << 20;
constexpr std::uint64_t kLargestCassette = std::uint64_t{256} << 20;
constexpr std::uint64_t kLargestChecksum = 4096;

struct InstallArguments {
  fs::path from;
  std::string sha256;
};

struct Installed {
  core::PluginFile plugin;
  std::string replaced;  ///< Version of what was there before; empty for nothing.
};

Error mistake(std::string message) {
  return {.code = Code::config, .message = std::move(message)};
}

/// The library itself: the file, or the only one of a folder.
Result<fs::path> library_of(const fs::path& from) {
  std::error_code failure;
  if (!fs::is_directory(from, failure)) return from;
  std::vector<fs::path> found;
  for (fs::directory_iterator at(from, failure); !failure && at != fs::directory_iterator();
       at.increment(failure)) {
    if (at->path().extension() == ".so") found.push_back(at->path());
  }
  if (failure) return mistake(fmt::format("cannot read {}: {}", from.string(), failure.message()));
  if (found.size() == 1) return found.front();
  return mistake(fmt::format("{} holds {} libraries (*.so); name the one to install", from.string(),
                             found.size()));
}

/// What the file's SHA-256 has to be: as it was typed, or as `NAME.so.sha256` beside it says; empty
/// where nobody does.
Result<std::string> wanted_digest(const InstallArguments& arguments, const fs::path& library) {
  if (!arguments.sha256.empty()) return core::lower(arguments.sha256);
  const fs::path beside = library.string() + ".sha256";
  std::error_code failure;
  if (!fs::exists(beside, failure)) return std::string();
  EAR_TRY(const std::string text, core::read_file(beside, kLargestChecksum));
  return core::lower(std::string_view(text).substr(0, text.find_first_of(" \t\r\n")));
}

Result<void> check_digest(const InstallArguments& arguments, const fs::path& library,
                          const std::string& bytes) {
  EAR_TRY(const std::string wanted, wanted_digest(arguments, library));
  const std::string found = core::hex_encode(core::sha256(bytes));
  if (wanted.empty() || wanted == found) return {};
  return mistake(fmt::format("{}: its SHA-256 is {}, it should be {}; get the file again",
                             library.string(), found, wanted));
}

/// The same about what was named, not about the copy that was tried.
Error about(Error error, const fs::path& tried, const fs::path& named) {
  const std::size_t at = error.message.find(tried.string());
  if (at != std::string::npos) error.message.replace(at, tried.string().size(), named.string());
  return error;
}

/// Judges the bytes as they will lie there, under a name that no scan takes for a plugin.
Result<core::PluginFile> judged(const fs::path& folder, const fs::path& library,
                                const std::string& bytes) {
  const fs::path trial = folder / ".earshot-install";
  Result<void> written = core::write_file(trial, bytes, 0644);
  if (!written) return about(written.error(), trial, folder);
  Result<core::PluginFile> plugin = core::inspect_plugin(trial);
  std::error_code ignored;
  fs::remove(trial, ignored);
  if (plugin) return plugin;
  return about(std::move(plugin).error(), trial, library);
}

Result<void> copy_cassettes(const fs::path& library, const fs::path& to) {
  fs::path from = library;
  from.replace_extension(".cassettes");
  std::error_code failure;
  if (!fs::is_directory(from, failure)) return {};
  EAR_CHECK(make_folder(to, "--plugin-dir"));
  for (fs::directory_iterator at(from, failure); !failure && at != fs::directory_iterator();
       at.increment(failure)) {
    if (!at->is_regular_file(failure)) continue;
    EAR_TRY(const std::string text, core::read_file(at->path(), kLargestCassette));
    EAR_CHECK(core::write_file(to / at->path().filename(), text, 0644));
  }
  if (!failure) return {};
  return mistake(fmt::format("cannot read {}: {}", from.string(), failure.message()));
}

std::string version_of(const fs::path& file) {
  std::error_code failure;
  if (!fs::exists(file, failure)) return {};
  const Result<core::PluginFile> plugin = core::inspect_plugin(file);
  return plugin ? plugin->manifest.version : "a file that was no good plugin";
}

Result<Installed> install(Program& program, const InstallArguments& arguments) {
  EAR_TRY(const fs::path library, library_of(arguments.from));
  EAR_TRY(const std::string bytes, core::read_file(library, kLargestPlugin));
  EAR_CHECK(check_digest(arguments, library, bytes));
  const fs::path folder = program.plugin_dirs().front();
  EAR_CHECK(make_folder(folder, "--plugin-dir"));
  EAR_TRY(core::PluginFile plugin, judged(folder, library, bytes));
  const std::string name = plugin.manifest.name;
  plugin.path = folder / (name + ".so");
  std::string replaced = version_of(plugin.path);
  EAR_CHECK(core::write_file(plugin.path, bytes, 0644));
  EAR_CHECK(copy_cassettes(library, folder / (name + ".cassettes")));
  return Installed{.plugin = std::move(plugin), .replaced = std::move(replaced)};
}

void print(const Program& program, const Installed& done) {
  const core::PluginFile& plugin = done.plugin;
  if (program.options().json) {
    core::JsonWriter out;
    out.begin_object();
    out.member("name", plugin.manifest.name);
    out.member("version", plugin.manifest.version);
    out.member("path", plugin.path.string());
    out.member("digest", plugin.digest);
    out.member("replaced", done.replaced.empty() ? std::nullopt : std::optional(done.replaced));
    out.end_object();
    say("{}\n", out.take());
    return;
  }
  say("installed {} {} as {}\n  sha256    {}\n", plugin.manifest.name, plugin.manifest.version,
      plugin.path.string(), plugin.digest);
  if (!done.replaced.empty()) say("  replaced  {}\n", done.replaced);
  print_reach(plugin.manifest);
}

ExitCode run(Program& program, const InstallArguments& arguments) {
  const Result<Installed> done = install(program, arguments);
  if (!done) return report(program, done.error());
  print(program, *done);
  return ExitCode::done;
}

}  // namespace

void add_plugins_install(CLI::App& plugins, Verb& chosen) {
  auto arguments = std::make_shared<InstallArguments>();
  CLI::App* verb = plugins.add_subcommand(
      "install", "Copy a plugin into the first plugin directory, if this host can run it");
  verb->add_option("from", arguments->from, "NAME.so, or a folder that holds one")->required();
  verb->add_option("--sha256", arguments->sha256,
                   "What the file's SHA-256 has to be; else NAME.so.sha256 beside it, where it is")
      ->option_text("HEX");
  verb->footer("Example:\n  earshot plugins install build/plugins/acme.so");
  verb->fallthrough();
  verb->callback([arguments, &chosen] {
    chosen = [arguments](Program& program) { return run(program, *arguments); };
  });
}

}  // namespace earshot::host

#include <fstream>

#include <earshot/core/base/file.hpp>
#include <earshot/core/plugin/loader.hpp>
#include <earshot/sdk/text.hpp>

#include "plugin_files.hpp"

namespace earshot::core {
namespace {

namespace fs = std::filesystem;

class LoadPlugin : public PluginFiles {
 protected:
  LoadPlugin() { host_.size = sizeof host_; }

  [[nodiscard]] LoaderOptions probing() const {
    return {.probe_program = PROBE_PROGRAM, .probe_cache = folder() / "probed"};
  }
  static Result<const LoadedPlugin*> load(PluginLoader& loader, const fs::path& path) {
    EAR_TRY(const PluginFile file, inspect_plugin(path));
    return loader.load(file);
  }
  [[nodiscard]] std::string refusal(const fs::path& path, LoaderOptions options) const {
    PluginLoader loader(host_, std::move(options));
    const Result<const LoadedPlugin*> plugin = load(loader, path);
    return plugin ? "none" : golden(plugin.error().message);
  }
  /// The same words with and without a probe.
  void expect_refusal(std::string_view file, const std::string& text) const {
    EXPECT_EQ(refusal(built(file), {}), text);
    EXPECT_EQ(refusal(built(file), probing()), text);
  }

  ear_host host_{};
};

TEST_F(LoadPlugin, GivesTheTable) {
  PluginLoader loader(host_, probing());
  const Result<const LoadedPlugin*> plugin = load(loader, built("good.so"));
  ASSERT_TRUE(plugin) << plugin.error().message;
  EXPECT_EQ(sdk::view((*plugin)->table->source_name()), "acme");
  EXPECT_EQ(sdk::view((*plugin)->table->manifest()), (*plugin)->file.manifest_text);
}

TEST_F(LoadPlugin, AnswersTheSameContentAgain) {
  PluginLoader loader(host_, {});
  const Result<const LoadedPlugin*> first = load(loader, built("good.so"));
  const Result<const LoadedPlugin*> again = load(loader, copy("good.so", "copy.so"));
  ASSERT_TRUE(first) << first.error().message;
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(*first, *again);
}

TEST_F(LoadPlugin, KeepsTheLibraryWhenTheLoaderIsGone) {
  const ear_plugin* table = nullptr;
  {
    PluginLoader loader(host_, {});
    const Result<const LoadedPlugin*> plugin = load(loader, built("good.so"));
    ASSERT_TRUE(plugin) << plugin.error().message;
    table = (*plugin)->table;
  }
  EXPECT_EQ(sdk::view(table->source_name()), "acme");
}

TEST_F(LoadPlugin, RefusesOneThatCrashesWhileItLoads) {
  EXPECT_EQ(refusal(built("crashes.so"), probing()),
            "BUILT/crashes.so: crashed with SIGSEGV while it was being loaded: it stays out; "
            "install a build that loads");
}

TEST_F(LoadPlugin, RefusesOneThatHangsWhileItLoads) {
  LoaderOptions options = probing();
  options.probe_limit = std::chrono::milliseconds(50);
  EXPECT_EQ(refusal(built("hangs.so"), options),
            "BUILT/hangs.so: did not finish loading within 50 ms: it stays out; install a build "
            "that loads");
}

TEST_F(LoadPlugin, RefusesOneThatEndsItsProcess) {
  EXPECT_EQ(refusal(built("exits.so"), probing()),
            "BUILT/exits.so: ended its process with code 7 while it was being loaded: it stays "
            "out; install a build that loads");
}

TEST_F(LoadPlugin, SaysThatTheProbeCannotStart) {
  EXPECT_EQ(refusal(built("good.so"), {.probe_program = folder() / "none", .probe_cache = {}}),
            "BUILT/good.so: cannot be probed: starting DIR/none: No such file or directory");
}

TEST_F(LoadPlugin, RemembersWhatPassedTheProbe) {
  EXPECT_EQ(refusal(built("good.so"), probing()), "none");
  LoaderOptions unstartable = probing();
  unstartable.probe_program = folder() / "none";
  EXPECT_EQ(refusal(built("good.so"), unstartable), "none");
}

TEST_F(LoadPlugin, RemembersNothingThatFailedTheProbe) {
  const std::string first = refusal(built("crashes.so"), probing());
  EXPECT_FALSE(fs::exists(folder() / "probed"));
  EXPECT_EQ(refusal(built("crashes.so"), probing()), first);
}

TEST_F(LoadPlugin, ShowsTheProbeNoneOfTheHostsSecrets) {
  const fs::path script = write("probe", "#!/bin/sh\nenv | grep -c EARSHOT_TEST_SECRET\nexit 1\n");
  fs::permissions(script, fs::perms::owner_all);
  ::setenv("EARSHOT_TEST_SECRET", "invented", 1);
  EXPECT_EQ(refusal(built("good.so"), {.probe_program = script, .probe_cache = {}}),
            "BUILT/good.so: 0");
  ::unsetenv("EARSHOT_TEST_SECRET");
}

TEST_F(LoadPlugin, RefusesOneThatRefusesTheHost) {
  expect_refusal("refuses.so", "BUILT/refuses.so: refuses this host (ABI 1.0): it is Tuesday");
}

TEST_F(LoadPlugin, RefusesAShortTable) {
  expect_refusal("short_table.so",
                 "BUILT/short_table.so: gives a table of 80 bytes, ABI 1.0 has 96: build it again "
                 "with the SDK of ABI 1.0 or later");
}

TEST_F(LoadPlugin, RefusesAnEmptySlotByName) {
  expect_refusal(
      "empty_slot.so",
      "BUILT/empty_slot.so: leaves `authenticate` empty in its table: every plugin fills "
      "it, if only to answer EAR_UNSUPPORTED");
}

TEST_F(LoadPlugin, RefusesTextThatDiffersFromTheManifest) {
  expect_refusal("other_manifest.so",
                 "BUILT/other_manifest.so: its `manifest` answers another text than the manifest "
                 "embedded in the file: build it again from one manifest.json");
  expect_refusal(
      "other_name.so",
      "BUILT/other_name.so: `source_name` answers 'acmedesk', its embedded manifest says "
      "'acme': build it again from one manifest.json");
  expect_refusal("other_requirements.so",
                 "BUILT/other_requirements.so: `required_config` answers 'region,account', its "
                 "embedded manifest says 'account,region': build it again from one manifest.json");
}

TEST_F(LoadPlugin, RefusesAFileThatChangedSinceItWasInspected) {
  const fs::path path = copy("good.so", "acme.so");
  const Result<PluginFile> file = inspect_plugin(path);
  ASSERT_TRUE(file) << file.error().message;
  copy("other_name.so", "acme.so");
  PluginLoader loader(host_, {});
  const Result<const LoadedPlugin*> plugin = loader.load(*file);
  ASSERT_FALSE(plugin);
  EXPECT_EQ(golden(plugin.error().message),
            "DIR/acme.so: changed since it was inspected: try again");
}

TEST_F(LoadPlugin, LoadsANewFileOfTheSameNameBesideTheOld) {
  PluginLoader loader(host_, {});
  const Result<const LoadedPlugin*> old = load(loader, copy("good.so", "acme.so"));
  const Result<const LoadedPlugin*> renewed =
      load(loader, patched("acme.so", "Make a token", "Take a token"));
  ASSERT_TRUE(old) << old.error().message;
  ASSERT_TRUE(renewed) << renewed.error().message;
  EXPECT_NE((*old)->table, (*renewed)->table);
  EXPECT_NE(sdk::view((*old)->table->manifest()), sdk::view((*renewed)->table->manifest()));
}

TEST_F(LoadPlugin, RefusesAFileThatWasOverwrittenWhileLoaded) {
  PluginLoader loader(host_, {});
  const fs::path path = copy("good.so", "acme.so");
  ASSERT_TRUE(load(loader, path));
  std::ofstream(path, std::ios::app) << "more";
  const Result<const LoadedPlugin*> again = load(loader, path);
  ASSERT_FALSE(again);
  EXPECT_EQ(golden(again.error().message),
            "DIR/acme.so: was overwritten while it was loaded: start Earshot again, and replace "
            "plugins by renaming a new file over the old one");
}

}  // namespace
}  // namespace earshot::core

#include "inspect.hpp"

#include <earshot/core/base/file.hpp>
#include <earshot/core/plugin/loader.hpp>

#include "elf.hpp"
#include "plugin_files.hpp"

namespace earshot::core {
namespace {

namespace fs = std::filesystem;

class InspectPlugin : public PluginFiles {
 protected:
  [[nodiscard]] std::string refusal(const fs::path& path) const {
    const Result<PluginFile> file = inspect_plugin(path);
    return file ? "none" : golden(file.error().message);
  }
};

TEST_F(InspectPlugin, ReadsAGoodOneWithoutRunningIt) {
  const Result<PluginFile> file = inspect_plugin(built("crashes.so"));
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->manifest.name, "acme");
  EXPECT_EQ(file->manifest.required_config(), "account,region");
  EXPECT_EQ(file->digest.size(), 64U);
  EXPECT_EQ(file->manifest_text, read_file(SOURCE_FOLDER "/bad/acme.json", 1U << 20).value_or(""));
}

TEST_F(InspectPlugin, RefusesAMissingFile) {
  EXPECT_EQ(refusal(folder() / "gone.so"), "DIR/gone.so: is not there");
}

TEST_F(InspectPlugin, RefusesADirectory) {
  EXPECT_EQ(refusal(folder()), "DIR: is no regular file");
}

TEST_F(InspectPlugin, RefusesAnEmptyFile) {
  EXPECT_EQ(refusal(write("empty.so", "")),
            "DIR/empty.so: is empty; a plugin is an ELF64 shared library: copy or build it again");
}

TEST_F(InspectPlugin, RefusesATextFile) {
  EXPECT_EQ(
      refusal(write("text.so", "#!/bin/sh\n")),
      "DIR/text.so: is no ELF file; a plugin is an ELF64 shared library: copy or build it again");
}

TEST_F(InspectPlugin, RefusesAnotherArchitecture) {
  const bool here_is_x86 = host_machine() == EM_X86_64;
  const char other = here_is_x86 ? '\xb7' : '\x3e';
  std::string content = read_file(built("good.so"), 64U << 20).value_or(std::string());
  content[18] = other;
  const std::string there = here_is_x86 ? "aarch64" : "x86-64";
  const std::string here = here_is_x86 ? "x86-64" : "aarch64";
  EXPECT_EQ(refusal(write("other.so", content)), "DIR/other.so: this file is for " + there +
                                                     ", this host is " + here +
                                                     ": install the plugin's " + here + " build");
}

TEST_F(InspectPlugin, RefusesALibraryThatIsNoPlugin) {
  EXPECT_EQ(
      refusal(patched("lib.so", "ear_entry_v1", "ear_exits_v1")),
      "DIR/lib.so: is no Earshot plugin: it exports no ear_entry_v1; take it out of the plugin "
      "directory");
}

TEST_F(InspectPlugin, RefusesAnotherMajorsEntry) {
  EXPECT_EQ(refusal(patched("two.so", "ear_entry_v1", "ear_entry_v2")),
            "DIR/two.so: exports ear_entry_v2, this host calls ear_entry_v1: upgrade Earshot, or "
            "install a build for ABI 1");
}

TEST_F(InspectPlugin, RefusesOneWithoutAManifest) {
  EXPECT_EQ(refusal(patched("bare.so", ".earshot.manifest", ".earshot.nothing!")),
            "DIR/bare.so: has no section .earshot.manifest with its manifest: build it with "
            "earshot_add_plugin() and keep its sections when stripping");
}

TEST_F(InspectPlugin, RefusesABrokenManifest) {
  EXPECT_EQ(
      refusal(patched("broken.so", "\"title\": \"Acme", "\"titel\": \"Acme")),
      "DIR/broken.so: its manifest is broken: /title: is required; /titel: is unknown; did you "
      "mean \"title\"?; mend it with `earshot manifest lint` and build again");
}

TEST_F(InspectPlugin, RefusesAManifestThatIsNoJson) {
  EXPECT_EQ(refusal(patched("nojson.so", "{\n  \"manifest_version\"", "[\n  \"manifest_version\"")),
            "DIR/nojson.so: its manifest is broken: at its root: no valid JSON at byte 22: a comma "
            "or ] is missing; mend it with `earshot manifest lint` and build again");
}

TEST_F(InspectPlugin, RefusesOneThatAsksForANewerHost) {
  EXPECT_EQ(refusal(built("newer.so")),
            "BUILT/newer.so: 'acme' 0.1.0 asks for ABI 1.7, this host offers ABI 1.0: upgrade "
            "Earshot, or install a build of 'acme' for ABI 1.0");
  EXPECT_EQ(refusal(built("next_major.so")),
            "BUILT/next_major.so: 'acme' 0.1.0 asks for ABI 2.0, this host offers ABI 1.0: upgrade "
            "Earshot, or install a build of 'acme' for ABI 1.0");
}

TEST_F(InspectPlugin, RefusesOneThatNeedsUnknownExtensions) {
  EXPECT_EQ(refusal(built("needy.so")),
            "BUILT/needy.so: 'acme' 0.1.0 needs ear.clock/1, ear.disk/2, this host offers "
            "ear.text/1: upgrade Earshot");
}

TEST_F(InspectPlugin, RefusesOneThatOthersMayWrite) {
  const fs::path path = copy("good.so", "shared.so");
  fs::permissions(path, fs::perms(0664));
  EXPECT_EQ(refusal(path),
            "DIR/shared.so: may be written by group or others (mode 0664): whoever can write it "
            "decides what the host runs; chmod go-w it");
  fs::permissions(path, fs::perms(0646));
  EXPECT_TRUE(refusal(path).starts_with("DIR/shared.so: may be written by group or others"));
}

TEST_F(InspectPlugin, RefusesADirectoryThatOthersMayWrite) {
  const fs::path path = copy("good.so", "good.so");
  fs::permissions(folder(), fs::perms(0775));
  EXPECT_EQ(refusal(path),
            "DIR/good.so: its directory may be written by group or others (mode 0775): whoever can "
            "write it decides what the host runs; chmod go-w the directory");
  fs::permissions(folder(), fs::perms(01777));
  EXPECT_EQ(refusal(path), "none") << "only its owner may replace a file in a sticky directory";
}

TEST_F(InspectPlugin, LooksAtTheDirectoryBehindALink) {
  const fs::path unsafe = folder() / "unsafe";
  fs::create_directory(unsafe);
  fs::rename(copy("good.so", "good.so"), unsafe / "good.so");
  fs::permissions(unsafe, fs::perms(0777));
  fs::create_symlink(unsafe / "good.so", folder() / "link.so");
  EXPECT_TRUE(refusal(folder() / "link.so").starts_with("DIR/link.so: its directory may be"));
}

TEST_F(InspectPlugin, TrustsFilesOfRootAndOfItsOwnUserOnly) {
  const auto judged = [](::uid_t owner, ::mode_t mode) {
    struct ::stat status {};
    status.st_uid = owner;
    status.st_mode = mode;
    const Result<void> trusted = check_trusted(status, 1000);
    return trusted ? "none" : trusted.error().message;
  };
  EXPECT_EQ(judged(0, S_IFREG | 0644), "none");
  EXPECT_EQ(judged(1000, S_IFREG | 0755), "none");
  EXPECT_EQ(judged(1001, S_IFREG | 0644),
            "belongs to user 1001, neither to root nor to user 1000 who runs this host: the owner "
            "decides what the host runs; chown it");
  EXPECT_EQ(judged(1001, S_IFDIR | 01755),
            "its directory belongs to user 1001, neither to root nor to user 1000 who runs this "
            "host: the owner decides what the host runs; chown the directory");
}

}  // namespace
}  // namespace earshot::core

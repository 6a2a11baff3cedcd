#include <earshot/core/plugin/loader.hpp>

#include "plugin_files.hpp"

namespace earshot::core {
namespace {

namespace fs = std::filesystem;

class ScanPlugins : public PluginFiles {};

TEST_F(ScanPlugins, TakesTheGoodAndExplainsTheBad) {
  write("a_text.so", "hello");
  copy("good.so", "good.so");
  write("notes.txt", "not looked at");
  const PluginScan scan = scan_plugins({folder()});
  ASSERT_EQ(scan.plugins.size(), 1U);
  EXPECT_EQ(scan.plugins[0].manifest.name, "acme");
  EXPECT_EQ(scan.plugins[0].path, folder() / "good.so");
  ASSERT_EQ(scan.refused.size(), 1U);
  EXPECT_EQ(scan.refused[0].path, folder() / "a_text.so");
  EXPECT_EQ(scan.refused[0].reason,
            "is no ELF file; a plugin is an ELF64 shared library: copy or build it again");
}

TEST_F(ScanPlugins, RefusesTheSecondOfAName) {
  copy("good.so", "one.so");
  copy("other_name.so", "two.so");
  const PluginScan scan = scan_plugins({folder()});
  ASSERT_EQ(scan.plugins.size(), 1U);
  EXPECT_EQ(scan.plugins[0].path, folder() / "one.so");
  ASSERT_EQ(scan.refused.size(), 1U);
  EXPECT_EQ(scan.refused[0].path, folder() / "two.so");
  EXPECT_EQ(golden(scan.refused[0].reason),
            "'acme' is there already, as DIR/one.so: remove one of the two");
}

TEST_F(ScanPlugins, PrefersTheDirectoryNamedFirst) {
  fs::create_directory(folder() / "z");
  fs::create_directory(folder() / "a");
  copy("good.so", "z/acme.so");
  copy("good.so", "a/acme.so");
  const PluginScan scan = scan_plugins({folder() / "z", folder() / "a"});
  ASSERT_EQ(scan.plugins.size(), 1U);
  EXPECT_EQ(scan.plugins[0].path, folder() / "z" / "acme.so");
  EXPECT_EQ(scan.refused.size(), 1U);
}

TEST_F(ScanPlugins, CountsOneFileFoundTwiceOnce) {
  copy("good.so", "acme.so");
  const PluginScan scan = scan_plugins({folder(), folder() / "."});
  EXPECT_EQ(scan.plugins.size(), 1U);
  EXPECT_TRUE(scan.refused.empty());
}

TEST_F(ScanPlugins, RefusesADirectoryThatIsNotThere) {
  const PluginScan scan = scan_plugins({folder() / "none", folder()});
  ASSERT_EQ(scan.refused.size(), 1U);
  EXPECT_EQ(scan.refused[0].path, folder() / "none");
  EXPECT_EQ(scan.refused[0].reason,
            "cannot be read as a plugin directory (No such file or directory): make it, or correct "
            "`plugin_dirs` in the configuration");
}

}  // namespace
}  // namespace earshot::core

/// `earshot plugins install`.

#include <fstream>

#include <gmock/gmock.h>

#include <earshot/core/base/digest.hpp>
#include <earshot/core/base/file.hpp>
#include <earshot/core/base/text.hpp>

#include "at_work.hpp"

namespace earshot::examples {
namespace {

using testing::HasSubstr;

constexpr int kUsage = 2;
constexpr auto kOthersWrite =
    std::filesystem::perms::group_write | std::filesystem::perms::others_write;

class PluginsInstall : public AtWork {
 protected:
  /// The built example, in a folder and with a mode as downloads have.
  std::filesystem::path downloaded() {
    const std::filesystem::path folder_of_it = folder() / "downloads";
    std::filesystem::create_directory(folder_of_it);
    const std::filesystem::path file = folder_of_it / "murmur.so";
    std::filesystem::copy_file(EARSHOT_EXAMPLES_BUILT "/murmur/plugins/murmur.so", file);
    std::filesystem::permissions(file, std::filesystem::perms::all);
    std::filesystem::copy(cassettes("murmur"), folder_of_it / "murmur.cassettes");
    return file;
  }
  Finished install(const std::string& from, std::vector<std::string> more = {}) {
    std::vector<std::string> words{"plugins", "install", from, "--plugin-dir", "mine"};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  }
  static std::string digest(const std::filesystem::path& file) {
    return core::hex_encode(core::sha256(core::read_file(file, 1U << 30).value_or("")));
  }
};

TEST_F(PluginsInstall, CopiesWhatTheHostTakesAndSaysSo) {
  const std::filesystem::path file = downloaded();
  const Finished installed = install(file.string());
  ASSERT_EQ(installed.exit_code, 0) << installed.err;
  EXPECT_THAT(installed.out, HasSubstr("installed murmur 1.0.0 as mine/murmur.so"));
  EXPECT_THAT(installed.out, HasSubstr(digest(file)));
  EXPECT_THAT(installed.out, HasSubstr("api: https://{team}.murmur.example"));
  EXPECT_THAT(installed.out, HasSubstr("it reads no secret"));
  const auto mode = std::filesystem::status(folder() / "mine/murmur.so").permissions();
  EXPECT_EQ(mode & kOthersWrite, std::filesystem::perms::none);
  EXPECT_TRUE(std::filesystem::exists(folder() / "mine/murmur.cassettes/first_run.har"));
  EXPECT_THAT(run({"plugins", "--plugin-dir", "mine"}).out, HasSubstr("mine/murmur.so"));
  EXPECT_FALSE(std::filesystem::exists(folder() / "mine/.earshot-install"));
}

TEST_F(PluginsInstall, TakesAFolderAndTellsWhatItReplaced) {
  downloaded();
  const Finished first = install("downloads", {"--json"});
  ASSERT_EQ(first.exit_code, 0) << first.err;
  EXPECT_TRUE(lines_of(first.out).at(0)->root().member("replaced").is_null());
  const Finished again = install("downloads", {"--json"});
  EXPECT_EQ(member(*lines_of(again.out).at(0), "replaced"), "1.0.0");
}

TEST_F(PluginsInstall, RefusesAnotherChecksumThanWasPromised) {
  const std::filesystem::path file = downloaded();
  const Finished typed = install(file.string(), {"--sha256", std::string(64, 'a')});
  EXPECT_EQ(typed.exit_code, kUsage);
  EXPECT_THAT(typed.err, HasSubstr("get the file again"));
  std::ofstream(file.string() + ".sha256") << std::string(64, 'b') << "  murmur.so\n";
  EXPECT_EQ(install(file.string()).exit_code, kUsage);
  EXPECT_FALSE(std::filesystem::exists(folder() / "mine/murmur.so"));
  std::ofstream(file.string() + ".sha256") << digest(file) << "  murmur.so\n";
  EXPECT_EQ(install(file.string()).exit_code, 0);
}

TEST_F(PluginsInstall, RefusesWhatIsNoPluginForThisHost) {
  std::ofstream(folder() / "odd.so") << "no library";
  const Finished refused = install("odd.so");
  EXPECT_EQ(refused.exit_code, kUsage);
  EXPECT_THAT(refused.err, HasSubstr("odd.so: "));
  EXPECT_THAT(refused.err, HasSubstr("a plugin is an ELF64 shared library"));
  EXPECT_TRUE(std::filesystem::is_empty(folder() / "mine"));
  EXPECT_EQ(install("nowhere.so").exit_code == 0, false);
}

TEST_F(PluginsInstall, RefusesAFolderThatOthersMayWrite) {
  downloaded();
  std::filesystem::create_directory(folder() / "mine");
  std::filesystem::permissions(folder() / "mine", std::filesystem::perms::all);
  const Finished refused = install("downloads");
  EXPECT_EQ(refused.exit_code, kUsage);
  EXPECT_THAT(refused.err, HasSubstr("its directory may be written by group or others"));
}

}  // namespace
}  // namespace earshot::examples

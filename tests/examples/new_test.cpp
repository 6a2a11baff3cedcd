/// `earshot new`; that what it writes builds and passes the kit is tested with the installed SDK.

#include <fstream>
#include <sstream>

#include <gmock/gmock.h>

#include "at_work.hpp"

namespace earshot::examples {
namespace {

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;
using testing::UnorderedElementsAre;

constexpr int kUsage = 2;

class NewProject : public AtWork {
 protected:
  [[nodiscard]] std::vector<std::string> files(const std::string& project) const {
    std::vector<std::string> names;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder() / project)) {
      if (entry.is_regular_file())
        names.push_back(std::filesystem::relative(entry.path(), folder() / project).string());
    }
    return names;
  }
  [[nodiscard]] std::string text_of(const std::filesystem::path& file) const {
    std::ostringstream text;
    text << std::ifstream(folder() / file, std::ios::binary).rdbuf();
    return text.str();
  }
};

TEST_F(NewProject, HoldsAllThatAPluginTakes) {
  ASSERT_EQ(run({"new", "acme-desk"}).exit_code, 0);
  EXPECT_THAT(
      files("acme-desk"),
      UnorderedElementsAre("CMakeLists.txt", "manifest.json", "acme-desk.cpp", "README.md", "ci.sh",
                           ".gitignore", "test/CMakeLists.txt", "test/unit_test.cpp",
                           "cassettes/authenticate.har", "cassettes/first_run.har",
                           "cassettes/second_run.har", "cassettes/auth_fail.har"));
  EXPECT_THAT(text_of("acme-desk/acme-desk.cpp"), HasSubstr("EARSHOT_PLUGIN(AcmeDeskIntegration)"));
  EXPECT_THAT(text_of("acme-desk/manifest.json"), HasSubstr("\"title\": \"Acme Desk\""));
  const auto mode = std::filesystem::status(folder() / "acme-desk/ci.sh").permissions();
  EXPECT_NE(mode & std::filesystem::perms::owner_exec, std::filesystem::perms::none);
}

TEST_F(NewProject, LeavesNoPlaceholderAndMarksWhatToReplace) {
  for (const std::string language : {"cpp", "c"}) {
    ASSERT_EQ(run({"new", "acme", "--lang", language, "--dir", language}).exit_code, 0);
    for (const std::string& file : files(language))
      EXPECT_THAT(text_of(language + "/" + file), Not(ContainsRegex("[{][{][a-z_]+[}][}]")))
          << file;
    for (const std::string& file : std::vector<std::string>{
             "manifest.json", "acme." + language, "cassettes/first_run.har", "README.md"}) {
      EXPECT_THAT(text_of(language + "/" + file), HasSubstr("REPLACE")) << file;
    }
  }
}

TEST_F(NewProject, SaysWhereItIsForPrograms) {
  const Finished made = run({"new", "acme", "--json"});
  EXPECT_EQ(made.exit_code, 0);
  EXPECT_EQ(member(*lines_of(made.out).at(0), "folder"), (folder() / "acme").string());
}

TEST_F(NewProject, RefusesNamesThatAreNone) {
  for (const std::string name :
       {"a", "Acme", "1acme", "acme_desk", "acme.desk", "acme-", "../acme"}) {
    const Finished refused = run({"new", name});
    EXPECT_EQ(refused.exit_code, kUsage) << name;
    EXPECT_THAT(refused.err, HasSubstr("is no name for a plugin")) << name;
  }
  EXPECT_THAT(run({"new", "test"}).err, HasSubstr("is a word of CMake's"));
  EXPECT_EQ(run({"new", "acme", "--lang", "cobol"}).exit_code, kUsage);
}

TEST_F(NewProject, LeavesAFolderThatIsThereAlone) {
  std::filesystem::create_directory(folder() / "acme");
  const Finished refused = run({"new", "acme"});
  EXPECT_EQ(refused.exit_code, kUsage);
  EXPECT_THAT(refused.err, HasSubstr("is there already and is left as it is"));
  EXPECT_TRUE(std::filesystem::is_empty(folder() / "acme"));
}

TEST_F(NewProject, SaysWhatToDoAboutAFolderThatCannotBe) {
  std::ofstream(folder() / "file") << "no folder";
  const Finished refused = run({"new", "acme", "--dir", "file/acme"});
  EXPECT_EQ(refused.exit_code, kUsage);
  EXPECT_THAT(refused.err, HasSubstr("cannot make the folder file/acme: Not a directory; name one "
                                     "that you may write with --dir"));
}

}  // namespace
}  // namespace earshot::examples

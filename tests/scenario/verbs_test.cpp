/// Every verb as it is typed, with and without --json.

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenario.hpp"

namespace earshot::scenario {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr int kFailed = 1;
constexpr int kUsage = 2;

class Verbs : public Scenario {
 protected:
  /// `earshot init` of an account of Zendesk, with more words behind.
  Finished init(const std::vector<std::string>& more) {
    write_file("token", "invented-token\n");
    std::vector<std::string> words{"init",
                                   "--plugin",
                                   "zendesk",
                                   "--id",
                                   "acme",
                                   "--set",
                                   "subdomain=acme",
                                   "--set",
                                   "email=me@example.com",
                                   "--set",
                                   "api_token=file:token"};
    words.insert(words.end(), more.begin(), more.end());
    return run(words);
  }
  std::string text_of(const std::string& name) {
    std::ostringstream text;
    text << std::ifstream(folder() / name, std::ios::binary).rdbuf();
    return text.str();
  }
};

TEST_F(Verbs, InitWritesFoldersThatHoldFromAnywhere) {
  const std::filesystem::path plugins = std::filesystem::relative(EARSHOT_PLUGIN_DIR);
  const std::filesystem::path data = std::filesystem::relative(folder()) / "elsewhere";
  const Finished written = init({"--plugin-dir", plugins.string(), "--data-dir", data.string()});
  ASSERT_EQ(written.exit_code, 0) << written.err;
  EXPECT_THAT(text_of("earshot.yaml"), HasSubstr("data_dir: " + (folder() / "elsewhere").string()));
  const Finished checked = run({"integrations", "--json"});
  EXPECT_EQ(checked.exit_code, 0) << checked.err;
  EXPECT_THAT(checked.out, HasSubstr("zendesk"));
}

TEST_F(Verbs, InitRefusesAnotherFile) {
  write_file("earshot.yaml", "data_dir: mine\n");
  const Finished refused = init({});
  EXPECT_EQ(refused.exit_code, kUsage);
  EXPECT_THAT(refused.err, HasSubstr("is left as it is"));
  EXPECT_EQ(text_of("earshot.yaml"), "data_dir: mine\n");
}

TEST_F(Verbs, LostOutputIsAFailure) {
  serve(400);
  write_config();
  sync();
  for (const char* verb : {"sync --json", "status", "records --json", "export", "config schema"}) {
    const std::string command = std::string(EARSHOT_PROGRAM) + " --config " +
                                (folder() / "earshot.yaml").string() + " " + verb + " > /dev/full";
    const Finished lost = Child(folder(), {"/bin/sh", "-c", command}).wait();
    EXPECT_EQ(lost.exit_code, kFailed) << verb;
    EXPECT_THAT(lost.err, HasSubstr("cannot write standard output: No space left on device"))
        << verb;
  }
}

TEST_F(Verbs, PathsThatCannotBeAreNoInternalErrors) {
  serve(2);
  write_config();
  sync();
  const std::string path = (folder() / std::string(300, 'x')).string();
  const std::vector<std::vector<std::string>> with_configuration{{"backup", path},
                                                                 {"export", "--output", path},
                                                                 {"records", "--data-dir", path},
                                                                 {"demo", "--directory", path}};
  for (const std::vector<std::string>& words : with_configuration)
    EXPECT_THAT(run(words).err, Not(HasSubstr("internal error"))) << words.front();
  for (const char* verb : {"init", "plugins", "status"}) {
    const Finished refused = Child(folder(), {EARSHOT_PROGRAM, verb, "--config", path}).wait();
    EXPECT_THAT(refused.err, Not(HasSubstr("internal error"))) << verb;
  }
}

TEST_F(Verbs, ExportIsNotInTheWayOfItself) {
  serve(5);
  write_config();
  sync();
  write_file("all.ndjson.part", "left behind");
  const std::string file = (folder() / "all.ndjson").string();
  for (int time = 0; time < 2; ++time) {
    const Finished written = run({"export", "--output", file});
    EXPECT_EQ(written.exit_code, 0) << written.err;
    EXPECT_EQ(written.out, "");
  }
  EXPECT_EQ(text_of("all.ndjson"), run({"export"}).out);
  std::filesystem::create_directory(folder() / "folder");
  const Finished refused = run({"export", "--output", (folder() / "folder").string()});
  EXPECT_EQ(refused.exit_code, kUsage);
  EXPECT_THAT(refused.err, HasSubstr("is a folder; name a file in it"));
}

}  // namespace
}  // namespace earshot::scenario

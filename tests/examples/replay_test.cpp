/// `--replay`: verbs on cassettes.

#include <fstream>

#include <gmock/gmock.h>

#include "at_work.hpp"

namespace earshot::examples {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr int kFailed = 1;
constexpr int kUsage = 2;

class Replay : public AtWork {
 protected:
  static std::vector<std::string> plugin(const std::string& name, std::vector<std::string> more) {
    std::vector<std::string> words{"sync",         "--json",
                                   "--plugin-dir", EARSHOT_PLUGINS_BUILT,
                                   "--plugin",     name,
                                   "--set",        "access_token=invented",
                                   "--replay",     EARSHOT_PLUGINS "/" + name + "/cassettes"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
};

TEST_F(Replay, GoesThroughTheCassettesOfEveryPlugin) {
  for (const std::string name : {"zendesk", "intercom", "surveymonkey"}) {
    std::vector<std::string> more;
    if (name == "zendesk") more = {"--set", "subdomain=acme"};
    const Finished synced = run(plugin(name, more));
    EXPECT_EQ(synced.exit_code, 0) << name << ": " << synced.out << synced.err;
    EXPECT_THAT(synced.err, HasSubstr("second_run.har: ")) << name;
  }
}

TEST_F(Replay, WorksWithAPluginOfAnEarlierDay) {
  const Finished synced =
      run({"sync", "--json", "--plugin", "frozen", "--plugin-dir", EARSHOT_FROZEN_BUILT, "--set",
           "account=acme", "--set", "token=invented", "--replay", EARSHOT_FROZEN "/first_run.har"});
  ASSERT_EQ(synced.exit_code, 0) << synced.out << synced.err;
  EXPECT_EQ(member(*lines_of(synced.out).at(0), "created"), "2");
}

TEST_F(Replay, KeepsNothingUnlessToldWhere) {
  const Finished synced = run(example("murmur", {"sync", "--replay", cassettes("murmur")}));
  EXPECT_EQ(synced.exit_code, 0) << synced.err;
  EXPECT_THAT(synced.out, HasSubstr("nothing was kept"));
  EXPECT_FALSE(std::filesystem::exists(folder() / "data"));
}

TEST_F(Replay, LeavesTheConfigurationAlone) {
  std::ofstream(folder() / "earshot.yaml")
      << "integrations: {murmur: {plugin: murmur, credentials: {token: '${NOT_SET_ANYWHERE}'}}}\n";
  const Finished synced = run(example("murmur", {"sync", "--replay", cassettes("murmur")}));
  EXPECT_EQ(synced.exit_code, 0) << synced.err;
  const Finished tested = run(example("murmur", {"test", "--replay", cassettes("murmur")}));
  EXPECT_EQ(tested.exit_code, 0) << tested.err;
}

TEST_F(Replay, TakesOneCassetteToo) {
  const Finished synced =
      run(example("murmur", {"sync", "--replay", cassettes("murmur", "first_run.har")}));
  EXPECT_EQ(synced.exit_code, 0) << synced.err;
  EXPECT_THAT(synced.out, HasSubstr("first_run.har: 3 of 3 recorded exchanges asked for"));
  EXPECT_THAT(synced.out, Not(HasSubstr("second_run")));
}

TEST_F(Replay, FailsWhereNothingWasRecorded) {
  const Finished synced =
      run(example("murmur", {"sync", "--replay", cassettes("murmur", "authenticate.har")}));
  EXPECT_EQ(synced.exit_code, kFailed);
  EXPECT_THAT(synced.out, HasSubstr("no recorded answer for GET /v1/notes?after=0&limit=100"));
}

TEST_F(Replay, SaysWhatItCannotRead) {
  const Finished nowhere = run(example("murmur", {"sync", "--replay", "nowhere"}));
  EXPECT_NE(nowhere.exit_code, 0);
  EXPECT_THAT(nowhere.err, HasSubstr("nowhere"));
  const Finished members = run({"sync", "--set", "team=acme"});
  EXPECT_EQ(members.exit_code, kUsage);
  EXPECT_THAT(members.err, HasSubstr("--set goes with --plugin"));
}

}  // namespace
}  // namespace earshot::examples

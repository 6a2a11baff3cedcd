/// The same product in three languages: all do the same.

#include <algorithm>

#include <gmock/gmock.h>

#include <earshot/core/plugin/loader.hpp>

#include "at_work.hpp"

namespace earshot::examples {
namespace {

using testing::HasSubstr;
using testing::UnorderedElementsAre;

class Example : public AtWork, public testing::WithParamInterface<std::string> {};

TEST_P(Example, IsAPluginByTheContract) {
  const auto file = core::inspect_plugin(EARSHOT_EXAMPLES_BUILT "/" + GetParam() + "/plugins/" +
                                         GetParam() + ".so");
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->manifest.name, GetParam());
}

TEST_P(Example, FetchesEverythingThenWhatChanged) {
  const Finished synced = run(example(
      GetParam(), {"sync", "--json", "--data-dir", "data", "--replay", cassettes(GetParam())}));
  ASSERT_EQ(synced.exit_code, 0) << synced.out << synced.err;
  const auto runs = lines_of(synced.out);
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_EQ(member(*runs[0], "created"), "3");
  EXPECT_EQ(member(*runs[0], "deleted"), "1");
  EXPECT_EQ(member(*runs[0], "throttled"), "1");
  EXPECT_EQ(member(*runs[1], "created"), "1");
  EXPECT_EQ(member(*runs[1], "updated"), "1");
  EXPECT_EQ(member(*runs[1], "requests"), "1") << "the second run goes on behind the first";
}

TEST_P(Example, MapsWhatItFetched) {
  run(example(GetParam(), {"sync", "--data-dir", "data", "--replay", cassettes(GetParam())}));
  const Finished exported = run({"export", "--data-dir", "data"});
  std::vector<std::string> ids;
  for (const auto& record : lines_of(exported.out)) {
    ids.push_back(member(*record, "source_id"));
    if (ids.back() != "9007199254740993") continue;
    EXPECT_EQ(member(*record, "source"), GetParam());
    EXPECT_EQ(member(*record, "category"), "bug_report");
    EXPECT_EQ(member(*record, "customer_email"), "jane@example.com");
  }
  EXPECT_THAT(ids, UnorderedElementsAre("9007199254740993", "102", "103", "105"));
}

TEST_P(Example, SaysWhoseCredentialsTheyAreAndRefusesBadOnes) {
  const Finished good = run(example(GetParam(), {"test", "--replay", cassettes(GetParam())}));
  EXPECT_EQ(good.exit_code, 0) << good.err;
  EXPECT_THAT(good.out, HasSubstr("they open account 'Acme' (71)"));
  const Finished bad =
      run(example(GetParam(), {"test", "--replay", cassettes(GetParam(), "auth_fail.har")}));
  EXPECT_EQ(bad.exit_code, 3);
  EXPECT_THAT(bad.out, HasSubstr("This token is not known."));
}

INSTANTIATE_TEST_SUITE_P(Murmur, Example, testing::Values("murmur", "murmur-c", "murmur-rust"),
                         [](const testing::TestParamInfo<std::string>& example) {
                           std::string name = example.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace earshot::examples

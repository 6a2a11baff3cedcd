/// `earshot record`: cassettes of a real account, which replay.

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <earshot/core/base/text.hpp>

#include "scenario.hpp"

namespace earshot::scenario {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr int kUsage = 2;

class Record : public Scenario, public testing::WithParamInterface<const Product*> {
 protected:
  Record() : Scenario(*GetParam()) {}

  Finished record() { return run({"record", "acme", "--to", (folder() / "tapes").string()}); }
  [[nodiscard]] std::map<std::string, std::string> tapes() const {
    std::map<std::string, std::string> texts;
    for (const auto& entry : std::filesystem::directory_iterator(folder() / "tapes")) {
      std::ostringstream text;
      text << std::ifstream(entry.path(), std::ios::binary).rdbuf();
      texts[entry.path().filename().string()] = text.str();
    }
    return texts;
  }
};

TEST_P(Record, MakesCassettesWithoutSecrets) {
  serve(30);
  write_config();
  const Finished recorded = record();
  ASSERT_EQ(recorded.exit_code, 0) << recorded.out << recorded.err;
  EXPECT_THAT(recorded.out, HasSubstr("Secrets are masked."));
  const auto texts = tapes();
  ASSERT_EQ(texts.size(), 4U);
  const auto way = core::JsonDocument::parse(access().credentials);
  ASSERT_TRUE(way);
  for (const auto& [name, text] : texts) {
    EXPECT_THAT(text, HasSubstr("\"version\": \"1.2\"")) << name;
    for (const core::JsonValue secret : way.value()->root()) {
      EXPECT_THAT(text, Not(HasSubstr(std::string(secret.text())))) << name;
      EXPECT_THAT(text, Not(HasSubstr(core::base64_encode(secret.text())))) << name;
    }
  }
  EXPECT_FALSE(std::filesystem::exists(data())) << "the store is left alone";
}

TEST_P(Record, ReplaysToTheSameRecords) {
  serve(30);
  write_config();
  ASSERT_EQ(record().exit_code, 0);
  const std::string kept = (folder() / "replayed").string();
  const Finished replayed =
      run({"sync", "acme", "--replay", (folder() / "tapes").string(), "--data-dir", kept});
  EXPECT_EQ(replayed.exit_code, 0) << replayed.out << replayed.err;
  expect_oracle({"--data-dir", kept});
  const Finished refused =
      run({"test", "acme", "--replay", (folder() / "tapes" / "auth_fail.har").string()});
  EXPECT_EQ(refused.exit_code, 3) << refused.out;
}

TEST_P(Record, LeavesCassettesThatAreThereAlone) {
  serve(2);
  write_config();
  std::filesystem::create_directory(folder() / "tapes");
  write_file("tapes/second_run.har", "mine");
  const Finished refused = record();
  EXPECT_EQ(refused.exit_code, kUsage);
  EXPECT_THAT(refused.err, HasSubstr("is left as it is"));
  EXPECT_EQ(tapes().size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(Products, Record, testing::ValuesIn(products()), product_name);

}  // namespace
}  // namespace earshot::scenario

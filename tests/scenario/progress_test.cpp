/// What somebody sees who watches a sync or an export.

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scenario.hpp"
#include "terminal_child.hpp"

namespace earshot::scenario {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

constexpr const char* kInterrupt = "\x03";
constexpr const char* kStuckBehindThreePages =
    R"({"fault":"slow","on":"/api/v2/incremental/*","after":3,"times":10,"delay_ms":60000})";

class OnATerminal : public Scenario, public testing::WithParamInterface<unsigned short> {
 protected:
  /// A product that answers three pages of ten and then not for a long time.
  void serve_thirty() {
    serve(100);
    write_config({.page_size = 10});
    control().post("/_sandbox/faults", kStuckBehindThreePages);
  }
  static void expect_clean(const Screen& screen) {
    EXPECT_FALSE(screen.wrapped());
    EXPECT_THAT(screen.unknown(), IsEmpty());
  }
};

TEST_P(OnATerminal, SyncShowsHowFarItIs) {
  serve_thirty();
  TerminalChild child(command({"sync"}), GetParam());
  child.await("30 records");
  EXPECT_THAT(child.screen().rows(), testing::SizeIs(1));
  EXPECT_THAT(child.screen().rows().front(), StartsWith("acme  30 records"));
  expect_clean(child.screen());
  child.type(kInterrupt);
  EXPECT_EQ(child.wait(), 130);
  EXPECT_FALSE(child.screen().shows("30 records"));
  EXPECT_TRUE(child.screen().shows("cancelled")) << child.output();
  EXPECT_TRUE(child.screen().shows("the next sync goes on from there"));
}

TEST_P(OnATerminal, SyncLeavesItsResultAlone) {
  serve(60);
  write_config({.page_size = 5});
  TerminalChild child(command({"sync"}), GetParam());
  EXPECT_EQ(child.wait(), 0);
  const std::vector<std::string> rows = child.screen().rows();
  ASSERT_GE(rows.size(), 2U) << child.output();
  EXPECT_THAT(rows[0], StartsWith("integration  outcome"));
  EXPECT_THAT(rows[1], StartsWith("acme         completed"));
  EXPECT_FALSE(child.screen().shows(" records  ")) << child.output();
}

TEST_P(OnATerminal, SyncShowsSeveralIntegrationsInOrder) {
  serve(60);
  write_config({.page_size = 5});
  std::string config = content("earshot.yaml");
  const std::string acme = config.substr(config.find("  acme:"));
  write_file("earshot.yaml", config + "  beta:" + acme.substr(acme.find('\n')));
  control().post("/_sandbox/faults", kStuckBehindThreePages);
  TerminalChild child(command({"sync"}), GetParam());
  child.await("beta");
  const std::vector<std::string> rows = child.screen().rows();
  ASSERT_EQ(rows.size(), 2U) << child.output();
  EXPECT_THAT(rows[0], StartsWith("acme  "));
  EXPECT_THAT(rows[1], StartsWith("beta  "));
  child.type(kInterrupt);
  EXPECT_EQ(child.wait(), 130);
  EXPECT_TRUE(child.screen().shows("integration"));
}

TEST_P(OnATerminal, SyncTellsWhatItWaitsFor) {
  serve(150, 1, true);
  write_config({.page_size = 5, .limits = "{}"});
  TerminalChild child(command({"sync"}), GetParam());
  child.await("for quota (incremental");
  EXPECT_TRUE(child.screen().coloured());
  expect_clean(child.screen());
  child.type(kInterrupt);
  EXPECT_EQ(child.wait(), 130);
}

TEST_P(OnATerminal, NothingIsColouredWhereTheEnvironmentSaysSo) {
  serve(150, 1, true);
  write_config({.page_size = 5, .limits = "{}"});
  TerminalChild child(command({"sync"}), GetParam(), {{"NO_COLOR", "1"}});
  child.await("for quota (incremental");
  EXPECT_FALSE(child.screen().coloured());
  child.type(kInterrupt);
  EXPECT_EQ(child.wait(), 130);
}

TEST_P(OnATerminal, NothingIsDrawnOnADumbOne) {
  serve(60);
  write_config({.page_size = 5});
  TerminalChild child(command({"sync"}), GetParam(), {{"TERM", "dumb"}});
  EXPECT_EQ(child.wait(), 0);
  EXPECT_THAT(child.output(), Not(HasSubstr("\x1b")));
}

TEST_P(OnATerminal, QuietIsSilent) {
  serve(60);
  write_config({.page_size = 5});
  TerminalChild child(command({"sync", "--quiet"}), GetParam());
  EXPECT_EQ(child.wait(), 0);
  EXPECT_EQ(child.output(), "");
}

TEST_P(OnATerminal, LogLinesStandAboveWhatIsDrawn) {
  serve_thirty();
  TerminalChild child(command({"sync", "--verbose"}), GetParam());
  child.await("30 records");
  const std::vector<std::string> rows = child.screen().rows();
  EXPECT_THAT(rows.front(), StartsWith("20"));
  EXPECT_THAT(rows.back(), StartsWith("acme  30 records"));
  for (std::size_t i = 0; i + 1 < rows.size(); ++i)
    EXPECT_THAT(rows[i], Not(HasSubstr(" records"))) << i;
  child.type(kInterrupt);
  EXPECT_EQ(child.wait(), 130);
}

TEST_P(OnATerminal, ExportToAFileLeavesTheTerminalClean) {
  serve(60);
  write_config();
  sync();
  const std::string file = (folder() / "all.ndjson").string();
  TerminalChild child(command({"export", "--output", file}), GetParam());
  EXPECT_EQ(child.wait(), 0);
  expect_clean(child.screen());
  EXPECT_THAT(child.screen().rows(), IsEmpty());
}

TEST_P(OnATerminal, ExportToItIsNotDisturbed) {
  serve(60);
  write_config();
  sync();
  TerminalChild child(command({"export", "--limit", "1"}), GetParam());
  EXPECT_EQ(child.wait(), 0);
  EXPECT_THAT(child.output(), StartsWith("{"));
  EXPECT_THAT(child.output(), Not(HasSubstr("\x1b")));
}

INSTANTIATE_TEST_SUITE_P(Columns, OnATerminal, testing::Values(80, 200));

class Piped : public Scenario {};

TEST_F(Piped, SyncPrintsLinesAndNothingElse) {
  serve(60);
  write_config({.page_size = 5});
  const Finished done = run({"sync"});
  EXPECT_EQ(done.exit_code, 0);
  EXPECT_EQ(done.err, "");
  EXPECT_THAT(done.out, StartsWith("integration  outcome"));
  for (const char* drawn : {"\x1b", "\r", " records  "})
    EXPECT_THAT(done.out, Not(HasSubstr(drawn)));
}

}  // namespace
}  // namespace earshot::scenario

/// What becomes of a case's verdict: bypassed, held to --strict, written as JUnit XML.

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "conformance/judgement.hpp"
#include "conformance/report.hpp"

namespace earshot::conformance {
namespace {

using testing::HasSubstr;

constexpr const char* kQuick = "load.loads_quickly";

JudgeOptions options_for(const char* plugin, const char* only) {
  return {.program = EARSHOT_PROGRAM,
          .plugin = std::string(MUTANTS) + "/" + plugin + ".so",
          .cassettes = CASSETTES,
          .only = only,
          .bypass = {}};
}

Verdict verdict_of(const JudgeOptions& options) {
  const auto judgement = judge(options);
  if (!judgement || judgement->findings.empty()) return failed("nothing was judged");
  return judgement->findings.front().verdict;
}

TEST(Judging, LeavesABypassedCaseOutAndSaysWhy) {
  JudgeOptions options = options_for("LOADS_SLOWLY", "load.loads_*");
  options.bypass.emplace(kQuick, "the \"old\" library <1>");
  const auto judgement = judge(options);
  ASSERT_TRUE(judgement.has_value());
  EXPECT_EQ(judgement->findings.front().verdict.outcome, Outcome::skip);
  EXPECT_THAT(junit_report(options, *judgement), HasSubstr("skipped=\"1\""));
  EXPECT_THAT(junit_report(options, *judgement),
              HasSubstr("<skipped message=\"bypassed: the &quot;old&quot; library &lt;1&gt;\"/>"));
}

TEST(Judging, RefusesToBypassWhatIsNoCase) {
  JudgeOptions options = options_for("golden", kQuick);
  options.bypass.emplace("load.no_such_case", "why");
  const auto judgement = judge(options);
  ASSERT_FALSE(judgement.has_value());
  EXPECT_THAT(judgement.error().message, HasSubstr("load.no_such_case"));
}

TEST(Judging, TakesAWarningForAFailureWhereItIsStrict) {
  JudgeOptions options = options_for("LOADS_SLOWLY", kQuick);
  EXPECT_EQ(verdict_of(options).outcome, Outcome::warn);
  options.strict = true;
  EXPECT_EQ(verdict_of(options).outcome, Outcome::fail);
}

TEST(Judging, TakesAMissingCassetteForAFailureWhereItIsStrict) {
  JudgeOptions options = options_for("golden", "fetch.takes_everything");
  options.cassettes = std::filesystem::temp_directory_path();
  EXPECT_EQ(verdict_of(options).outcome, Outcome::skip);
  options.strict = true;
  EXPECT_EQ(verdict_of(options).outcome, Outcome::fail);
}

Judgement with_outcomes(const std::function<Outcome(const Case&)>& outcome) {
  Judgement judgement;
  for (const Case* one : all_cases())
    judgement.findings.push_back({.one = one, .verdict = {outcome(*one), "so"}});
  return judgement;
}

TEST(Judging, GivesALevelToPromisesThatWereKept) {
  const auto failing = [](std::string_view group) {
    return with_outcomes([group](const Case& one) {
             return one.group() == group ? Outcome::fail : Outcome::pass;
           })
        .level();
  };
  EXPECT_EQ(failing("nothing"), "robust");
  EXPECT_EQ(failing("hostile"), "feedback");
  EXPECT_EQ(failing("fetch"), "loads");
  EXPECT_EQ(failing("load"), "none");
}

TEST(Judging, GivesNoLevelToWhatWasNotTried) {
  Judgement judgement = with_outcomes([](const Case& one) {
    return one.needs.provides == "feedback" ? Outcome::skip : Outcome::pass;
  });
  EXPECT_TRUE(judgement.good());
  EXPECT_EQ(judgement.level(), "loads");
  judgement.findings.pop_back();
  EXPECT_EQ(judgement.level(), "none");
  EXPECT_FALSE(with_outcomes([](const Case&) { return Outcome::skip; }).good());
}

TEST(Judging, TellsOnceWhyAFileIsRefused) {
  JudgeOptions options = options_for("golden", "*");
  options.plugin = std::filesystem::path(CASSETTES) / "first_run.har";
  const auto judgement = judge(options);
  ASSERT_FALSE(judgement.has_value());
  EXPECT_THAT(judgement.error().message, HasSubstr("first_run.har"));
}

TEST(Judging, TakesAFileNameWithoutAFolder) {
  JudgeOptions options = options_for("golden", kQuick);
  std::filesystem::current_path(MUTANTS);
  options.plugin = "golden.so";
  EXPECT_EQ(verdict_of(options).outcome, Outcome::pass);
}

TEST(Judging, TellsTheCommandAsAShellTakesIt) {
  JudgeOptions options = options_for("golden", kQuick);
  options.plugin = "my plugins/it's.so";
  EXPECT_THAT(replay_command(options, *find_case(kQuick)),
              HasSubstr(R"(conform 'my plugins/it'\''s.so' --cassettes)"));
}

TEST(Judging, TakesAThinCassetteForAFailureWhereItIsStrict) {
  JudgeOptions options = options_for("golden", "fetch.goes_on_behind_its_pages");
  options.cassettes = std::filesystem::path(CASSETTES).parent_path() / "thin";
  const Verdict skipped = verdict_of(options);
  EXPECT_EQ(skipped.outcome, Outcome::skip);
  EXPECT_EQ(skipped.untried, Untried::thin_cassette);
  options.strict = true;
  EXPECT_THAT(verdict_of(options).seen, HasSubstr("a single request, and --strict leaves nothing"));
  EXPECT_EQ(verdict_of(options).outcome, Outcome::fail);
}

TEST(Judging, LeavesOutWhatAPluginHasNothingOfWhereItIsStrict) {
  JudgeOptions options = options_for("golden", "hostile.links_elsewhere");
  options.cassettes = std::filesystem::path(CASSETTES).parent_path() / "thin";
  options.strict = true;
  EXPECT_EQ(verdict_of(options).outcome, Outcome::skip);
}

TEST(Judging, TellsACrashFromAFailure) {
  const JudgeOptions options = options_for("CHECKS_NO_MEMORY", "memory.lives_without_memory");
  const auto judgement = judge(options);
  ASSERT_TRUE(judgement.has_value());
  EXPECT_EQ(judgement->findings.front().verdict.outcome, Outcome::crash);
  EXPECT_THAT(junit_report(options, *judgement), HasSubstr("errors=\"1\""));
  EXPECT_THAT(junit_report(options, *judgement), HasSubstr("<error type=\"crash\""));
}

/// Runs the program; its exit code, and what it prints.
int run(const std::string& arguments, std::string& printed) {
  const std::string command = std::string(EARSHOT_PROGRAM) + " conform " + MUTANTS +
                              "/golden.so --cassettes " + CASSETTES + " --case " + kQuick + " " +
                              arguments + " 2>&1";
  std::FILE* pipe = ::popen(command.c_str(), "r");
  std::array<char, 4096> chunk{};
  for (std::size_t got = 1; got > 0;) {
    got = std::fread(chunk.data(), 1, chunk.size(), pipe);
    printed.append(chunk.data(), got);
  }
  return WEXITSTATUS(::pclose(pipe));
}

TEST(ConformProgram, RefusesToBypassWhereItIsStrict) {
  std::string printed;
  EXPECT_EQ(run(std::string("--strict --bypass ") + kQuick + "=slow", printed), 2);
  EXPECT_THAT(printed, HasSubstr("--strict leaves nothing out"));
}

TEST(ConformProgram, WritesJunitToAFile) {
  std::string folder = (std::filesystem::temp_directory_path() / "earshot-junit.XXXXXX").string();
  ASSERT_NE(::mkdtemp(folder.data()), nullptr);
  const std::filesystem::path path = std::filesystem::path(folder) / "report.xml";
  std::string printed;
  EXPECT_EQ(run("--junit " + path.string(), printed), 0);
  std::ifstream file(path);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  EXPECT_THAT(text, HasSubstr("<testsuite name=\"earshot conform golden\" tests=\"1\""));
  EXPECT_THAT(text, HasSubstr("name=\"load.loads_quickly\""));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace earshot::conformance

#include "cli/exit_code.hpp"

#include <gtest/gtest.h>

namespace earshot::host {
namespace {

using core::Code;
using core::Error;
using core::RunOutcome;
using core::RunSummary;

RunSummary run_with(RunOutcome outcome, std::string error_code = {}) {
  RunSummary run;
  run.outcome = outcome;
  run.error_code = std::move(error_code);
  return run;
}

TEST(ExitCode, HasThePromisedNumbers) {
  EXPECT_EQ(static_cast<int>(ExitCode::done), 0);
  EXPECT_EQ(static_cast<int>(ExitCode::failed), 1);
  EXPECT_EQ(static_cast<int>(ExitCode::usage), 2);
  EXPECT_EQ(static_cast<int>(ExitCode::authentication), 3);
  EXPECT_EQ(static_cast<int>(ExitCode::yielded), 4);
  EXPECT_EQ(static_cast<int>(ExitCode::interrupted), 130);
}

TEST(ExitCode, KeepsTheWorseWhateverTheOrder) {
  const ExitCode by_weight[] = {ExitCode::done,           ExitCode::yielded, ExitCode::failed,
                                ExitCode::authentication, ExitCode::usage,   ExitCode::interrupted};
  for (std::size_t better = 0; better < std::size(by_weight); ++better) {
    for (std::size_t worst = better; worst < std::size(by_weight); ++worst) {
      EXPECT_EQ(worse(by_weight[better], by_weight[worst]), by_weight[worst]);
      EXPECT_EQ(worse(by_weight[worst], by_weight[better]), by_weight[worst]);
    }
  }
}

TEST(ExitCode, TellsErrorsApart) {
  const auto of = [](Code code) { return exit_code(Error{.code = code, .message = {}}); };
  EXPECT_EQ(of(Code::ok), ExitCode::done);
  EXPECT_EQ(of(Code::config), ExitCode::usage);
  EXPECT_EQ(of(Code::auth), ExitCode::authentication);
  EXPECT_EQ(of(Code::auth_expired), ExitCode::authentication);
  EXPECT_EQ(of(Code::forbidden), ExitCode::authentication);
  EXPECT_EQ(of(Code::yielded), ExitCode::yielded);
  EXPECT_EQ(of(Code::cancelled), ExitCode::interrupted);
  EXPECT_EQ(of(Code::network), ExitCode::failed);
}

TEST(ExitCode, FollowsHowARunEnded) {
  EXPECT_EQ(exit_code(run_with(RunOutcome::completed)), ExitCode::done);
  EXPECT_EQ(exit_code(run_with(RunOutcome::yielded)), ExitCode::yielded);
  EXPECT_EQ(exit_code(run_with(RunOutcome::cancelled)), ExitCode::interrupted);
  EXPECT_EQ(exit_code(run_with(RunOutcome::failed, "network")), ExitCode::failed);
  EXPECT_EQ(exit_code(run_with(RunOutcome::failed, "auth")), ExitCode::authentication);
  EXPECT_EQ(exit_code(run_with(RunOutcome::failed, "config")), ExitCode::usage);
}

TEST(ExitCode, CountsARunWithProblemsAsFailed) {
  RunSummary run = run_with(RunOutcome::completed);
  run.problems.emplace_back("comments: the product answered 500");
  EXPECT_EQ(exit_code(run), ExitCode::failed);
}

}  // namespace
}  // namespace earshot::host

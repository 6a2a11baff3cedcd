#include <csignal>
#include <cstdlib>

#include <gmock/gmock.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include <earshot/core/base/descriptor.hpp>
#include <earshot/core/base/process.hpp>

namespace earshot::core {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::chrono::minutes kLong{2};

Result<ProcessEnd> shell(const std::string& script, ProcessPlan plan = {.limit = kLong}) {
  plan.program = "/bin/sh";
  plan.arguments = {"-c", script};
  return run_process(plan);
}

TEST(Process, TellsItsAnswerAndItsStatus) {
  const Result<ProcessEnd> end = shell("echo answer; echo noise >&2; exit 3");
  ASSERT_TRUE(end) << end.error().message;
  EXPECT_TRUE(end->in_time);
  EXPECT_EQ(end->told, "answer\n");
  EXPECT_EQ(WEXITSTATUS(end->status), 3);
}

TEST(Process, TellsWhichSignalEndedIt) {
  const Result<ProcessEnd> end = shell("kill -ABRT $$");
  ASSERT_TRUE(end) << end.error().message;
  EXPECT_EQ(WTERMSIG(end->status), SIGABRT);
}

TEST(Process, AnswersElsewhereThanItPrints) {
  const Descriptor printed(::memfd_create("process_test", MFD_CLOEXEC));
  const Result<ProcessEnd> end = shell("echo printed; echo told >&3",
                                       {.tells_at = 3, .prints_to = printed.get(), .limit = kLong});
  ASSERT_TRUE(end) << end.error().message;
  EXPECT_EQ(end->told, "told\n");
  std::string text(64, '\0');
  const ssize_t size = ::pread(printed.get(), text.data(), text.size(), 0);
  ASSERT_GT(size, 0);
  EXPECT_EQ(text.substr(0, static_cast<std::size_t>(size)), "printed\n");
}

TEST(Process, KeepsTheEndOfALongAnswer) {
  const Result<ProcessEnd> end =
      shell("i=0; while [ $i -lt 3000 ]; do echo line $i; i=$((i+1)); done");
  ASSERT_TRUE(end) << end.error().message;
  EXPECT_EQ(end->told.size(), 4096U);
  EXPECT_TRUE(end->told.ends_with("line 2999\n"));
}

TEST(Process, IsKilledAfterItsTime) {
  const Result<ProcessEnd> end = shell("sleep 1000", {.limit = std::chrono::milliseconds(100)});
  ASSERT_TRUE(end) << end.error().message;
  EXPECT_FALSE(end->in_time);
  EXPECT_EQ(WTERMSIG(end->status), SIGKILL);
}

TEST(Process, SeesOfTheEnvironmentWhatItTakes) {
  ASSERT_EQ(::setenv("PROCESS_TEST_SECRET", "invented", 1), 0);
  const Result<ProcessEnd> end = shell("env", {.environment = {"GIVEN=1"}, .limit = kLong});
  ::unsetenv("PROCESS_TEST_SECRET");
  ASSERT_TRUE(end) << end.error().message;
  EXPECT_THAT(end->told, HasSubstr("GIVEN=1"));
  EXPECT_THAT(end->told, HasSubstr("PATH="));
  EXPECT_THAT(end->told, Not(HasSubstr("PROCESS_TEST_SECRET")));
}

TEST(Process, IsRefusedWhereThereIsNoSuchProgram) {
  const Result<ProcessEnd> end = run_process({.program = "/nowhere/program", .limit = kLong});
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error().message, "starting /nowhere/program: No such file or directory");
}

}  // namespace
}  // namespace earshot::core

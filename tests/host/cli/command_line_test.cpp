#include "cli/command_line.hpp"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <earshot/core/base/version.hpp>

namespace earshot::host {
namespace {

using testing::AllOf;
using testing::HasSubstr;

/// The program's command line, as far as nothing is run.
struct CommandLine {
  CommandLine() { build_command_line(app, options, chosen); }
  /// How wrong usage is answered on standard error.
  std::string refusal(std::vector<std::string> words) {
    std::reverse(words.begin(), words.end());
    try {
      app.parse(std::move(words));
    } catch (const CLI::ParseError& error) {
      testing::internal::CaptureStderr();
      EXPECT_EQ(answer(app, error), ExitCode::usage);
      return testing::internal::GetCapturedStderr();
    }
    return "accepted";
  }

  /// What is printed where that ends the program.
  std::string told(std::vector<std::string> words) {
    std::reverse(words.begin(), words.end());
    try {
      app.parse(std::move(words));
    } catch (const CLI::ParseError& error) {
      testing::internal::CaptureStdout();
      EXPECT_EQ(answer(app, error), ExitCode::done);
      return testing::internal::GetCapturedStdout();
    }
    return "nothing";
  }

  GlobalOptions options;
  Verb chosen;
  CLI::App app;
};

void check_help(const CLI::App& verb, const std::string& words) {
  const std::string help = verb.help(words);
  EXPECT_THAT(help, HasSubstr("\nExample:\n  earshot ")) << words;
  EXPECT_FALSE(verb.get_description().empty()) << words;
  for (const CLI::App* sub : verb.get_subcommands([](const CLI::App*) { return true; })) {
    if (!sub->get_group().empty()) check_help(*sub, words + " " + sub->get_name());
  }
}

TEST(Help, HasAnExampleForEveryVerb) {
  const CommandLine line;
  check_help(line.app, "earshot");
}

TEST(Help, ListsEveryVerb) {
  const CommandLine line;
  const std::string help = line.app.help();
  for (const char* verb :
       {"init", "config", "integrations", "status", "sync", "test", "plugins", "records", "export",
        "runs", "state", "webhooks", "backup", "manifest", "map", "conform", "sandbox", "demo"}) {
    EXPECT_THAT(help, HasSubstr("\n  " + std::string(verb) + " ")) << verb;
  }
  EXPECT_EQ(help.find("probe-plugin"), std::string::npos) << "the loader's own verb is hidden";
}

TEST(GlobalOptions, StandBeforeOrAfterTheVerb) {
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"--json", "--config", "x.yaml", "status"},
        std::vector<std::string>{"status", "--json", "--config", "x.yaml"},
        std::vector<std::string>{"state", "list", "--json", "--config", "x.yaml"}}) {
    CommandLine line;
    line.app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
    EXPECT_TRUE(line.options.json);
    EXPECT_EQ(line.options.config, "x.yaml");
    EXPECT_TRUE(line.chosen);
  }
}

TEST(GlobalOptions, DoNotSwallowTheVerbBehindAPluginFolder) {
  CommandLine line;
  line.app.parse(std::vector<std::string>{"status", "b", "--plugin-dir", "a", "--plugin-dir"});
  EXPECT_EQ(line.options.plugin_dirs, (std::vector<std::filesystem::path>{"a", "b"}));
  EXPECT_TRUE(line.chosen);
}

TEST(GlobalOptions, LeaveThePositionalWordsBehindAPluginFolder) {
  CommandLine line;
  line.app.parse(std::vector<std::string>{"acme", "dir", "--plugin-dir", "sync"});
  EXPECT_EQ(line.options.plugin_dirs, std::vector<std::filesystem::path>{"dir"});
  EXPECT_EQ(line.app.get_subcommand("sync")->get_option("id")->results(),
            std::vector<std::string>{"acme"});
}

TEST(Settings, TakeOneWordEach) {
  for (const char* verb : {"init", "test"}) {
    CommandLine line;
    line.app.parse(std::vector<std::string>{"b=2", "--set", "a=1", "--set", verb});
    EXPECT_EQ(line.app.get_subcommand(verb)->get_option("--set")->results(),
              (std::vector<std::string>{"a=1", "b=2"}));
  }
  EXPECT_THAT(CommandLine().refusal({"init", "--set", "a=1", "b=2"}), HasSubstr("b=2"));
  CommandLine line;
  line.app.parse(std::vector<std::string>{"acme", "a=1", "--set", "test"});
  EXPECT_EQ(line.app.get_subcommand("test")->get_option("id")->results(),
            std::vector<std::string>{"acme"});
}

TEST(Sandbox, TakesItsOwnOptions) {
  CommandLine line;
  line.app.parse(std::vector<std::string>{"0", "--port", "3", "--items", "sandbox"});
  EXPECT_TRUE(line.chosen);
}

TEST(Version, IsJsonForPrograms) {
  for (const std::vector<std::string>& words : {std::vector<std::string>{"--version", "--json"},
                                                {"--json", "--version"},
                                                {"status", "--version", "--json"}}) {
    EXPECT_EQ(CommandLine().told(words),
              R"({"version":")" + std::string(core::version()) + "\"}\n");
  }
  EXPECT_EQ(CommandLine().told({"--version"}), "earshot " + std::string(core::version()) + "\n");
}

TEST(Demo, TakesAsManyItemsAsTheSandboxMakes) {
  for (const char* items : {"0", "5000001"}) {
    EXPECT_THAT(CommandLine().refusal({"demo", "--items", items}),
                HasSubstr("--items: takes a whole number from 1 to 5000000, not '" +
                          std::string(items) + "'"));
  }
  CommandLine().app.parse(std::vector<std::string>{"5000000", "--items", "demo"});
}

TEST(WrongUsage, SaysWhatIsWrongAndWhereHelpIs) {
  EXPECT_THAT(CommandLine().refusal({}),
              AllOf(HasSubstr("a verb is missing: init, config"), HasSubstr("'earshot --help'")));
  EXPECT_THAT(CommandLine().refusal({"synk"}),
              HasSubstr("there is no verb 'synk'; did you mean 'sync'?"));
  EXPECT_THAT(CommandLine().refusal({"state", "lst"}),
              AllOf(HasSubstr("there is no verb 'lst'; did you mean 'list'?"),
                    HasSubstr("'earshot state --help'")));
  EXPECT_THAT(CommandLine().refusal({"sync", "--nope"}),
              AllOf(HasSubstr("--nope"), HasSubstr("'earshot sync --help'")));
  EXPECT_THAT(CommandLine().refusal({"records", "--limit", "-1"}),
              HasSubstr("--limit: takes a whole number up to 9223372036854775807, not '-1'"));
  for (const char* number : {"9223372036854775808", "18446744073709551615", "1.5", "1e3", "+1"}) {
    for (const char* verb : {"records", "export", "sync", "runs"})
      EXPECT_THAT(CommandLine().refusal({verb, "--limit", number}),
                  HasSubstr("whole number up to"));
    EXPECT_THAT(CommandLine().refusal({"demo", "--items", number}),
                HasSubstr("whole number from 1 to 5000000, not"));
  }
  CommandLine().app.parse(std::vector<std::string>{"9223372036854775807", "--limit", "sync"});
}

}  // namespace
}  // namespace earshot::host

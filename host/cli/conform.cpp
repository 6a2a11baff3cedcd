#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <earshot/core/base/file.hpp>
#include <earshot/core/json/writer.hpp>

#include "conformance/child.hpp"
#include "conformance/report.hpp"
#include "repeatable.hpp"
#include "say.hpp"
#include "verb.hpp"
#include "whole_number.hpp"

namespace earshot::host {

using conformance::Case;
using core::Error;
using core::Result;

namespace {

struct ConformArguments {
  conformance::JudgeOptions judge;
  std::vector<std::string> bypass;
  bool list = false;
  std::filesystem::path junit;
  std::filesystem::path child;  ///< Hidden: the scratch folder of the one case to run here.
};

Error usage(std::string message) {
  return {.code = core::Code::config, .message = std::move(message)};
}

Result<void> read_bypasses(ConformArguments& arguments) {
  if (arguments.judge.strict && !arguments.bypass.empty())
    return usage("--bypass: --strict leaves nothing out");
  for (const std::string& typed : arguments.bypass) {
    const std::size_t equals = std::min(typed.find('='), typed.size());
    if (equals + 1 >= typed.size())
      return usage(fmt::format("--bypass takes CASE=REASON, not '{}'", typed));
    arguments.judge.bypass.emplace(typed.substr(0, equals), typed.substr(equals + 1));
  }
  return {};
}

void print_cases_as_json() {
  core::JsonWriter out;
  out.begin_array();
  for (const Case* one : conformance::all_cases()) {
    out.begin_object();
    out.member("id", one->id);
    out.member("promise", one->promise);
    out.member("clause", one->clause);
    out.end_object();
  }
  out.end_array();
  say("{}\n", out.take());
}

ExitCode list_cases(const Program& program) {
  if (program.options().json) {
    print_cases_as_json();
  } else {
    for (const Case* one : conformance::all_cases()) say("{}\n", one->id);
  }
  return ExitCode::done;
}

[[noreturn]] void run_child(const ConformArguments& arguments) {
  const conformance::JudgeOptions& judge = arguments.judge;
  const Case* one = conformance::find_case(judge.only);
  if (one == nullptr) conformance::end_case(conformance::failed("no case '{}'", judge.only));
  conformance::be_child(*one, {.plugin = judge.plugin,
                               .cassettes = judge.cassettes,
                               .scratch = arguments.child,
                               .seed = judge.seed});
}

ExitCode conform(const Program& program, ConformArguments arguments) {
  if (arguments.list) return list_cases(program);
  if (!arguments.child.empty()) run_child(arguments);
  if (arguments.judge.plugin.empty())
    return report(program, usage("conform needs a PLUGIN.so, or --list"));
  if (const Result<void> read = read_bypasses(arguments); !read)
    return report(program, read.error());
  arguments.judge.program = Program::executable();
  const Result<conformance::Judgement> judgement = conformance::judge(arguments.judge);
  if (!judgement) return report(program, judgement.error());
  if (program.options().json) {
    say("{}\n", json_report(arguments.judge, *judgement));
  } else {
    say("{}", text_report(arguments.judge, *judgement));
  }
  if (!arguments.junit.empty()) {
    const Result<void> written =
        core::write_file(arguments.junit, junit_report(arguments.judge, *judgement), 0644);
    if (!written) return report(program, written.error());
  }
  return judgement->good() ? ExitCode::done : ExitCode::failed;
}

}  // namespace

void add_conform(CLI::App& app, Verb& chosen) {
  auto arguments = std::make_shared<ConformArguments>();
  CLI::App* verb = app.add_subcommand(
      "conform", "Judge a plugin, promise by promise, against its recorded cassettes");
  verb->add_option("plugin", arguments->judge.plugin, "The plugin's library");
  verb->add_option("--cassettes", arguments->judge.cassettes,
                   "Where its cassettes are, instead of NAME.cassettes beside it")
      ->option_text("FOLDER");
  verb->add_option("--case", arguments->judge.only, "Only the cases like this ('fetch.*')")
      ->option_text("GLOB");
  verb->add_flag("--list", arguments->list, "Name the cases, one a line");
  verb->add_option("--seed", arguments->judge.seed, "Same seed, same chance")
      ->check(whole_number())
      ->capture_default_str();
  verb->add_option("--junit", arguments->junit, "Write the results there, too, as JUnit XML")
      ->option_text("FILE");
  verb->add_flag("--strict", arguments->judge.strict,
                 "Nothing may be left out: a missing cassette is a failure");
  repeatable(verb->add_option("--bypass", arguments->bypass,
                              "Leave a case out and say why; may be repeated"))
      ->option_text("CASE=REASON");
  verb->add_option("--child", arguments->child)->group("");
  verb->footer(
      "Example:\n  earshot conform plugins/acme.so --strict\n  earshot conform "
      "plugins/acme.so --case fetch.resumes_from_every_checkpoint");
  verb->callback([arguments, &chosen] {
    chosen = [arguments](Program& program) { return conform(program, *arguments); };
  });
}

}  // namespace earshot::host

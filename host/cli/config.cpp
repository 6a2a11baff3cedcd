#include <algorithm>

#include <earshot/core/json/writer.hpp>

#include "say.hpp"
#include "verb.hpp"

namespace earshot::host {

using core::Result;

namespace {

ExitCode check(Program& program) {
  const Result<const core::ConfigReading*> checked = program.check_config();
  if (!checked) return report(program, checked.error());
  const core::ConfigReading& reading = **checked;
  const auto mistakes =
      std::count_if(reading.issues.begin(), reading.issues.end(),
                    [](const core::ConfigIssue& issue) { return !issue.warning; });
  core::JsonWriter out;
  out.begin_array();
  for (const core::ConfigIssue& issue : reading.issues) {
    out.begin_object();
    out.member("file", issue.file.string());
    out.member("line", static_cast<std::int64_t>(issue.line));
    out.member("path", issue.path);
    out.member("message", issue.message);
    out.member("warning", issue.warning);
    out.end_object();
    if (!program.options().json) say("{}\n", to_string(issue));
  }
  out.end_array();
  if (program.options().json) {
    say("{}\n", out.take());
  } else if (mistakes == 0) {
    say("{} is good: {} integration{}\n", program.options().config.string(),
        reading.settings->integrations.size(),
        reading.settings->integrations.size() == 1 ? "" : "s");
  } else {
    say("{} mistake{}\n", mistakes, mistakes == 1 ? "" : "s");
  }
  return mistakes == 0 ? ExitCode::done : ExitCode::usage;
}

}  // namespace

void add_config(CLI::App& app, Verb& chosen) {
  CLI::App* verb =
      app.add_subcommand("config", "Check the configuration, or print the schema it follows");
  verb->footer("Example:\n  earshot config check --config earshot.yaml");
  verb->require_subcommand(1);
  CLI::App* checking = verb->add_subcommand("check", "Every mistake by file, line and path");
  checking->footer("Example:\n  earshot config check --config earshot.yaml");
  checking->fallthrough();
  checking->callback([&chosen] { chosen = check; });
  CLI::App* schema = verb->add_subcommand("schema", "The JSON Schema of earshot.yaml, for editors");
  schema->footer("Example:\n  earshot config schema > earshot.schema.json");
  schema->fallthrough();
  schema->callback([&chosen] {
    chosen = [](Program&) {
      say("{}\n", core::config_schema());
      return ExitCode::done;
    };
  });
}

}  // namespace earshot::host

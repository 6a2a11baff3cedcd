#include <memory>
#include <string>

#include <fmt/format.h>

#include <earshot/core/json/writer.hpp>

#include "run_view.hpp"
#include "say.hpp"
#include "table.hpp"
#include "verb.hpp"
#include "whole_number.hpp"

namespace earshot::host {

using core::Result;
using core::RunSummary;

namespace {

constexpr std::size_t kErrorColumns = 100;

struct RunsArguments {
  std::string id;
  std::uint64_t limit = 20;
  core::RunId run = 0;
};

ExitCode list(Program& program, const RunsArguments& arguments) {
  Result<std::unique_ptr<core::StoreReader>> reader = program.reader();
  if (!reader) return report(program, reader.error());
  if (Result<void> known = program.check_name(**reader, arguments.id); !known)
    return report(program, known.error());
  const Result<std::vector<RunSummary>> runs = (*reader)->runs(arguments.id, arguments.limit);
  if (!runs) return report(program, runs.error());
  if (program.options().json) {
    core::JsonWriter out;
    out.begin_array();
    for (const RunSummary& run : *runs) write_run(out, run);
    out.end_array();
    say("{}\n", out.take());
    return ExitCode::done;
  }
  Table table(
      {"run", "integration", "started", "outcome", "fetched", "requests", "window", "error"});
  for (const RunSummary& run : *runs) {
    table.add({std::to_string(run.run), run.integration_name,
               core::rfc3339(std::chrono::floor<std::chrono::seconds>(run.started)),
               std::string(to_string(run.outcome)), std::to_string(run.counts.fetched()),
               std::to_string(run.requests), describe_window(run), fit(run.error, kErrorColumns)});
  }
  say("{}", table.empty() ? "no run yet\n" : table.text(output_columns()));
  return ExitCode::done;
}

ExitCode show(Program& program, const RunsArguments& arguments) {
  Result<std::unique_ptr<core::StoreReader>> reader = program.reader();
  if (!reader) return report(program, reader.error());
  const Result<std::optional<RunSummary>> found = (*reader)->run(arguments.run);
  if (!found) return report(program, found.error());
  if (!*found) {
    return report(program, {.code = core::Code::not_found,
                            .message = fmt::format("there is no run {}; 'earshot runs' lists them",
                                                   arguments.run)});
  }
  core::JsonWriter out(program.options().json ? core::JsonWriter::Style::compact
                                              : core::JsonWriter::Style::pretty);
  write_run(out, **found);
  say("{}\n", out.take());
  return ExitCode::done;
}

}  // namespace

void add_runs(CLI::App& app, Verb& chosen) {
  auto arguments = std::make_shared<RunsArguments>();
  CLI::App* verb = app.add_subcommand("runs", "List past runs, newest first, or show one whole");
  verb->add_option("--integration", arguments->id, "Only this one's");
  verb->add_option("--limit", arguments->limit, "At most so many; 0 is all")
      ->check(whole_number())
      ->option_text("N=20");
  verb->footer("Example:\n  earshot runs --integration acme --limit 5\n  earshot runs show 12");
  verb->require_subcommand(0, 1);
  verb->callback([verb, arguments, &chosen] {
    if (verb->get_subcommands().empty())
      chosen = [arguments](Program& program) { return list(program, *arguments); };
  });
  CLI::App* sub = verb->add_subcommand("show", "Everything about one run");
  sub->add_option("run", arguments->run, "Its number")->required();
  sub->footer("Example:\n  earshot runs show 12");
  sub->fallthrough();
  sub->callback([arguments, &chosen] {
    chosen = [arguments](Program& program) { return show(program, *arguments); };
  });
}

}  // namespace earshot::host

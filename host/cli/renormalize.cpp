#include <atomic>
#include <memory>
#include <string>

#include <fmt/format.h>

#include <earshot/core/json/writer.hpp>
#include <earshot/core/sync/renormalize.hpp>

#include "interrupt.hpp"
#include "say.hpp"
#include "table.hpp"
#include "verb.hpp"
#include "workbench.hpp"

namespace earshot::host {

using core::Renormalized;
using core::Result;
using core::RunOutcome;

namespace {

ExitCode exit_code_of(const Renormalized& done) {
  if (done.outcome == RunOutcome::cancelled) return ExitCode::interrupted;
  return exit_code(done.error);
}

void print(const Program& program, const std::string& id, const Renormalized& done) {
  const double seconds = static_cast<double>(done.took.count()) / 1e6;
  const std::uint64_t items = done.updated + done.unchanged + done.recovered + done.rejected;
  if (program.options().json) {
    core::JsonWriter out;
    out.begin_object();
    out.member("integration", id);
    out.member("outcome", to_string(done.outcome));
    out.member("items", items);
    out.member("updated", done.updated);
    out.member("unchanged", done.unchanged);
    out.member("recovered", done.recovered);
    out.member("rejected", done.rejected);
    out.member("seconds", seconds);
    out.end_object();
    say("{}\n", out.take());
    return;
  }
  Table table({"integration", "outcome", "items", "updated", "unchanged", "recovered", "rejected",
               "seconds"});
  table.add({id, std::string(to_string(done.outcome)), std::to_string(items),
             std::to_string(done.updated), std::to_string(done.unchanged),
             std::to_string(done.recovered), std::to_string(done.rejected),
             fmt::format("{:.2f}", seconds)});
  say("{}", table.text());
  if (done.outcome == RunOutcome::cancelled)
    say("interrupted: what is counted is stored; run it again to go on\n");
}

ExitCode renormalize(Program& program, const std::string& id) {
  const Result<std::vector<Target>> targets = program.targets({id});
  if (!targets) return report(program, targets.error());
  std::atomic<bool> stopping{false};
  const InterruptWatcher watcher([&stopping](int /*count*/) { stopping = true; });
  Result<std::unique_ptr<Workbench>> bench = Workbench::open(program);
  if (!bench) return report(program, bench.error());
  Result<std::unique_ptr<core::StoreReader>> reader = program.reader();
  if (!reader) return report(program, reader.error());
  const Target& target = targets->front();
  const Renormalized done =
      core::renormalize((*bench)->store(), **reader, target.settings, target.plugin.manifest,
                        program.clock(), [&stopping] { return stopping.load(); });
  if (done.error.code != core::Code::ok) return report(program, done.error);
  print(program, id, done);
  return exit_code_of(done);
}

}  // namespace

void add_renormalize(CLI::App& app, Verb& chosen) {
  auto id = std::make_shared<std::string>();
  CLI::App* verb = app.add_subcommand(
      "renormalize", "Map what is stored again, after a mapping has changed, without fetching");
  verb->add_option("id", *id, "Integration, with store_raw: true")->required();
  verb->footer("Example:\n  earshot renormalize acme");
  verb->callback(
      [id, &chosen] { chosen = [id](Program& program) { return renormalize(program, *id); }; });
}

}  // namespace earshot::host

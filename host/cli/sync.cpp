#include <cstdio>
#include <future>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include <earshot/core/base/mutex.hpp>
#include <earshot/core/json/writer.hpp>

#include "interrupt.hpp"
#include "progress_bars.hpp"
#include "repeatable.hpp"
#include "replay.hpp"
#include "run_view.hpp"
#include "table.hpp"
#include "verb.hpp"
#include "whole_number.hpp"
#include "workbench.hpp"

namespace earshot::host {

using core::Error;
using core::Result;
using core::RunSummary;

namespace {

struct SyncArguments {
  std::vector<std::string> ids;
  std::string from;
  std::string to;
  std::uint64_t limit = 0;
  bool full = false;
  bool dry_run = false;
  std::string hours;
  std::string time_zone;
  std::string plugin;
  std::vector<std::string> members;
  std::string base_url;
  std::string replay;
};

/// --hours and --time-zone, or for a window what the configuration says.
Result<std::optional<core::DailyHours>> hours(const SyncArguments& arguments,
                                              const std::optional<core::DailyHours>& configured) {
  if (arguments.hours.empty()) {
    if (!arguments.time_zone.empty())
      return Error{.code = core::Code::config, .message = "--time-zone goes with --hours"};
    const bool window = !arguments.from.empty() || !arguments.to.empty();
    return window ? configured : std::optional<core::DailyHours>{};
  }
  const std::string& zone = arguments.time_zone;
  EAR_TRY(core::DailyHours daily,
          core::DailyHours::parse(arguments.hours, zone.empty() ? "UTC" : zone));
  return std::optional<core::DailyHours>(std::move(daily));
}

Result<core::RunOptions> run_options(Program& program, const SyncArguments& arguments) {
  const core::Time now = program.clock().now();
  core::RunOptions options{
      .limit = arguments.limit, .full = arguments.full, .dry_run = arguments.dry_run};
  const auto time = [now](const char* name, const std::string& text,
                          std::optional<core::Time>& out) -> Result<void> {
    if (text.empty()) return {};
    Result<core::Time> parsed = core::parse_time_option(text, now);
    if (!parsed)
      return Error{.code = core::Code::config,
                   .message = fmt::format("{}: {}", name, parsed.error().message)};
    out = *parsed;
    return {};
  };
  EAR_CHECK(time("--from", arguments.from, options.from));
  EAR_CHECK(time("--to", arguments.to, options.to));
  if (options.from && options.to && *options.from >= *options.to) {
    return Error{.code = core::Code::config, .message = "--from must be before --to"};
  }
  std::optional<core::DailyHours> configured;
  if (arguments.plugin.empty()) {
    EAR_TRY(const core::HostSettings* settings, program.settings());
    configured = settings->backfill_hours;
  }
  EAR_TRY(options.hours, hours(arguments, configured));
  return options;
}

/// What the credentials can see, asked of the product.
std::string seen_by(Workbench& bench, const Target& target) {
  const Result<core::AccountReport> account = bench.authenticate(target);
  if (account)
    return fmt::format("the credentials open account '{}' ({})", account->name, account->id);
  return fmt::format("the credentials could not be checked: {}", account.error().message);
}

/// What a run without items has to tell: where it looked, and what the credentials can see. A
/// program that syncs every few minutes need not have that asked each time.
std::string nothing_found(Workbench& bench, const Target& target, const RunSummary& run,
                          bool ask_product) {
  const std::string text = fmt::format("{}: no items {}; filters: {}", run.integration_name,
                                       describe_window(run), target.settings.config->root().dump());
  return ask_product ? text + "; " + seen_by(bench, target) : text;
}

/// What is configured, or a plugin run from the environment alone.
Result<std::vector<Target>> targets_of(Program& program, const SyncArguments& arguments) {
  if (arguments.plugin.empty()) {
    EAR_TRY(std::vector<Target> targets, program.targets(arguments.ids));
    if (!targets.empty()) return targets;
    return Error{.code = core::Code::config,
                 .message = "no integration is configured; add one with 'earshot init'"};
  }
  if (!arguments.ids.empty()) {
    return Error{.code = core::Code::config,
                 .message = "name integrations, or a plugin with --plugin, not both"};
  }
  EAR_TRY(Target target,
          program.target_of_environment(arguments.plugin, arguments.members, arguments.base_url));
  const bool kept = arguments.replay.empty() || !program.options().data_dir.empty();
  if (kept) EAR_CHECK(program.check_unconfigured(arguments.plugin));
  return std::vector<Target>{std::move(target)};
}

/// A note on each run that found nothing. The product is asked what the credentials see, where not
/// `always`, for those of a window alone.
std::vector<std::string> notes_on_silence(Workbench& bench, const std::vector<Target>& targets,
                                          const std::vector<RunSummary>& runs, bool always) {
  std::vector<std::string> notes;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const RunSummary& run = runs[i];
    const bool silent = run.outcome == core::RunOutcome::completed && run.counts.fetched() == 0;
    if (silent)
      notes.push_back(nothing_found(bench, targets[i], run, always || run.from || run.to));
  }
  return notes;
}

/// Passes interrupts on to what is at work, those that came before too. [thread-safe]
class Interrupts {
 public:
  Interrupts() : watcher_([this](int count) { pass_on(count); }) {}

  void reach(Workbench& bench, ProgressBars& bars) {
    const core::MutexLock lock(mutex_);
    bench_ = &bench;
    bars_ = &bars;
    if (count_ > 0) bench.interrupt(count_);
  }
  void reach_nothing() {
    const core::MutexLock lock(mutex_);
    bench_ = nullptr;
  }

 private:
  void pass_on(int count) {
    const core::MutexLock lock(mutex_);
    count_ = count;
    if (bench_ != nullptr) {
      bars_->stopping();
      bench_->interrupt(count);
    } else if (count > 1) {
      ::_exit(static_cast<int>(ExitCode::interrupted));
    }
  }

  core::Mutex mutex_;
  Workbench* bench_ EAR_GUARDED_BY(mutex_) = nullptr;
  ProgressBars* bars_ EAR_GUARDED_BY(mutex_) = nullptr;
  int count_ EAR_GUARDED_BY(mutex_) = 0;
  InterruptWatcher watcher_;
};

ExitCode told(Program& program, const SyncArguments& arguments, const std::vector<RunSummary>& runs,
              std::vector<std::string> notes) {
  ExitCode code = ExitCode::done;
  for (const RunSummary& run : runs) code = worse(code, exit_code(run));
  if (arguments.dry_run) notes.emplace_back("dry run: nothing was stored");
  if (code == ExitCode::interrupted && !arguments.dry_run)
    notes.emplace_back("interrupted: what is counted is stored; the next sync goes on from there");
  print_runs(program, runs, notes);
  return code;
}

ExitCode sync_targets(Program& program, const SyncArguments& arguments,
                      const core::RunOptions& options, const std::vector<Target>& targets) {
  Interrupts interrupts;
  ProgressBars bars(program, names_of(targets));
  Result<std::unique_ptr<Workbench>> bench =
      Workbench::open(program, [&bars](const core::RunProgress& now) { bars.update(now); });
  if (!bench) {
    bars.finish();
    return report(program, bench.error());
  }
  interrupts.reach(**bench, bars);
  const std::vector<RunSummary> runs = sync_all(**bench, targets, options, bars);
  bars.finish();
  std::vector<std::string> notes;
  if (!program.options().quiet) {
    notes = notes_on_silence(**bench, targets, runs, arguments.full || !program.options().json);
  }
  interrupts.reach_nothing();
  return told(program, arguments, runs, std::move(notes));
}

ExitCode sync(Program& program, const SyncArguments& arguments) {
  if (arguments.plugin.empty() && !arguments.members.empty())
    return report(program, {.code = core::Code::config, .message = "--set goes with --plugin"});
  const Result<core::RunOptions> options = run_options(program, arguments);
  if (!options) return report(program, options.error());
  const Result<std::vector<Target>> targets = targets_of(program, arguments);
  if (!targets) return report(program, targets.error());
  if (arguments.replay.empty()) return sync_targets(program, arguments, *options, *targets);
  if (targets->size() == 1)
    return replay_sync(program, targets->front(), *options, arguments.replay);
  return report(
      program, {.code = core::Code::config, .message = "--replay is for one integration; name it"});
}

}  // namespace

std::vector<std::string> names_of(const std::vector<Target>& targets) {
  std::vector<std::string> names;
  for (const Target& target : targets) names.push_back(target.settings.name);
  return names;
}

std::vector<RunSummary> sync_all(Workbench& bench, const std::vector<Target>& targets,
                                 const core::RunOptions& options, ProgressBars& bars) {
  std::vector<std::promise<RunSummary>> promises(targets.size());
  std::vector<std::future<RunSummary>> answers;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    answers.push_back(promises[i].get_future());
    bench.engine().sync(targets[i].settings, targets[i].plugin, options,
                        [&promise = promises[i], &bars](RunSummary run) {
                          bars.end(run.integration_name, to_string(run.outcome));
                          promise.set_value(std::move(run));
                        });
  }
  std::vector<RunSummary> runs;
  for (std::future<RunSummary>& answer : answers) runs.push_back(bench.await(answer));
  return runs;
}

void add_sync(CLI::App& app, Verb& chosen) {
  auto arguments = std::make_shared<SyncArguments>();
  CLI::App* verb =
      app.add_subcommand("sync", "Fetch what is new, from all integrations or the named ones");
  verb->add_option("id", arguments->ids, "Integrations; all where none is named");
  verb->add_option("--from", arguments->from,
                   "Only what changed at or after: a date, an RFC 3339 time or an age such as 7d");
  verb->add_option("--to", arguments->to, "Only what changed before");
  verb->add_option("--limit", arguments->limit,
                   "At most so many items of each integration; the next sync goes on behind them")
      ->option_text("N")
      ->check(whole_number());
  verb->add_flag("--full", arguments->full,
                 "Forget where the last sync ended and fetch everything");
  verb->add_option("--hours", arguments->hours,
                   "Fetch in these hours of the day alone; outside of them the run yields")
      ->option_text("22:00-06:00");
  verb->add_option("--time-zone", arguments->time_zone, "Where the clocks show these hours")
      ->option_text("NAME=UTC");
  verb->add_flag("--dry-run", arguments->dry_run, "Fetch and map, but store nothing");
  verb->add_option("--plugin", arguments->plugin,
                   "Instead: a plugin, whose settings come from the environment");
  repeatable(verb->add_option("--set", arguments->members,
                              "With --plugin: name=value, name=env:VARIABLE or name=file:PATH, "
                              "before the environment"));
  verb->add_option("--base-url", arguments->base_url,
                   "With --plugin: another server that speaks the product's API");
  verb->add_option("--replay", arguments->replay,
                   "Instead of the product: a folder of cassettes (first_run.har, then "
                   "second_run.har) or one of them; keeps what it fetches in --data-dir or nowhere")
      ->option_text("PATH");
  verb->footer(
      "Example:\n  earshot sync acme --from 7d --limit 100\n  earshot sync --plugin zendesk");
  verb->callback([arguments, &chosen] {
    chosen = [arguments](Program& program) { return sync(program, *arguments); };
  });
}

}  // namespace earshot::host

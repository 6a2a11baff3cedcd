#include "run_view.hpp"

#include <cstdio>

#include <fmt/format.h>

#include <earshot/core/sync/renormalize.hpp>

#include "say.hpp"
#include "table.hpp"

namespace earshot::host {

using core::RunSummary;

namespace {

constexpr core::Micros kWaitWorthTelling = std::chrono::seconds(1);

double seconds(const RunSummary& run) {
  return static_cast<double>(run.took.count()) / 1e6;
}

void write_optional_time(core::JsonWriter& out, const char* name,
                         const std::optional<core::Time>& time) {
  out.key(name);
  if (time) {
    out.string(core::rfc3339(*time));
  } else {
    out.null();
  }
}

/// What the table has no room for, and what went wrong.
void print_remarks(const RunSummary& run, bool quiet) {
  const auto remark = [&run](const std::string& text) {
    say("{}: {}\n", run.integration_name, text);
  };
  if (!run.error.empty()) remark(run.error_code + ": " + run.error);
  if (run.counts.rejected != 0)
    remark(
        fmt::format("{} items could not be mapped and are kept as rejected; 'earshot records "
                    "--rejected' tells why",
                    run.counts.rejected));
  for (const std::string& problem : run.problems) remark("problem: " + problem);
  if (quiet) return;
  if (run.waited >= kWaitWorthTelling || run.throttled != 0)
    remark(fmt::format("waited {} in {} requests; {} refused for rate",
                       core::human_duration(run.waited), run.requests, run.throttled));
  if (const std::string cache = describe_cache(run); !cache.empty()) remark(cache);
  for (const std::string& note : run.notes) remark(note);
  if (run.until)
    remark(fmt::format("may go on at {}; the next sync goes on from there",
                       core::rfc3339(std::chrono::ceil<std::chrono::seconds>(*run.until))));
}

}  // namespace

std::string run_table(const std::vector<RunSummary>& runs, std::size_t columns) {
  Table table({"integration", "outcome", "fetched", "created", "updated", "unchanged", "deleted",
               "seconds"});
  for (const RunSummary& run : runs) {
    table.add({run.integration_name, std::string(to_string(run.outcome)),
               std::to_string(run.counts.fetched()), std::to_string(run.counts.created),
               std::to_string(run.counts.updated), std::to_string(run.counts.unchanged),
               std::to_string(run.counts.deleted), fmt::format("{:.2f}", seconds(run))});
  }
  return table.text(columns);
}

void write_run(core::JsonWriter& out, const RunSummary& run) {
  out.begin_object();
  out.member("integration", run.integration_name);
  out.member("plugin", run.plugin);
  out.member("run", run.run);
  out.member("outcome", to_string(run.outcome));
  out.member("fetched", run.counts.fetched());
  out.member("created", run.counts.created);
  out.member("updated", run.counts.updated);
  out.member("unchanged", run.counts.unchanged);
  out.member("deleted", run.counts.deleted);
  out.member("rejected", run.counts.rejected);
  out.member("requests", run.requests);
  out.member("bytes", run.bytes);
  out.member("cache_hits", run.cache_hits);
  out.member("cache_misses", run.cache_misses);
  out.member("cache_revalidated", run.cache_revalidated);
  out.member("seconds", seconds(run));
  out.member("waited_seconds", static_cast<double>(run.waited.count()) / 1e6);
  out.member("throttled", run.throttled);
  out.key("quota_left");
  if (run.quota_left) {
    out.unsigned_integer(*run.quota_left);
  } else {
    out.null();
  }
  out.member("started", core::rfc3339(run.started));
  write_optional_time(out, "from", run.from);
  write_optional_time(out, "to", run.to);
  write_optional_time(out, "until", run.until);
  out.member("error_code", run.error_code.empty() ? std::nullopt : std::optional(run.error_code));
  out.member("error", run.error.empty() ? std::nullopt : std::optional(run.error));
  out.key("problems");
  out.begin_array();
  for (const std::string& problem : run.problems) out.string(problem);
  out.end_array();
  out.key("notes");
  out.begin_array();
  for (const std::string& note : run.notes) out.string(note);
  out.end_array();
  out.end_object();
}

std::string describe_window(const RunSummary& run) {
  if (run.lane == core::kRenormalizeLane) return "what was stored";
  if (!run.from && !run.to) return "since the last sync";
  std::string text = run.from ? "from " + core::rfc3339(*run.from) : "from the beginning";
  return text + (run.to ? " up to " + core::rfc3339(*run.to) : " up to now");
}

std::string describe_cache(const RunSummary& run) {
  const std::uint64_t all = run.cache_hits + run.cache_misses + run.cache_revalidated;
  if (all == 0) return {};
  return fmt::format("{} of {} cached answers were still good, {} confirmed by the product",
                     run.cache_hits + run.cache_revalidated, all, run.cache_revalidated);
}

void print_runs(const Program& program, const std::vector<RunSummary>& runs,
                const std::vector<std::string>& notes) {
  if (program.options().json) {
    for (const RunSummary& run : runs) {
      core::JsonWriter out;
      write_run(out, run);
      say("{}\n", out.take());
    }
    for (const std::string& note : notes) say(stderr, "{}\n", note);
    return;
  }
  const bool quiet = program.options().quiet;
  if (!quiet) say("{}", run_table(runs, output_columns()));
  for (const RunSummary& run : runs) print_remarks(run, quiet);
  if (quiet) return;
  for (const std::string& note : notes) say("{}\n", note);
}

}  // namespace earshot::host

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>
#include <vector>

#include <earshot/core/json/writer.hpp>

#include "run_view.hpp"
#include "say.hpp"
#include "table.hpp"
#include "verb.hpp"

namespace earshot::host {

using core::Result;

namespace {

void write_row(core::JsonWriter& out, const core::IntegrationRow& row) {
  out.begin_object();
  out.member("integration", row.name);
  out.member("plugin", row.plugin);
  out.member("records", row.records);
  out.member("rejected", row.rejected);
  out.key("state");
  out.begin_object();
  for (const auto& [key, value] : row.state) out.member(key, value);
  out.end_object();
  const auto reauth = row.state.find(core::kNeedsReauth);
  out.member("needs_reauth",
             reauth == row.state.end() ? std::nullopt : std::optional(reauth->second));
  out.key("last_run");
  if (row.last_run) {
    write_run(out, *row.last_run);
  } else {
    out.null();
  }
  out.end_object();
}

std::vector<std::string> table_row(const core::IntegrationRow& row) {
  const auto account = row.state.find("account_name");
  std::vector<std::string> cells{row.name, row.plugin,
                                 account == row.state.end() ? "" : account->second,
                                 std::to_string(row.records), std::to_string(row.rejected)};
  if (row.last_run) {
    const core::RunSummary& run = *row.last_run;
    cells.emplace_back(to_string(run.outcome));
    cells.push_back(
        core::rfc3339(std::chrono::floor<std::chrono::seconds>(run.ended.value_or(run.started))));
    cells.push_back(run.quota_left ? std::to_string(*run.quota_left) : "");
  } else {
    cells.insert(cells.end(), {"never synced", "", ""});
  }
  return cells;
}

Result<std::vector<core::IntegrationRow>> stored(Program& program) {
  EAR_TRY(std::unique_ptr<core::StoreReader> reader, program.reader());
  return reader->integrations();
}

struct Standing {
  std::vector<core::IntegrationRow> rows;
  /// Why it is not known what is configured besides.
  std::optional<core::Error> mistake;
};

/// What is stored, then what is configured and has stored nothing yet.
Result<Standing> standing_of(Program& program) {
  Result<std::vector<core::IntegrationRow>> rows = stored(program);
  if (!rows && rows.error().code != core::Code::not_found) return rows.error();
  Standing standing;
  if (rows) standing.rows = *std::move(rows);
  const Result<const core::HostSettings*> settings = program.settings();
  if (!settings) {
    if (standing.rows.empty()) return settings.error();
    std::error_code unknown;
    if (std::filesystem::exists(program.options().config, unknown))
      standing.mistake = settings.error();
    return standing;
  }
  for (const core::IntegrationSettings& configured : (*settings)->integrations) {
    const bool known =
        std::any_of(standing.rows.begin(), standing.rows.end(),
                    [&](const core::IntegrationRow& row) { return row.name == configured.name; });
    if (known) continue;
    core::IntegrationRow row;
    row.name = configured.name;
    row.plugin = configured.plugin;
    standing.rows.push_back(std::move(row));
  }
  return standing;
}

void print_json(const std::vector<core::IntegrationRow>& rows) {
  core::JsonWriter out;
  out.begin_array();
  for (const core::IntegrationRow& row : rows) write_row(out, row);
  out.end_array();
  say("{}\n", out.take());
}

void print_table(const std::vector<core::IntegrationRow>& rows) {
  Table table({"integration", "plugin", "account", "records", "rejected", "last run", "ended",
               "quota left"});
  for (const core::IntegrationRow& row : rows) table.add(table_row(row));
  say("{}",
      table.empty() ? "no integration is configured; add one with 'earshot init'\n" : table.text());
  for (const core::IntegrationRow& row : rows) {
    if (const auto reauth = row.state.find(core::kNeedsReauth); reauth != row.state.end())
      say("{}: {}\n", row.name, reauth->second);
    if (row.last_run && !row.last_run->error.empty()) {
      say("{}: {}: {}\n", row.name, row.last_run->error_code, row.last_run->error);
    }
    const std::string cache = row.last_run ? describe_cache(*row.last_run) : std::string();
    if (!cache.empty()) say("{}: {}\n", row.name, cache);
  }
}

ExitCode status(Program& program) {
  const Result<Standing> standing = standing_of(program);
  if (!standing) return report(program, standing.error());
  program.options().json ? print_json(standing->rows) : print_table(standing->rows);
  return standing->mistake ? report(program, *standing->mistake) : ExitCode::done;
}

}  // namespace

void add_status(CLI::App& app, Verb& chosen) {
  CLI::App* verb =
      app.add_subcommand("status", "How each integration stands: records, last run, quota, error");
  verb->footer("Example:\n  earshot status --json");
  verb->callback([&chosen] { chosen = status; });
}

}  // namespace earshot::host

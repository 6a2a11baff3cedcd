#include <memory>
#include <string>

#include <fmt/format.h>

#include <earshot/core/store/sqlite.hpp>
#include <earshot/core/store/wait.hpp>

#include "record_filter.hpp"
#include "record_format.hpp"
#include "search_index.hpp"
#include "table.hpp"
#include "verb.hpp"

namespace earshot::host {

using core::Result;

namespace {

constexpr std::uint64_t kShown = 20;
constexpr std::size_t kTitleColumns = 100;

std::vector<std::string> row_of(const core::StoredRecord& stored) {
  const core::Record& record = stored.record;
  return {stored.integration,
          record.source_id,
          core::rfc3339(std::chrono::floor<std::chrono::seconds>(record.updated_at)),
          std::string(to_string(record.status)),
          record.severity ? std::string(to_string(*record.severity)) : "",
          std::string(to_string(record.category)),
          fit(record.customer_name.value_or(record.customer_email.value_or("")), 20),
          fit(record.title.empty() ? record.content : record.title, kTitleColumns)};
}

ExitCode records(Program& program, const RecordFilter& filter) {
  Result<core::RecordQuery> query = to_query(filter, program.clock().now());
  if (!query) return report(program, query.error());
  const Result<std::filesystem::path> directory = program.data_dir();
  if (!directory) return report(program, directory.error());
  if (!query->search.empty()) {
    if (Result<void> fresh = freshen_search_index(program, *directory); !fresh)
      return report(program, fresh.error());
  }
  Result<std::unique_ptr<core::StoreReader>> reader = program.reader();
  if (!reader) return report(program, reader.error());
  if (Result<void> known = program.check_name(**reader, filter.integration); !known)
    return report(program, known.error());
  core::RecordQuery all = *query;
  all.limit = 0;
  const Result<std::uint64_t> count = (*reader)->count(all);
  if (!count) return report(program, count.error());
  if (query->limit == 0 && !program.options().json) query->limit = kShown;
  Table table(
      {"integration", "id", "updated", "status", "severity", "category", "customer", "title"});
  const Result<void> read = (*reader)->records(*query, [&](const core::StoredRecord& stored) {
    if (program.options().json) {
      core::JsonWriter out;
      write_record(out, stored);
      fmt::print("{}\n", out.take());
    } else {
      table.add(row_of(stored));
    }
    return true;
  });
  if (!read) return report(program, read.error());
  if (program.options().json) return ExitCode::done;
  if (table.empty()) {
    fmt::print("no record matches\n");
  } else {
    fmt::print("{}{} of {} record{}\n", table.text(output_columns()),
               std::min(*count, query->limit), *count, *count == 1 ? "" : "s");
  }
  return ExitCode::done;
}

}  // namespace

void add_records(CLI::App& app, Verb& chosen) {
  auto filter = std::make_shared<RecordFilter>();
  CLI::App* verb = app.add_subcommand("records", "Search and list stored records");
  add_record_filter(*verb, *filter);
  verb->footer(
      "Example:\n  earshot records --search 'export broken' --severity high\n  earshot records "
      "--integration acme --from 7d --json");
  verb->callback([filter, &chosen] {
    chosen = [filter](Program& program) { return records(program, *filter); };
  });
}

}  // namespace earshot::host

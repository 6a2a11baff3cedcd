#include <algorithm>
#include <iterator>
#include <memory>
#include <string>

#include <earshot/core/json/document.hpp>
#include <earshot/core/store/sqlite.hpp>
#include <earshot/core/store/wait.hpp>

#include "record_filter.hpp"
#include "record_format.hpp"
#include "say.hpp"
#include "search_index.hpp"
#include "table.hpp"
#include "verb.hpp"

namespace earshot::host {

using core::Result;

namespace {

constexpr std::uint64_t kShown = 20;
constexpr std::size_t kTitleColumns = 100;

struct RecordsArguments {
  RecordFilter filter;
  bool rejected = false;
};

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

Result<void> print_lines(core::StoreReader& reader, const core::RecordQuery& query) {
  return reader.records(query, [](const core::StoredRecord& stored) {
    core::JsonWriter out;
    write_record(out, stored);
    say("{}\n", out.take());
    return true;
  });
}

Result<void> print_table(core::StoreReader& reader, const core::RecordQuery& query) {
  core::RecordQuery all = query;
  all.limit = 0;
  EAR_TRY(const std::uint64_t count, reader.count(all));
  Table table(
      {"integration", "id", "updated", "status", "severity", "category", "customer", "title"});
  EAR_CHECK(reader.records(query, [&](const core::StoredRecord& stored) {
    table.add(row_of(stored));
    return true;
  }));
  if (table.empty()) {
    say("no record matches\n");
  } else {
    say("{}{} of {} record{}\n", table.text(output_columns()), std::min(count, query.limit), count,
        count == 1 ? "" : "s");
  }
  return {};
}

Result<void> list_records(Program& program, const RecordFilter& filter) {
  EAR_TRY(core::RecordQuery query, to_query(filter, program.clock().now()));
  EAR_TRY(const std::filesystem::path directory, program.data_dir());
  if (!query.search.empty()) EAR_CHECK(freshen_search_index(program, directory));
  EAR_TRY(const std::unique_ptr<core::StoreReader> reader, program.reader());
  EAR_CHECK(program.check_name(*reader, filter.integration));
  if (program.options().json) return print_lines(*reader, query);
  if (query.limit == 0) query.limit = kShown;
  return print_table(*reader, query);
}

/// Text where it was too long to be kept whole.
void write_raw(core::JsonWriter& out, const std::string& raw) {
  if (raw.empty()) return;
  out.key("raw");
  if (core::JsonDocument::parse(raw)) {
    out.raw(raw);
  } else {
    out.string(raw);
  }
}

void print_rejected(const core::RejectedRow& row) {
  core::JsonWriter out;
  out.begin_object();
  out.member("integration", row.integration);
  out.member("mapping", row.item.mapping);
  out.member("source_id", row.item.source_id);
  out.member("reason", row.item.reason);
  out.member("at", core::rfc3339(row.at));
  write_raw(out, row.item.raw);
  out.end_object();
  say("{}\n", out.take());
}

Result<std::uint64_t> count_rejected(core::StoreReader& reader, const std::string& integration) {
  EAR_TRY(const std::vector<core::IntegrationRow> rows, reader.integrations());
  std::uint64_t count = 0;
  for (const core::IntegrationRow& row : rows) {
    if (integration.empty() || row.name == integration) count += row.rejected;
  }
  return count;
}

Result<void> print_rejected_table(core::StoreReader& reader, const RecordFilter& filter) {
  EAR_TRY(const std::uint64_t count, count_rejected(reader, filter.integration));
  const std::uint64_t limit = filter.limit == 0 ? kShown : filter.limit;
  Table table({"integration", "mapping", "id", "at", "reason"});
  EAR_CHECK(reader.rejected(filter.integration, limit, [&table](const core::RejectedRow& row) {
    table.add({row.integration, row.item.mapping, row.item.source_id,
               core::rfc3339(std::chrono::floor<std::chrono::seconds>(row.at)),
               fit(row.item.reason, kTitleColumns)});
    return true;
  }));
  if (table.empty()) {
    say("no item is rejected\n");
  } else {
    say("{}{} of {} rejected item{}\n", table.text(output_columns()), std::min(count, limit), count,
        count == 1 ? "" : "s");
  }
  return {};
}

Result<void> list_rejected(Program& program, const RecordFilter& filter) {
  EAR_TRY(const std::unique_ptr<core::StoreReader> reader, program.reader());
  EAR_CHECK(program.check_name(*reader, filter.integration));
  if (!program.options().json) return print_rejected_table(*reader, filter);
  return reader->rejected(filter.integration, filter.limit, [](const core::RejectedRow& row) {
    print_rejected(row);
    return true;
  });
}

/// Of the filters, two go with --rejected.
void add_rejected(CLI::App& verb, bool& rejected) {
  CLI::Option* flag = verb.add_flag(
      "--rejected", rejected, "Instead: items that could not be mapped, newest first, and why not");
  const CLI::Option* const kept[] = {flag, verb.get_help_ptr(), verb.get_option("--integration"),
                                     verb.get_option("--limit")};
  for (CLI::Option* option : verb.get_options()) {
    if (std::find(std::begin(kept), std::end(kept), option) == std::end(kept))
      flag->excludes(option);
  }
}

}  // namespace

void add_records(CLI::App& app, Verb& chosen) {
  auto arguments = std::make_shared<RecordsArguments>();
  CLI::App* verb = app.add_subcommand("records", "Search and list stored records");
  add_record_filter(*verb, arguments->filter);
  add_rejected(*verb, arguments->rejected);
  verb->footer(
      "Example:\n  earshot records --search 'export broken' --severity high\n  earshot records "
      "--integration acme --from 7d --json");
  verb->callback([arguments, &chosen] {
    chosen = [arguments](Program& program) {
      const Result<void> done = arguments->rejected ? list_rejected(program, arguments->filter)
                                                    : list_records(program, arguments->filter);
      return done ? ExitCode::done : report(program, done.error());
    };
  });
}

}  // namespace earshot::host

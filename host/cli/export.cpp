#include <cerrno>
#include <cstdio>
#include <cstring>
#include <functional>
#include <memory>
#include <string>

#include <fmt/format.h>

#include "record_filter.hpp"
#include "search_index.hpp"
#include "verb.hpp"

namespace earshot::host {

using core::Error;
using core::Result;

namespace {

struct ExportArguments {
  RecordFilter filter;
  std::string format = "ndjson";
  std::string file;
};

constexpr const char* kCsvHeader =
    "source,integration,source_id,kind,title,content,customer_id,customer_email,customer_name,"
    "customer_tier,category,"
    "severity,status,rating_value,rating_max,language,thread_id,created_at,updated_at,url,"
    "metadata\r\n";

/// A CSV cell that no spreadsheet takes for a formula.
std::string cell(std::string_view text) {
  std::string out = "\"";
  if (!text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos)
    out += '\'';
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out += '"';
}

template <typename Enum>
std::string name_or_empty(const std::optional<Enum>& value) {
  return value ? std::string(to_string(*value)) : std::string();
}

std::string csv_row(const core::StoredRecord& stored) {
  const core::Record& record = stored.record;
  const auto number = [](double value) { return fmt::format("{}", value); };
  const std::string cells[] = {stored.source,
                               stored.integration,
                               record.source_id,
                               std::string(to_string(record.kind)),
                               record.title,
                               record.content,
                               record.customer_id.value_or(""),
                               record.customer_email.value_or(""),
                               record.customer_name.value_or(""),
                               name_or_empty(record.customer_tier),
                               std::string(to_string(record.category)),
                               name_or_empty(record.severity),
                               std::string(to_string(record.status)),
                               record.rating ? number(record.rating->value) : "",
                               record.rating ? number(record.rating->max) : "",
                               record.language.value_or(""),
                               record.thread_id.value_or(""),
                               core::rfc3339(record.created_at),
                               core::rfc3339(record.updated_at),
                               record.url.value_or(""),
                               record.metadata};
  std::string row;
  for (const std::string& text : cells) (row += row.empty() ? "" : ",") += cell(text);
  return row + "\r\n";
}

std::string json_of(const core::StoredRecord& stored) {
  core::JsonWriter out;
  write_record(out, stored);
  return out.take();
}

/// Writes records in one format; `end` closes what `begin` opened.
struct Format {
  std::string begin;
  std::function<std::string(const core::StoredRecord&, bool first)> record;
  std::string end;
};

Result<Format> format_of(const std::string& name) {
  if (name == "ndjson")
    return Format{"", [](const core::StoredRecord& stored, bool) { return json_of(stored) + "\n"; },
                  ""};
  if (name == "json") {
    return Format{"[",
                  [](const core::StoredRecord& stored, bool first) {
                    return (first ? "\n" : ",\n") + json_of(stored);
                  },
                  "\n]\n"};
  }
  if (name == "csv")
    return Format{kCsvHeader,
                  [](const core::StoredRecord& stored, bool) { return csv_row(stored); }, ""};
  return Error{.code = core::Code::config,
               .message = "--format takes ndjson, json or csv, not '" + name + "'"};
}

/// The file that is written, or standard output. Deleted if it is not finished.
class Target {
 public:
  static Result<Target> open(const std::string& path) {
    Target target;
    target.path_ = path;
    if (path.empty()) return target;
    target.file_.reset(std::fopen((path + ".part").c_str(), "wbx"));
    if (!target.file_)
      return Error{.code = core::Code::config,
                   .message = fmt::format("cannot write {}.part: {}", path, std::strerror(errno))};
    return target;
  }
  bool write(std::string_view text) {
    std::FILE* file = file_ ? file_.get() : stdout;
    return std::fwrite(text.data(), 1, text.size(), file) == text.size();
  }
  Result<void> finish() {
    const bool flushed = std::fflush(file_ ? file_.get() : stdout) == 0;
    if (flushed && (path_.empty() || std::rename((path_ + ".part").c_str(), path_.c_str()) == 0))
      return {};
    return Error{
        .code = core::Code::internal,
        .message = fmt::format("cannot finish {}: {}", path_.empty() ? "standard output" : path_,
                               std::strerror(errno))};
  }
  void discard() {
    if (!path_.empty()) std::remove((path_ + ".part").c_str());
  }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::string path_;
  std::unique_ptr<std::FILE, Close> file_;
};

Result<void> write_all(core::StoreReader& reader, const core::RecordQuery& query,
                       const Format& format, Target& target) {
  bool good = target.write(format.begin);
  bool first = true;
  EAR_CHECK(reader.records(query, [&](const core::StoredRecord& stored) {
    good = good && target.write(format.record(stored, std::exchange(first, false)));
    return good;
  }));
  if (good && target.write(format.end)) return target.finish();
  return Error{.code = core::Code::internal,
               .message = fmt::format("writing failed: {}", std::strerror(errno))};
}

Result<void> export_records(Program& program, const ExportArguments& arguments) {
  EAR_TRY(const Format format, format_of(arguments.format));
  EAR_TRY(const core::RecordQuery query, to_query(arguments.filter, program.clock().now()));
  EAR_TRY(const std::filesystem::path directory, program.data_dir());
  if (!query.search.empty()) EAR_CHECK(freshen_search_index(program, directory));
  EAR_TRY(std::unique_ptr<core::StoreReader> reader, program.reader());
  EAR_TRY(Target target, Target::open(arguments.file));
  Result<void> written = write_all(*reader, query, format, target);
  if (!written) target.discard();
  return written;
}

}  // namespace

void add_export(CLI::App& app, Verb& chosen) {
  auto arguments = std::make_shared<ExportArguments>();
  CLI::App* verb = app.add_subcommand("export", "Write records as ndjson, json or csv");
  add_record_filter(*verb, arguments->filter);
  verb->add_option("--format", arguments->format, "ndjson, json or csv")->capture_default_str();
  verb->add_option("--output", arguments->file,
                   "A new file instead of standard output; whole or not there at all");
  verb->footer("Example:\n  earshot export --format csv --from 30d --output feedback.csv");
  verb->callback([arguments, &chosen] {
    chosen = [arguments](Program& program) {
      const Result<void> done = export_records(program, *arguments);
      return done ? ExitCode::done : report(program, done.error());
    };
  });
}

}  // namespace earshot::host

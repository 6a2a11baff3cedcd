#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>

#include <fmt/format.h>
#include <unistd.h>

#include <earshot/core/base/file.hpp>

#include "progress_bars.hpp"
#include "record_filter.hpp"
#include "record_format.hpp"
#include "say.hpp"
#include "search_index.hpp"
#include "verb.hpp"

namespace earshot::host {

using core::Error;
using core::Result;

namespace {

constexpr const char* kBar = "export";
constexpr std::uint64_t kRecordsBetweenLooks = 256;

struct ExportArguments {
  RecordFilter filter;
  std::string format = "ndjson";
  std::string file;
  std::string since;
};

/// In place of a token: from the beginning.
constexpr std::string_view kStart = "start";

/// The file that is written, or standard output. Deleted if it is not finished.
class Target {
 public:
  static Result<Target> open(const std::string& path) {
    Target target;
    target.path_ = path;
    if (path.empty()) {
      target.on_terminal_ = ::isatty(STDOUT_FILENO) == 1;
      return target;
    }
    std::error_code unknown;
    if (std::filesystem::is_directory(path, unknown))
      return Error{.code = core::Code::config,
                   .message = fmt::format("--output {} is a folder; name a file in it", path)};
    target.part_ = fmt::format("{}.{}.part", path, ::getpid());
    target.file_.reset(std::fopen(target.part_.c_str(), "wb"));
    if (!target.file_)
      return Error{.code = core::Code::config,
                   .message = fmt::format("cannot write {}: {}; choose another place", target.part_,
                                          std::strerror(errno))};
    return target;
  }
  /// False once something could not be written; then nothing more is.
  bool write(std::string text) {
    if (error_ != 0) return false;
    if (on_terminal()) text = printable(text);
    if (std::fwrite(text.data(), 1, text.size(), stream()) != text.size()) error_ = errno;
    return error_ == 0;
  }
  Result<void> finish() {
    if (error_ == 0 && std::fflush(stream()) != 0) error_ = errno;
    if (error_ == 0 && file_ && std::rename(part_.c_str(), path_.c_str()) != 0) error_ = errno;
    if (error_ == 0) return {};
    if (!file_) give_up_standard_output();
    const std::string why = std::strerror(error_);
    return Error{.code = core::Code::internal,
                 .message = file_ ? fmt::format("cannot write {}: {}; {}", path_, why,
                                                core::file_remedy(error_))
                                  : fmt::format("cannot write standard output: {}", why)};
  }
  [[nodiscard]] bool on_terminal() const noexcept { return on_terminal_; }
  void discard() {
    if (!part_.empty()) std::remove(part_.c_str());
  }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  [[nodiscard]] std::FILE* stream() const { return file_ ? file_.get() : stdout; }
  /// That it is lost is told once, and nothing more goes there.
  static void give_up_standard_output() {
    if (std::freopen("/dev/null", "w", stdout) == nullptr) std::clearerr(stdout);
  }

  std::string path_;
  std::string part_;  ///< Of this process alone; what another left behind is in nobody's way.
  std::unique_ptr<std::FILE, Close> file_;
  bool on_terminal_ = false;
  int error_ = 0;  ///< errno of the first failure.
};

/// How many records a query gives.
Result<std::uint64_t> count(core::StoreReader& reader, core::RecordQuery query) {
  const std::uint64_t limit = std::exchange(query.limit, 0);
  EAR_TRY(const std::uint64_t all, reader.count(query));
  return limit == 0 ? all : std::min(all, limit);
}

Result<void> write_all(core::StoreReader& reader, const core::RecordQuery& query,
                       const RecordFormat& format, Target& target, ProgressBars& bars) {
  core::RunProgress progress{.integration = kBar};
  if (bars.drawn()) {
    EAR_TRY(progress.total, count(reader, query));
  }
  target.write(format.begin);
  EAR_CHECK(reader.records(query, [&](const core::StoredRecord& stored) {
    const bool good = target.write(format.record(stored, progress.counts.created == 0));
    if (++progress.counts.created % kRecordsBetweenLooks == 0) bars.update(progress);
    return good;
  }));
  target.write(format.end);
  return target.finish();
}

/// Filters that would hide that a record matches no longer.
Result<void> check_since(const ExportArguments& arguments) {
  const RecordFilter& filter = arguments.filter;
  for (const std::string* typed : {&filter.kind, &filter.status, &filter.category, &filter.severity,
                                   &filter.tier, &filter.customer, &filter.from, &filter.to,
                                   &filter.created_from, &filter.created_to, &filter.search}) {
    if (typed->empty()) continue;
    return Error{.code = core::Code::config,
                 .message =
                     "--since gives whatever changed, with --integration and --limit as its "
                     "only filters; choose among what it gives"};
  }
  if (arguments.format == "ndjson") return {};
  return Error{.code = core::Code::config, .message = "--since takes the format ndjson"};
}

/// One record a line as it is now, tombstones included, and in the last line where to go on.
Result<core::Changes> write_changes(core::StoreReader& reader, const ExportArguments& arguments,
                                    const RecordFormat& format, Target& target) {
  std::uint64_t left = arguments.filter.limit;
  EAR_TRY(core::Changes changes,
          reader.changes(arguments.since == kStart ? "" : arguments.since,
                         arguments.filter.integration, [&](const core::StoredRecord& stored) {
                           if (arguments.filter.limit != 0 && left-- == 0) return false;
                           return target.write(format.record(stored, false));
                         }));
  target.write(fmt::format("{{\"next_since\":\"{}\"}}\n", changes.next));
  EAR_CHECK(target.finish());
  return changes;
}

Result<void> export_changes(Program& program, const ExportArguments& arguments) {
  EAR_CHECK(check_since(arguments));
  EAR_TRY(const RecordFormat format, record_format(arguments.format));
  EAR_TRY(std::unique_ptr<core::StoreReader> reader, program.reader());
  EAR_TRY(Target target, Target::open(arguments.file));
  const Result<core::Changes> changes = write_changes(*reader, arguments, format, target);
  if (!changes) {
    target.discard();
    return changes.error();
  }
  if (program.options().quiet) return {};
  for (const core::IntegrationId gone : changes->gone) {
    say(stderr, "integration number {} was removed with all its records since that token\n", gone);
  }
  say(stderr, "next: earshot export --since {}\n", changes->next);
  return {};
}

Result<void> export_records(Program& program, const ExportArguments& arguments) {
  if (!arguments.since.empty()) return export_changes(program, arguments);
  EAR_TRY(const RecordFormat format, record_format(arguments.format));
  EAR_TRY(const core::RecordQuery query, to_query(arguments.filter, program.clock().now()));
  EAR_TRY(const std::filesystem::path directory, program.data_dir());
  if (!query.search.empty()) EAR_CHECK(freshen_search_index(program, directory));
  EAR_TRY(std::unique_ptr<core::StoreReader> reader, program.reader());
  EAR_CHECK(program.check_name(*reader, arguments.filter.integration));
  EAR_TRY(Target target, Target::open(arguments.file));
  ProgressBars bars(
      program, target.on_terminal() ? std::vector<std::string>{} : std::vector<std::string>{kBar});
  Result<void> written = write_all(*reader, query, format, target, bars);
  bars.finish();
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
                   "A file instead of standard output; written whole or not at all");
  verb->add_option("--since", arguments->since,
                   "Instead: what changed since the token that the last such export told, "
                   "tombstones included; 'start' is the beginning")
      ->option_text("TOKEN");
  verb->footer(
      "Example:\n  earshot export --format csv --from 30d --output feedback.csv\n  earshot export "
      "--since start");
  verb->callback([arguments, &chosen] {
    chosen = [arguments](Program& program) {
      const Result<void> done = export_records(program, *arguments);
      return done ? ExitCode::done : report(program, done.error());
    };
  });
}

}  // namespace earshot::host

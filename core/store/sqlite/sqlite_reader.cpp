#include <filesystem>

#include <fmt/format.h>
#include <unistd.h>

#include <earshot/core/store/sqlite.hpp>

#include "change_log.hpp"
#include "kept_items.hpp"
#include "raw_text.hpp"
#include "record_query.hpp"
#include "record_row.hpp"
#include "runs.hpp"
#include "schema.hpp"
#include "search_index.hpp"
#include "values.hpp"

namespace earshot::core {
namespace {

constexpr const char* kSettings = R"sql(
PRAGMA cache_size = -4096;
PRAGMA query_only = ON;
)sql";

/// LIMIT takes a negative number for none.
std::int64_t limit_or_all(std::uint64_t limit) {
  return limit == 0 ? -1 : static_cast<std::int64_t>(limit);
}

class SqliteReader final : public StoreReader {
 public:
  explicit SqliteReader(Database database) : database_(std::move(database)) {}

  Result<std::vector<IntegrationRow>> integrations() override {
    EAR_TRY(const Transaction snapshot, Transaction::read(database_));
    EAR_TRY(Query query,
            database_.query("SELECT i.id, i.name, i.plugin, i.created, i.records, "
                            "(SELECT count(*) FROM rejected x WHERE x.integration = i.id) "
                            "FROM integrations i ORDER BY i.name"));
    std::vector<IntegrationRow> out;
    for (;;) {
      EAR_TRY(const bool any, query.next());
      if (!any) return out;
      EAR_TRY(IntegrationRow row, read_integration(query.row()));
      out.push_back(std::move(row));
    }
  }

  Result<void> records(const RecordQuery& query,
                       const std::function<bool(const StoredRecord&)>& each) override {
    EAR_TRY(const Transaction snapshot, Transaction::read(database_));
    EAR_TRY(const std::vector<std::int64_t> ids, matching_records(database_, query));
    EAR_TRY(Statement select, database_.prepare(std::string(kSelectRecord) + "WHERE r.id = ?"));
    for (const std::int64_t id : ids) {
      select.reset();
      select.bind(1, id);
      EAR_TRY(const bool any, select.step());
      if (!any) continue;
      EAR_TRY(const StoredRecord record, read_record(select));
      if (!each(record)) break;
    }
    return {};
  }

  Result<std::uint64_t> count(const RecordQuery& query) override {
    EAR_TRY(const Transaction snapshot, Transaction::read(database_));
    EAR_TRY(const std::uint64_t all, count_records(database_, query));
    return query.limit == 0 ? all : std::min(all, query.limit);
  }

  Result<std::vector<RunSummary>> runs(const std::string& integration,
                                       std::uint64_t limit) override {
    EAR_TRY(const Transaction snapshot, Transaction::read(database_));
    const std::string condition = integration.empty() ? "WHERE ?1 = ''" : "WHERE i.name = ?1";
    EAR_TRY(Query query,
            database_.query(std::string(kSelectRun) + condition + " ORDER BY u.id DESC LIMIT ?2",
                            integration, limit_or_all(limit)));
    std::vector<RunSummary> out;
    for (;;) {
      EAR_TRY(const bool any, query.next());
      if (!any) return out;
      EAR_TRY(RunSummary run, read_run(database_, query.row()));
      out.push_back(std::move(run));
    }
  }

  Result<std::optional<RunSummary>> run(RunId run) override {
    EAR_TRY(const Transaction snapshot, Transaction::read(database_));
    return one_run("WHERE u.id = ?", run);
  }

  Result<void> rejected(const std::string& integration, std::uint64_t limit,
                        const std::function<bool(const RejectedRow&)>& each) override {
    EAR_TRY(const Transaction snapshot, Transaction::read(database_));
    EAR_TRY(const std::vector<std::int64_t> rows, rejected_rows(integration, limit));
    for (const std::int64_t row : rows) {
      EAR_TRY(const RejectedRow item, read_rejected(row));
      if (!each(item)) break;
    }
    return {};
  }

  Result<std::vector<CursorRow>> cursors(const std::string& integration) override {
    EAR_TRY(const Transaction snapshot, Transaction::read(database_));
    EAR_TRY(Query query,
            database_.query("SELECT i.name, c.lane, c.stream, c.cursor, c.updated "
                            "FROM cursors c JOIN integrations i ON i.id = c.integration "
                            "WHERE ?1 IN ('', i.name) ORDER BY i.name, c.lane, c.stream",
                            integration));
    std::vector<CursorRow> out;
    for (;;) {
      EAR_TRY(const bool any, query.next());
      if (!any) return out;
      out.push_back({.integration = query->text(0),
                     .lane = query->text(1),
                     .stream = query->text(2),
                     .cursor = query->text(3),
                     .updated = query->time(4)});
    }
  }

  Result<std::vector<KeptItem>> kept_items(const KeptItemQuery& query) override {
    EAR_TRY(const Transaction snapshot, Transaction::read(database_));
    return core::kept_items(database_, query);
  }

  Result<Changes> changes(const std::string& since, const std::string& integration,
                          const std::function<bool(const StoredRecord&)>& each) override {
    EAR_TRY(const Transaction snapshot, Transaction::read(database_));
    return core::changes(database_, since, integration, each);
  }

  Result<std::uint64_t> index_lag() override {
    EAR_TRY(const Transaction snapshot, Transaction::read(database_));
    return search_lag(database_);
  }

  Result<void> backup(const std::filesystem::path& file) override {
    std::error_code failure;
    const auto there = std::filesystem::symlink_status(file, failure);
    if (std::filesystem::exists(there)) {
      return Error{
          .code = Code::conflict,
          .message = fmt::format("backup {}: the file exists; choose another name", file.string())};
    }
    if (there.type() == std::filesystem::file_type::none) {
      return Error{.code = Code::config,
                   .message = fmt::format("backup {}: {}; choose another place", file.string(),
                                          failure.message())};
    }
    const std::filesystem::path part = file.string() + fmt::format(".{}.part", ::getpid());
    Result<void> done = copy_to(part);
    if (done) {
      std::filesystem::rename(part, file, failure);
      if (!failure) return {};
      done = Error{.code = Code::internal,
                   .message = fmt::format("backup {}: {}; choose another place", file.string(),
                                          failure.message())};
    }
    std::filesystem::remove(part, failure);
    return done;
  }

 private:
  Result<IntegrationRow> read_integration(const Statement& row) {
    IntegrationRow out;
    out.id = row.integer(0);
    out.name = row.text(1);
    out.plugin = row.text(2);
    out.created = row.time(3);
    out.records = row.count(4);
    out.rejected = row.count(5);
    EAR_TRY(out.state, reported_state(database_, out.id));
    EAR_TRY(out.last_run, one_run("WHERE u.integration = ? ORDER BY u.id DESC LIMIT 1", out.id));
    return out;
  }

  Result<std::optional<RunSummary>> one_run(const char* condition, std::int64_t id) {
    EAR_TRY(Query query, database_.query(std::string(kSelectRun) + condition, id));
    EAR_TRY(const bool any, query.next());
    if (!any) return std::optional<RunSummary>{};
    EAR_TRY(RunSummary found, read_run(database_, query.row()));
    return std::optional(std::move(found));
  }

  /// Where they are, newest first: to be sorted with all that they hold, they are too large.
  Result<std::vector<std::int64_t>> rejected_rows(const std::string& integration,
                                                  std::uint64_t limit) {
    EAR_TRY(Query query, database_.query("SELECT x.rowid FROM rejected x JOIN integrations i "
                                         "ON i.id = x.integration WHERE ?1 IN ('', i.name) "
                                         "ORDER BY x.at DESC, x.rowid DESC LIMIT ?2",
                                         integration, limit_or_all(limit)));
    std::vector<std::int64_t> out;
    for (;;) {
      EAR_TRY(const bool any, query.next());
      if (!any) return out;
      out.push_back(query->integer(0));
    }
  }

  Result<RejectedRow> read_rejected(std::int64_t rowid) {
    EAR_TRY(
        Query query,
        database_.query("SELECT i.name, x.mapping, x.source_id, x.reason, x.raw, x.at, x.computed "
                        "FROM rejected x JOIN integrations i ON i.id = x.integration "
                        "WHERE x.rowid = ?",
                        rowid));
    EAR_TRY([[maybe_unused]] const bool any, query.next());
    EAR_TRY(std::string raw, unpack_raw(query->bytes(4)));
    return RejectedRow{.integration = query->text(0),
                       .item = {.mapping = query->text(1),
                                .source_id = query->text(2),
                                .reason = query->text(3),
                                .raw = std::move(raw),
                                .computed = query->text(6)},
                       .at = query->time(5)};
  }

  Result<void> copy_to(const std::filesystem::path& part) {
    EAR_TRY(Database target, Database::open(part, Database::Mode::write));
    return database_.copy_to(target);
  }

  Database database_;
};

}  // namespace

Result<std::unique_ptr<StoreReader>> open_sqlite_reader(const std::filesystem::path& data_dir) {
  const std::filesystem::path file = data_dir / kStoreFile;
  std::error_code failure;
  if (!std::filesystem::exists(file, failure)) {
    return Error{.code = Code::not_found,
                 .message = fmt::format("store {}: there is none yet; run `earshot sync`, or name "
                                        "another --data-dir",
                                        file.string())};
  }
  EAR_TRY(Database database, Database::open(file, Database::Mode::read));
  EAR_CHECK(check_schema(database, file.string()));
  EAR_CHECK(database.script(kSettings));
  return std::unique_ptr<StoreReader>(std::make_unique<SqliteReader>(std::move(database)));
}

}  // namespace earshot::core

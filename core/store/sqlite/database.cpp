#include "database.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>

#include <earshot/core/base/file.hpp>

#include "tokenizer.hpp"

namespace earshot::core {
namespace {

constexpr int kBusyMillis = 10'000;

std::string_view remedy(int code) {
  switch (code) {
    case SQLITE_FULL: return "the disk is full; free some space and run it again";
    case SQLITE_IOERR: return "the disk does not answer as it should; check it and run it again";
    case SQLITE_READONLY:
      return "the file, or its directory, cannot be written; check the disk, owner and permissions";
    case SQLITE_CANTOPEN:
      return "the file, or one beside it, cannot be opened; check the directory, its owner and "
             "permissions, and that there is space";
    case SQLITE_NOTADB: return "the file is no database; restore a backup or move it away";
    case SQLITE_CORRUPT: return "the database is damaged; restore a backup";
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return "another program holds the database; close it and run it again";
    case SQLITE_NOMEM: return "there is not enough memory; free some and run it again";
    default: return "this is a defect of Earshot or of the file; report it with this message";
  }
}

/// What a call of SQLite came to, and errno as the call left it: SQLite itself keeps no system
/// error of a commit that failed.
struct Outcome {
  int code = SQLITE_OK;
  int system_error = 0;
};

template <typename Call>
Outcome outcome_of(const Call& call) {
  errno = 0;
  const int code = call();
  return {code, errno};
}

/// True where the system's error tells more than SQLite's. After others it may be left over from
/// what SQLite tried besides.
bool tells_why(int system_error) noexcept {
  constexpr std::array kTelling{EDQUOT, EFBIG, EROFS, EMFILE, ENFILE, EACCES, EPERM, EISDIR};
  return std::find(kTelling.begin(), kTelling.end(), system_error) != kTelling.end();
}

std::string reason(const Outcome& outcome) {
  const int code = outcome.code & 0xff;
  const int error = outcome.system_error;
  if (code != SQLITE_IOERR && code != SQLITE_CANTOPEN) return std::string(remedy(code));
  if (error == ENOSPC) return std::string(remedy(SQLITE_FULL));
  if (!tells_why(error)) return std::string(remedy(code));
  return fmt::format("{}; {}", std::strerror(error), file_remedy(error));
}

Error database_error(std::string_view file, sqlite3* handle, const Outcome& outcome) {
  return {.code = Code::internal,
          .message = fmt::format(
              "store {}: {} ({})", file, reason(outcome),
              handle == nullptr ? sqlite3_errstr(outcome.code) : sqlite3_errmsg(handle))};
}

Error database_error(sqlite3* handle, const Outcome& outcome) {
  const char* file = sqlite3_db_filename(handle, "main");
  return database_error(file == nullptr ? "" : file, handle, outcome);
}

sqlite3_uint64 size_of(std::string_view text) {
  return static_cast<sqlite3_uint64>(text.size());
}

/// SQLite takes a null pointer for NULL; an empty value is not that.
const char* data_of(std::string_view text) {
  return text.data() == nullptr ? "" : text.data();
}

/// Makes the file so that nobody else may read it; SQLite gives its companions the same mode.
Result<void> make_private_file(const std::filesystem::path& path) {
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    return Error{.code = Code::internal,
                 .message = fmt::format("store {}: {}; {}", path.string(), std::strerror(errno),
                                        file_remedy(errno))};
  }
  ::close(descriptor);
  return {};
}

/// Nobody reads SQLite's count of memory, which takes a lock at each allocation.
void count_no_memory() noexcept {
  [[maybe_unused]] static const int kOnce = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

}  // namespace

void Statement::Close::operator()(sqlite3_stmt* handle) const noexcept {
  sqlite3_finalize(handle);
}

void Statement::bind(int index, std::nullopt_t) noexcept {
  sqlite3_bind_null(handle_.get(), index);
}

void Statement::bind_integer(int index, std::int64_t value) noexcept {
  sqlite3_bind_int64(handle_.get(), index, value);
}

void Statement::bind(int index, double value) noexcept {
  sqlite3_bind_double(handle_.get(), index, value);
}

void Statement::bind(int index, std::string_view value) noexcept {
  sqlite3_bind_text64(handle_.get(), index, data_of(value), size_of(value), SQLITE_TRANSIENT,
                      SQLITE_UTF8);
}

void Statement::bind(int index, Blob value) noexcept {
  sqlite3_bind_blob64(handle_.get(), index, data_of(value.bytes), size_of(value.bytes),
                      SQLITE_TRANSIENT);
}

void Statement::borrow(int index, std::string_view value) noexcept {
  sqlite3_bind_text64(handle_.get(), index, data_of(value), size_of(value), SQLITE_STATIC,
                      SQLITE_UTF8);
}

void Statement::borrow(int index, Blob value) noexcept {
  sqlite3_bind_blob64(handle_.get(), index, data_of(value.bytes), size_of(value.bytes),
                      SQLITE_STATIC);
}

void Statement::borrow(int index, const std::optional<std::string>& value) noexcept {
  if (value) return borrow(index, std::string_view(*value));
  bind(index, std::nullopt);
}

Result<bool> Statement::step() {
  const Outcome stepped = outcome_of([&] { return sqlite3_step(handle_.get()); });
  if (stepped.code == SQLITE_ROW) return true;
  if (stepped.code == SQLITE_DONE) return false;
  return database_error(sqlite3_db_handle(handle_.get()), stepped);
}

Result<void> Statement::run() {
  for (;;) {
    Result<bool> row = step();
    if (row && *row) continue;
    reset();
    if (!row) return std::move(row).error();
    return {};
  }
}

void Statement::reset() noexcept {
  sqlite3_reset(handle_.get());
}

bool Statement::null(int column) const noexcept {
  return sqlite3_column_type(handle_.get(), column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const noexcept {
  return sqlite3_column_int64(handle_.get(), column);
}

double Statement::real(int column) const noexcept {
  return sqlite3_column_double(handle_.get(), column);
}

std::string_view Statement::bytes(int column) const noexcept {
  const void* data = sqlite3_column_blob(handle_.get(), column);
  const int size = sqlite3_column_bytes(handle_.get(), column);
  return data == nullptr
             ? std::string_view{}
             : std::string_view{static_cast<const char*>(data), static_cast<std::size_t>(size)};
}

std::optional<std::string> Statement::optional_text(int column) const {
  if (null(column)) return std::nullopt;
  return text(column);
}

std::optional<Time> Statement::optional_time(int column) const noexcept {
  if (null(column)) return std::nullopt;
  return time(column);
}

void Database::Close::operator()(sqlite3* handle) const noexcept {
  sqlite3_close_v2(handle);
}

Result<Database> Database::open(const std::filesystem::path& path, Mode mode) {
  count_no_memory();
  if (mode == Mode::write) EAR_CHECK(make_private_file(path));
  sqlite3* handle = nullptr;
  const int access = mode == Mode::write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
  const Outcome opened = outcome_of([&] {
    return sqlite3_open_v2(path.c_str(), &handle, access | SQLITE_OPEN_NOMUTEX, nullptr);
  });
  Database database(handle);
  if (opened.code != SQLITE_OK) return database_error(path.string(), handle, opened);
  sqlite3_busy_timeout(handle, kBusyMillis);
  const Outcome prepared = {mode == Mode::write ? speed_up_unicode61(handle) : SQLITE_OK};
  if (prepared.code != SQLITE_OK) return database_error(handle, prepared);
  return database;
}

Result<Statement> Database::prepare(std::string_view sql) const {
  sqlite3_stmt* handle = nullptr;
  const Outcome prepared = outcome_of([&] {
    return sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()),
                              SQLITE_PREPARE_PERSISTENT, &handle, nullptr);
  });
  if (prepared.code != SQLITE_OK) return database_error(handle_.get(), prepared);
  return Statement(handle);
}

Result<Statement*> Database::cached(std::string_view sql) {
  key_.assign(sql);
  const auto found = statements_.find(key_);
  if (found != statements_.end()) return &found->second;
  EAR_TRY(Statement statement, prepare(sql));
  return &statements_.emplace(key_, std::move(statement)).first->second;
}

Result<void> Database::script(const char* sql) {
  const Outcome done =
      outcome_of([&] { return sqlite3_exec(handle_.get(), sql, nullptr, nullptr, nullptr); });
  if (done.code != SQLITE_OK) return database_error(handle_.get(), done);
  return {};
}

std::int64_t Database::changed_rows() const noexcept {
  return sqlite3_changes64(handle_.get());
}

std::int64_t Database::last_row_id() const noexcept {
  return sqlite3_last_insert_rowid(handle_.get());
}

bool Database::in_transaction() const noexcept {
  return sqlite3_get_autocommit(handle_.get()) == 0;
}

Result<void> Database::copy_to(Database& target) const {
  sqlite3* to = target.handle_.get();
  sqlite3_backup* copy = sqlite3_backup_init(to, "main", handle_.get(), "main");
  if (copy == nullptr) return database_error(to, {sqlite3_errcode(to)});
  const Outcome copied = outcome_of([&] {
    sqlite3_backup_step(copy, -1);
    return sqlite3_backup_finish(copy);
  });
  if (copied.code != SQLITE_OK) return database_error(to, copied);
  return {};
}

Result<Transaction> Transaction::write(Database& database) {
  EAR_CHECK(database.execute("BEGIN IMMEDIATE"));
  return Transaction(database);
}

Result<Transaction> Transaction::read(Database& database) {
  EAR_CHECK(database.execute("BEGIN"));
  return Transaction(database);
}

Transaction::~Transaction() {
  if (database_ == nullptr || !database_->in_transaction()) return;
  [[maybe_unused]] const Result<void> undone = database_->execute("ROLLBACK");
}

Result<void> Transaction::commit() {
  EAR_CHECK(database_->execute("COMMIT"));
  database_ = nullptr;
  return {};
}

}  // namespace earshot::core

#pragma once

/// A thin, typed hold on SQLite: connection, statements, transactions. The only place that calls
/// its C interface, beside the tokenizer.

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>

#include <earshot/core/base/result.hpp>
#include <earshot/core/base/time.hpp>

struct sqlite3;
struct sqlite3_stmt;

namespace earshot::core {

/// Bytes to be bound as a blob.
struct Blob {
  std::string_view bytes;
};

/// A prepared statement. Parameters count from 1, columns from 0.
/// [one thread at a time]
class Statement {
 public:
  explicit Statement(sqlite3_stmt* handle) noexcept : handle_(handle) {}

  /// Text and blobs are copied.
  void bind(int index, std::nullopt_t) noexcept;
  template <typename Number>
  requires std::integral<Number> || std::is_enum_v<Number>
  void bind(int index, Number value) noexcept {
    bind_integer(index, static_cast<std::int64_t>(value));
  }
  void bind(int index, double value) noexcept;
  void bind(int index, std::string_view value) noexcept;
  void bind(int index, Blob value) noexcept;
  void bind(int index, Time value) noexcept {
    bind_integer(index, value.time_since_epoch().count());
  }
  template <typename T>
  void bind(int index, const std::optional<T>& value) noexcept {
    if (value) return bind(index, *value);
    bind(index, std::nullopt);
  }

  /// As bind, but the bytes must stay until the next reset.
  void borrow(int index, std::string_view value) noexcept;
  void borrow(int index, Blob value) noexcept;
  void borrow(int index, const std::optional<std::string>& value) noexcept;

  /// True while there is a row.
  [[nodiscard]] Result<bool> step();
  /// Steps to the end and resets.
  [[nodiscard]] Result<void> run();
  void reset() noexcept;

  [[nodiscard]] bool null(int column) const noexcept;
  [[nodiscard]] std::int64_t integer(int column) const noexcept;
  [[nodiscard]] std::uint64_t count(int column) const noexcept {
    return static_cast<std::uint64_t>(integer(column));
  }
  /// A number stored for an enum whose last value is `last`.
  template <typename Enum>
  [[nodiscard]] Enum enumerator(int column, Enum last) const noexcept {
    const std::int64_t value = integer(column);
    return value < 0 || value > static_cast<std::int64_t>(last) ? last : static_cast<Enum>(value);
  }
  template <typename Enum>
  [[nodiscard]] std::optional<Enum> optional_enumerator(int column, Enum last) const noexcept {
    if (null(column)) return std::nullopt;
    return enumerator(column, last);
  }
  [[nodiscard]] double real(int column) const noexcept;
  /// Text or blob; lives until the next step or reset.
  [[nodiscard]] std::string_view bytes(int column) const noexcept;
  [[nodiscard]] std::string text(int column) const { return std::string(bytes(column)); }
  [[nodiscard]] std::optional<std::string> optional_text(int column) const;
  [[nodiscard]] Time time(int column) const noexcept { return Time{Micros{integer(column)}}; }
  [[nodiscard]] std::optional<Time> optional_time(int column) const noexcept;

 private:
  void bind_integer(int index, std::int64_t value) noexcept;

  struct Close {
    void operator()(sqlite3_stmt* handle) const noexcept;
  };
  std::unique_ptr<sqlite3_stmt, Close> handle_;
};

/// A statement of the connection's cache in use: reset when this goes. The same text must not be
/// in use twice at once.
class Query {
 public:
  explicit Query(Statement& statement) noexcept : statement_(&statement) {}
  Query(Query&& other) noexcept : statement_(std::exchange(other.statement_, nullptr)) {}
  Query& operator=(Query&&) = delete;
  ~Query() {
    if (statement_ != nullptr) statement_->reset();
  }
  [[nodiscard]] Result<bool> next() { return statement_->step(); }
  const Statement* operator->() const noexcept { return statement_; }
  const Statement& row() const noexcept { return *statement_; }

 private:
  Statement* statement_;
};

/// A connection.
/// [one thread at a time]
class Database {
 public:
  enum class Mode : std::uint8_t { write, read };

  /// `write` makes the file (mode 0600) if it is missing.
  [[nodiscard]] static Result<Database> open(const std::filesystem::path& path, Mode mode);

  [[nodiscard]] Result<Statement> prepare(std::string_view sql) const;

  /// Runs a statement of the cache to its end.
  template <typename... Values>
  [[nodiscard]] Result<void> execute(std::string_view sql, const Values&... values) {
    EAR_TRY(Statement * statement, bound(sql, values...));
    return statement->run();
  }

  template <typename... Values>
  [[nodiscard]] Result<Query> query(std::string_view sql, const Values&... values) {
    EAR_TRY(Statement * statement, bound(sql, values...));
    return Query(*statement);
  }

  /// The first column of the first row, or nothing where there is no row.
  template <typename... Values>
  [[nodiscard]] Result<std::optional<std::int64_t>> integer(std::string_view sql,
                                                            const Values&... values) {
    EAR_TRY(Query found, query(sql, values...));
    EAR_TRY(const bool any, found.next());
    if (!any) return std::optional<std::int64_t>{};
    return std::optional<std::int64_t>{found->integer(0)};
  }

  /// Several statements that answer nothing, not cached.
  [[nodiscard]] Result<void> script(const char* sql);

  /// Rows that the last insert, update or delete touched.
  [[nodiscard]] std::int64_t changed_rows() const noexcept;
  [[nodiscard]] std::int64_t last_row_id() const noexcept;
  [[nodiscard]] bool in_transaction() const noexcept;

  /// Replaces all of `target` by a consistent copy of this database.
  [[nodiscard]] Result<void> copy_to(Database& target) const;

 private:
  struct Close {
    void operator()(sqlite3* handle) const noexcept;
  };
  explicit Database(sqlite3* handle) noexcept : handle_(handle) {}

  [[nodiscard]] Result<Statement*> cached(std::string_view sql);
  template <typename... Values>
  [[nodiscard]] Result<Statement*> bound(std::string_view sql, const Values&... values) {
    EAR_TRY(Statement * statement, cached(sql));
    int index = 0;
    (statement->bind(++index, values), ...);
    return statement;
  }

  std::unique_ptr<sqlite3, Close> handle_;
  std::unordered_map<std::string, Statement> statements_;
  std::string key_;
};

/// A transaction that is undone unless it is committed.
class Transaction {
 public:
  /// For writing: takes the write lock at once.
  [[nodiscard]] static Result<Transaction> write(Database& database);
  /// For reading: one snapshot from the first read on.
  [[nodiscard]] static Result<Transaction> read(Database& database);
  Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();

  [[nodiscard]] Result<void> commit();

 private:
  explicit Transaction(Database& database) noexcept : database_(&database) {}
  Database* database_;
};

}  // namespace earshot::core

#include "search_index.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace earshot::core {
namespace {

/// A slice of the log ends with the change that reaches one of these. Each slice becomes a segment
/// of the index, and the fewer there are, the less is merged later; other work waits meanwhile.
constexpr std::size_t kSliceTexts = 8'192;
constexpr std::size_t kSliceBytes = 8U << 20;

struct Text {
  std::string title;
  std::string content;
  friend bool operator==(const Text&, const Text&) = default;
};

/// A record as it is now, and the text that the index has of it.
struct Entry {
  std::int64_t record = 0;
  std::optional<Text> now{};
  std::optional<Text> former{};
};

/// The part of one integration's log that comes next.
struct Slice {
  IntegrationId integration = 0;
  std::int64_t from = 0;  ///< Exclusive.
  std::int64_t to = 0;
  std::vector<Entry> entries{};  ///< Of records that do not change again behind `from`.
};

/// An empty slice where nothing lags.
Result<Slice> next_slice(Database& database) {
  EAR_TRY(Query lagging,
          database.query("SELECT i.id, ifnull(c.position, 0), i.change_seq FROM integrations i "
                         "LEFT JOIN consumers c ON c.name = 'search' AND c.integration = i.id "
                         "WHERE i.change_seq > ifnull(c.position, 0) ORDER BY i.id LIMIT 1"));
  EAR_TRY(const bool any, lagging.next());
  if (!any) return Slice{};
  return Slice{
      .integration = lagging->integer(0), .from = lagging->integer(1), .to = lagging->integer(2)};
}

Entry read_entry(const Statement& row) {
  Entry out{.record = row.integer(1)};
  const auto status = row.enumerator(2, RecordStatus::deleted);
  if (status != RecordStatus::deleted) out.now = Text{row.text(3), row.text(4)};
  if (!row.null(5)) out.former = Text{row.text(5), row.text(6)};
  return out;
}

/// A record is in the slice that its last change is in.
Result<void> read_entries(Database& database, Slice& slice) {
  EAR_TRY(Query changed,
          database.query("SELECT c.seq, r.id, r.status, r.title, r.content, f.title, f.content "
                         "FROM changes c CROSS JOIN records r ON r.id = c.record "
                         "LEFT JOIN former_texts f ON f.record = r.id "
                         "WHERE c.integration = ? AND c.seq > ? AND r.change_seq = c.seq "
                         "ORDER BY c.seq",
                         slice.integration, slice.from));
  for (std::size_t bytes = 0; bytes < kSliceBytes && slice.entries.size() < kSliceTexts;) {
    EAR_TRY(const bool any, changed.next());
    if (!any) return {};
    Entry entry = read_entry(changed.row());
    if (entry.now) bytes += entry.now->title.size() + entry.now->content.size();
    if (entry.former) bytes += entry.former->title.size() + entry.former->content.size();
    slice.entries.push_back(std::move(entry));
    slice.to = changed->integer(0);
  }
  return {};
}

/// Puts texts into the index and takes them out. Records have to come in the order of their ids:
/// for each that does not, the index writes out what it has gathered.
class IndexWriter {
 public:
  static Result<IndexWriter> open(Database& database) {
    EAR_TRY(Statement add,
            database.prepare("INSERT INTO search (rowid, title, content) VALUES (?, ?, ?)"));
    EAR_TRY(Statement remove, database.prepare("INSERT INTO search (search, rowid, title, content) "
                                               "VALUES ('delete', ?, ?, ?)"));
    return IndexWriter(std::move(add), std::move(remove));
  }

  Result<void> add(std::int64_t record, std::string_view title, std::string_view content) {
    return run(add_, record, title, content);
  }
  Result<void> remove(std::int64_t record, std::string_view title, std::string_view content) {
    return run(remove_, record, title, content);
  }

 private:
  IndexWriter(Statement add, Statement remove) : add_(std::move(add)), remove_(std::move(remove)) {}

  static Result<void> run(Statement& statement, std::int64_t record, std::string_view title,
                          std::string_view content) {
    statement.bind(1, record);
    statement.borrow(2, title);
    statement.borrow(3, content);
    return statement.run();
  }

  Statement add_;
  Statement remove_;
};

Result<void> index_entry(Database& database, IndexWriter& index, const Entry& entry) {
  const auto& [record, now, former] = entry;
  if (former) EAR_CHECK(database.execute("DELETE FROM former_texts WHERE record = ?", record));
  if (former == now) return {};
  if (former) EAR_CHECK(index.remove(record, former->title, former->content));
  return now ? index.add(record, now->title, now->content) : Result<void>{};
}

}  // namespace

Result<std::uint64_t> search_lag(Database& database) {
  EAR_TRY(const auto lag,
          database.integer("SELECT ifnull(sum(i.change_seq - ifnull(c.position, 0)), 0) "
                           "FROM integrations i LEFT JOIN consumers c "
                           "ON c.name = 'search' AND c.integration = i.id"));
  return static_cast<std::uint64_t>(lag.value_or(0));
}

Result<std::uint64_t> index_changes(Database& database) {
  EAR_TRY(Slice slice, next_slice(database));
  if (slice.to == slice.from) return std::uint64_t{0};
  EAR_CHECK(read_entries(database, slice));
  std::sort(slice.entries.begin(), slice.entries.end(),
            [](const Entry& a, const Entry& b) { return a.record < b.record; });
  EAR_TRY(IndexWriter index, IndexWriter::open(database));
  for (const Entry& entry : slice.entries) EAR_CHECK(index_entry(database, index, entry));
  EAR_CHECK(database.execute(
      "INSERT OR REPLACE INTO consumers (name, integration, position) VALUES ('search', ?, ?)",
      slice.integration, slice.to));
  return static_cast<std::uint64_t>(slice.to - slice.from);
}

Result<void> keep_former_text(Database& database, std::int64_t record) {
  return database.execute(
      "INSERT INTO former_texts (record, title, content) SELECT r.id, r.title, r.content "
      "FROM records r JOIN consumers c ON c.name = 'search' AND c.integration = r.integration "
      "WHERE r.id = ? AND r.change_seq <= c.position AND r.status <> ?",
      record, RecordStatus::deleted);
}

/// To take out one integration alone would leave its words in older segments until all are merged,
/// and merging all on demand breaks the index after a thousand times (SQLite 3.40).
Result<void> empty_index(Database& database) {
  EAR_CHECK(database.execute("INSERT INTO search (search) VALUES ('delete-all')"));
  EAR_CHECK(database.execute("DELETE FROM former_texts"));
  return database.execute("DELETE FROM consumers WHERE name = 'search'");
}

}  // namespace earshot::core

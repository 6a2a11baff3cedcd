#include "schema.hpp"

#include <array>

#include <fmt/format.h>

namespace earshot::core {
namespace {

/// Times are microseconds since 1970, enums their numbers. In `records` the columns that decide
/// whether to write at all stand before the long ones, so that they are read without them.
constexpr const char* kBaseTables = R"sql(
PRAGMA application_id = 1161908819;

CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE integrations (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  plugin TEXT NOT NULL,
  created INTEGER NOT NULL,
  epoch INTEGER NOT NULL DEFAULT 0,
  lease_run INTEGER,
  lease_generation INTEGER,
  change_seq INTEGER NOT NULL DEFAULT 0,
  records INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE records (
  id INTEGER PRIMARY KEY,
  integration INTEGER NOT NULL,
  kind INTEGER NOT NULL,
  source_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  hash BLOB NOT NULL,
  status INTEGER NOT NULL,
  category INTEGER NOT NULL,
  severity INTEGER,
  customer_tier INTEGER,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  change_seq INTEGER NOT NULL,
  mapping_revision INTEGER NOT NULL,
  rating_value REAL,
  rating_max REAL,
  mapping TEXT NOT NULL,
  customer_id TEXT,
  customer_email TEXT,
  customer_name TEXT,
  language TEXT,
  thread_id TEXT,
  url TEXT,
  title TEXT NOT NULL,
  content TEXT NOT NULL,
  metadata TEXT NOT NULL,
  computed TEXT NOT NULL,
  raw BLOB,
  UNIQUE (integration, kind, source_id)
) STRICT;

CREATE TABLE rejected (
  integration INTEGER NOT NULL,
  mapping TEXT NOT NULL,
  source_id TEXT NOT NULL,
  reason TEXT NOT NULL,
  at INTEGER NOT NULL,
  raw BLOB,
  UNIQUE (integration, mapping, source_id)
) STRICT;

CREATE TABLE changes (
  integration INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  record INTEGER NOT NULL,
  op INTEGER NOT NULL,
  PRIMARY KEY (integration, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE consumers (
  name TEXT NOT NULL,
  integration INTEGER NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (name, integration)
) STRICT, WITHOUT ROWID;

CREATE TABLE cursors (
  integration INTEGER NOT NULL,
  lane TEXT NOT NULL,
  stream TEXT NOT NULL,
  cursor TEXT NOT NULL,
  updated INTEGER NOT NULL,
  PRIMARY KEY (integration, lane, stream)
) STRICT, WITHOUT ROWID;

CREATE TABLE runs (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  integration INTEGER NOT NULL,
  epoch INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  lane TEXT NOT NULL,
  window_from INTEGER,
  window_to INTEGER,
  item_limit INTEGER NOT NULL,
  outcome INTEGER NOT NULL,
  started INTEGER NOT NULL,
  ended INTEGER,
  created INTEGER NOT NULL DEFAULT 0,
  updated INTEGER NOT NULL DEFAULT 0,
  unchanged INTEGER NOT NULL DEFAULT 0,
  deleted INTEGER NOT NULL DEFAULT 0,
  rejected INTEGER NOT NULL DEFAULT 0,
  requests INTEGER NOT NULL DEFAULT 0,
  throttled INTEGER NOT NULL DEFAULT 0,
  bytes INTEGER NOT NULL DEFAULT 0,
  waited INTEGER NOT NULL DEFAULT 0,
  quota_left INTEGER,
  until INTEGER,
  error_code TEXT NOT NULL DEFAULT '',
  error TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX runs_by_integration ON runs (integration, id);
CREATE INDEX runs_open ON runs (integration) WHERE outcome = 0;

CREATE TABLE run_problems (
  run INTEGER NOT NULL,
  position INTEGER NOT NULL,
  problem TEXT NOT NULL,
  PRIMARY KEY (run, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE state (
  integration INTEGER NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (integration, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE secrets (
  integration INTEGER NOT NULL,
  name TEXT NOT NULL,
  sealed TEXT NOT NULL,
  expires INTEGER,
  PRIMARY KEY (integration, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE budgets (
  account TEXT PRIMARY KEY,
  saved TEXT NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

/// Had its own copy of the text.
constexpr const char* kSearchIndex = R"sql(
CREATE VIRTUAL TABLE search USING fts5(title, content, tokenize = 'unicode61 remove_diacritics 2');
)sql";

/// Answers of products: the index orders them by age and holds what is summed up.
constexpr const char* kAnswers = R"sql(
CREATE TABLE answers (
  integration INTEGER NOT NULL,
  key BLOB NOT NULL,
  checked INTEGER NOT NULL,
  size INTEGER NOT NULL,
  etag TEXT NOT NULL,
  last_modified TEXT NOT NULL,
  body BLOB NOT NULL,
  PRIMARY KEY (integration, key)
) STRICT;
CREATE INDEX answers_by_age ON answers (integration, checked, size);
ALTER TABLE runs ADD COLUMN cache_hits INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN cache_misses INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runs ADD COLUMN cache_revalidated INTEGER NOT NULL DEFAULT 0;
)sql";

/// Rejected items can be mapped again as records can; a store has a name, by which its change
/// tokens know it.
constexpr const char* kMapAgain = R"sql(
ALTER TABLE rejected ADD COLUMN computed TEXT NOT NULL DEFAULT '';
INSERT INTO meta (key, value) VALUES ('store_id', abs(random() % 4611686018427387904));
)sql";

/// Notes stood among the problems, at positions below 0.
constexpr const char* kRunNotes = R"sql(
CREATE TABLE run_notes (
  run INTEGER NOT NULL,
  position INTEGER NOT NULL,
  note TEXT NOT NULL,
  PRIMARY KEY (run, position)
) STRICT, WITHOUT ROWID;
INSERT INTO run_notes SELECT run, -1 - position, problem FROM run_problems WHERE position < 0;
DELETE FROM run_problems WHERE position < 0;
)sql";

/// How long a run took was told by the calendar, and of those that were interrupted by nothing.
constexpr const char* kRunTimes = R"sql(
ALTER TABLE runs ADD COLUMN took INTEGER NOT NULL DEFAULT 0;
UPDATE runs SET took = max(0, ended - started) WHERE ended IS NOT NULL AND outcome <> 5;
)sql";

/// The index keeps words only; `former_texts` is what it takes to remove those of a record that has
/// changed. What is gathered before it is written, and how much is merged when, trades time of
/// indexing against memory and time of searching.
constexpr const char* kWordsOnly = R"sql(
DROP TABLE search;
CREATE VIRTUAL TABLE search USING fts5(title, content, content = '',
                                       tokenize = 'unicode61 remove_diacritics 2');
INSERT INTO search (search, rank) VALUES ('hashsize', 8388608);
INSERT INTO search (search, rank) VALUES ('automerge', 16);
INSERT INTO search (search, rank) VALUES ('crisismerge', 32);
CREATE TABLE former_texts (
  record INTEGER PRIMARY KEY,
  title TEXT NOT NULL,
  content TEXT NOT NULL
) STRICT;
DELETE FROM consumers WHERE name = 'search';
)sql";

constexpr std::array kSteps = {kBaseTables, kSearchIndex, kAnswers,  kMapAgain,
                               kRunNotes,   kRunTimes,    kWordsOnly};
constexpr auto kVersion = static_cast<std::int64_t>(kSteps.size());
constexpr std::int64_t kApplicationId = 1161908819;  // "EARS"

/// The version of the store, 0 for an empty file.
Result<std::int64_t> version_of(Database& database, const std::string& name) {
  EAR_TRY(const auto version, database.integer("PRAGMA user_version"));
  EAR_TRY(const auto application, database.integer("PRAGMA application_id"));
  EAR_TRY(const auto tables, database.integer("SELECT count(*) FROM sqlite_schema"));
  const bool empty = version.value_or(0) == 0 && tables.value_or(0) == 0;
  if (!empty && application.value_or(0) != kApplicationId) {
    return Error{.code = Code::internal,
                 .message = fmt::format("store {}: this database is not Earshot's; choose another "
                                        "data directory or move the file away",
                                        name)};
  }
  return version.value_or(0);
}

Error newer(const std::string& name, std::int64_t version) {
  return {.code = Code::unsupported,
          .message = fmt::format("store {}: has schema version {}, this program knows versions up "
                                 "to {}; use the newer earshot, or restore a backup",
                                 name, version, kVersion)};
}

Result<void> take_step(Database& database, std::int64_t version) {
  EAR_TRY(Transaction transaction, Transaction::write(database));
  EAR_CHECK(database.script(kSteps[static_cast<std::size_t>(version)]));
  EAR_CHECK(database.script(fmt::format("PRAGMA user_version = {}", version + 1).c_str()));
  EAR_CHECK(database.execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('schema', ?)",
                             version + 1));
  return transaction.commit();
}

}  // namespace

Result<void> migrate(Database& database, const std::string& name) {
  EAR_TRY(std::int64_t version, version_of(database, name));
  if (version > kVersion) return newer(name, version);
  EAR_CHECK(database.script("PRAGMA journal_mode = WAL"));
  for (; version < kVersion; ++version) EAR_CHECK(take_step(database, version));
  return {};
}

Result<void> check_schema(Database& database, const std::string& name) {
  EAR_TRY(const std::int64_t version, version_of(database, name));
  if (version > kVersion) return newer(name, version);
  if (version == 0) {
    return Error{.code = Code::not_found,
                 .message = fmt::format("store {}: holds nothing yet; run `earshot sync`", name)};
  }
  if (version < kVersion) {
    return Error{.code = Code::unsupported,
                 .message = fmt::format("store {}: has schema version {}, this program reads {}; "
                                        "run `earshot sync` once to bring it up to date",
                                        name, version, kVersion)};
  }
  return {};
}

}  // namespace earshot::core

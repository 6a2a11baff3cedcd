/// What a commit through the store costs, as a ratio to a bare loop of one prepared upsert over the
/// same values, measured in turns within the same run.

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <sqlite3.h>
#include <sys/resource.h>

#include <earshot/core/base/clock.hpp>
#include <earshot/core/store/sqlite.hpp>
#include <earshot/core/store/wait.hpp>

#include "core/store/temp_dir.hpp"

namespace earshot::core {
namespace {

constexpr int kRecords = 100'000;
constexpr int kBatch = 100;

/// Tickets of about 0.9 KB of text each.
std::vector<RecordWrite> make_records() {
  std::string text;
  while (text.size() < 800) text += "The export stopped at page four and the report was empty. ";
  std::vector<RecordWrite> out(kRecords);
  for (int i = 0; i < kRecords; ++i) {
    RecordWrite& write = out[static_cast<std::size_t>(i)];
    Record& record = write.record;
    write.mapping = "ticket";
    record.source_id = std::to_string(1'000'000 + i);
    record.title = "Export stops for report " + std::to_string(i);
    record.content = text + std::to_string(i);
    record.customer_id = std::to_string(i % 5000);
    record.customer_email = "person" + std::to_string(i % 5000) + "@example.com";
    record.customer_name = "Person " + std::to_string(i % 5000);
    record.url = "https://acme.example.com/agent/tickets/" + record.source_id;
    record.metadata = R"({"status":"open","channel":"email","tags":["export","report"]})";
    record.created_at = Time{std::chrono::seconds{1'700'000'000 + i}};
    record.updated_at = record.created_at;
    record.version = record.updated_at.time_since_epoch().count();
  }
  return out;
}

struct Cost {
  double wall = 0;
  double cpu = 0;
};

double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e-6;
}

template <typename Work>
Cost measure(const Work& work) {
  const double cpu = cpu_seconds();
  const auto start = std::chrono::steady_clock::now();
  work();
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
  return {.wall = wall.count(), .cpu = cpu_seconds() - cpu};
}

void check(bool good, const char* what) {
  if (good) return;
  std::fprintf(stderr, "store_bench: %s failed\n", what);
  std::exit(1);
}

/// The reference: the same values, one upsert each, a transaction and a cursor a batch.
class BareLoop {
 public:
  explicit BareLoop(const std::filesystem::path& file) {
    check(sqlite3_open(file.c_str(), &handle_) == SQLITE_OK, "open");
    run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -8192;"
        "PRAGMA wal_autocheckpoint = 4000;"
        "CREATE TABLE cursor (value INTEGER); INSERT INTO cursor VALUES (0);"
        "CREATE TABLE items (id INTEGER PRIMARY KEY, integration INTEGER, kind INTEGER,"
        "source_id TEXT, version INTEGER, status INTEGER, category INTEGER, created INTEGER,"
        "updated INTEGER, customer_id TEXT, email TEXT, name TEXT, url TEXT, title TEXT,"
        "content TEXT, metadata TEXT, UNIQUE (integration, kind, source_id))");
    check(sqlite3_prepare_v2(handle_,
                             "INSERT INTO items (integration, kind, source_id, version, status,"
                             "category, created, updated, customer_id, email, name, url, title,"
                             "content, metadata) VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
                             "?) ON CONFLICT DO UPDATE SET version = excluded.version,"
                             "status = excluded.status, category = excluded.category,"
                             "created = excluded.created, updated = excluded.updated,"
                             "customer_id = excluded.customer_id, email = excluded.email,"
                             "name = excluded.name, url = excluded.url, title = excluded.title,"
                             "content = excluded.content, metadata = excluded.metadata",
                             -1, &upsert_, nullptr) == SQLITE_OK,
          "prepare");
  }
  BareLoop(const BareLoop&) = delete;
  BareLoop& operator=(const BareLoop&) = delete;
  ~BareLoop() {
    sqlite3_finalize(upsert_);
    sqlite3_close(handle_);
  }

  void write(const std::vector<RecordWrite>& records) {
    for (std::size_t i = 0; i < records.size(); ++i) {
      if (i % kBatch == 0) run("BEGIN IMMEDIATE");
      upsert(records[i].record);
      if (i % kBatch == kBatch - 1) run("UPDATE cursor SET value = value + 1; COMMIT");
    }
  }

 private:
  void run(const char* sql) {
    check(sqlite3_exec(handle_, sql, nullptr, nullptr, nullptr) == SQLITE_OK, sql);
  }

  void text(int index, const std::string& value) {
    sqlite3_bind_text(upsert_, index, value.data(), static_cast<int>(value.size()), SQLITE_STATIC);
  }

  void upsert(const Record& record) {
    sqlite3_bind_int(upsert_, 1, static_cast<int>(record.kind));
    text(2, record.source_id);
    sqlite3_bind_int64(upsert_, 3, record.version);
    sqlite3_bind_int(upsert_, 4, static_cast<int>(record.status));
    sqlite3_bind_int(upsert_, 5, static_cast<int>(record.category));
    sqlite3_bind_int64(upsert_, 6, record.created_at.time_since_epoch().count());
    sqlite3_bind_int64(upsert_, 7, record.updated_at.time_since_epoch().count());
    text(8, *record.customer_id);
    text(9, *record.customer_email);
    text(10, *record.customer_name);
    text(11, *record.url);
    text(12, record.title);
    text(13, record.content);
    text(14, record.metadata);
    check(sqlite3_step(upsert_) == SQLITE_DONE, "upsert");
    sqlite3_reset(upsert_);
  }

  sqlite3* handle_ = nullptr;
  sqlite3_stmt* upsert_ = nullptr;
};

/// A store with a run, written in batches with one more on its way, as a sync does.
class StoreLoop {
 public:
  explicit StoreLoop(const std::filesystem::path& directory) {
    Result<std::unique_ptr<Store>> opened = open_sqlite_store(directory, clock_);
    check(opened.has_value(), "open_sqlite_store");
    store_ = std::move(*opened);
    const auto id = wait_for<IntegrationId>(
        [&](auto done) { store_->ensure_integration("acme", "zendesk", std::move(done)); });
    check(id.has_value(), "ensure_integration");
    const auto run = wait_for<RunBegun>(
        [&](auto done) { store_->begin_run({.integration = *id}, std::move(done)); });
    check(run.has_value(), "begin_run");
    lease_ = run->lease;
  }

  /// Cuts the records into batches, outside of what is measured.
  std::vector<Batch> batches(const std::vector<RecordWrite>& records) const {
    std::vector<Batch> out;
    for (auto at = records.begin(); at != records.end(); at += kBatch) {
      out.push_back({.lease = lease_, .records = {at, at + kBatch}, .cursors = {{"", "c"}}});
    }
    return out;
  }

  void write(std::vector<Batch> batches) {
    std::future<bool> before;
    for (Batch& batch : batches) {
      std::promise<bool> promise;
      std::future<bool> answer = promise.get_future();
      store_->commit(std::move(batch),
                     [promise = std::move(promise)](Result<RecordCounts> counts) mutable {
                       promise.set_value(counts.has_value());
                     });
      if (before.valid()) check(before.get(), "commit");
      before = std::move(answer);
    }
    check(before.get(), "commit");
  }

  void index() {
    check(wait_for<std::uint64_t>([&](auto done) { store_->index(std::move(done)); }).has_value(),
          "index");
  }

 private:
  SystemClock clock_;
  std::unique_ptr<Store> store_;
  Lease lease_;
};

void report(benchmark::State& state, const Cost& bare, const Cost& store) {
  const double rounds = static_cast<double>(state.iterations());
  state.counters["bare_per_s"] = kRecords * rounds / bare.wall;
  state.counters["store_per_s"] = kRecords * rounds / store.wall;
  state.counters["wall_ratio"] = store.wall / bare.wall;
  state.counters["cpu_ratio"] = store.cpu / bare.cpu;
}

void add(Cost& sum, const Cost& more) {
  sum.wall += more.wall;
  sum.cpu += more.cpu;
}

/// A first sync: every record is new.
void BM_FirstCommit(benchmark::State& state) {
  const std::vector<RecordWrite> records = make_records();
  Cost bare;
  Cost store;
  for ([[maybe_unused]] auto _ : state) {
    const TempDir dir;
    BareLoop loop(dir.path() / "bare.db");
    add(bare, measure([&] { loop.write(records); }));
    StoreLoop through(dir.path() / "store");
    std::vector<Batch> batches = through.batches(records);
    const Cost cost = measure([&] { through.write(std::move(batches)); });
    add(store, cost);
    state.SetIterationTime(cost.wall);
  }
  report(state, bare, store);
}
BENCHMARK(BM_FirstCommit)->UseManualTime()->Iterations(3)->Unit(benchmark::kMillisecond);

/// The same records once more: nothing is news.
void BM_UnchangedCommit(benchmark::State& state) {
  const std::vector<RecordWrite> records = make_records();
  const TempDir dir;
  BareLoop loop(dir.path() / "bare.db");
  StoreLoop through(dir.path() / "store");
  loop.write(records);
  through.write(through.batches(records));
  Cost bare;
  Cost store;
  for ([[maybe_unused]] auto _ : state) {
    add(bare, measure([&] { loop.write(records); }));
    std::vector<Batch> batches = through.batches(records);
    const Cost cost = measure([&] { through.write(std::move(batches)); });
    add(store, cost);
    state.SetIterationTime(cost.wall);
  }
  report(state, bare, store);
}
BENCHMARK(BM_UnchangedCommit)->UseManualTime()->Iterations(3)->Unit(benchmark::kMillisecond);

/// The search index's pass over a first sync.
void BM_Index(benchmark::State& state) {
  const std::vector<RecordWrite> records = make_records();
  for ([[maybe_unused]] auto _ : state) {
    const TempDir dir;
    StoreLoop through(dir.path() / "store");
    through.write(through.batches(records));
    state.SetIterationTime(measure([&] { through.index(); }).wall);
  }
  state.SetItemsProcessed(state.iterations() * kRecords);
}
BENCHMARK(BM_Index)->UseManualTime()->Iterations(1)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace earshot::core

BENCHMARK_MAIN();

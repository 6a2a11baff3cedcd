#include <memory>
#include <utility>

#include <fmt/format.h>

#include <earshot/core/base/file.hpp>
#include <earshot/core/store/sqlite.hpp>

#include "answers.hpp"
#include "batch.hpp"
#include "runs.hpp"
#include "schema.hpp"
#include "search_index.hpp"
#include "values.hpp"
#include "writer.hpp"

namespace earshot::core {
namespace {

/// What is deleted is overwritten, however SQLite was built.
constexpr const char* kSettings = R"sql(
PRAGMA secure_delete = ON;
PRAGMA cache_size = -8192;
PRAGMA temp_store = MEMORY;
PRAGMA wal_autocheckpoint = 4000;
PRAGMA journal_size_limit = 67108864;
)sql";

class SqliteStore final : public Store {
 public:
  SqliteStore(FileLock lock, Session session)
      : lock_(std::move(lock)), writer_(std::move(session)) {}

  void ensure_integration(std::string name, std::string plugin, Done<IntegrationId> done) override {
    submit<IntegrationId>(
        [name = std::move(name), plugin = std::move(plugin)](Session& session) {
          return core::ensure_integration(session, name, plugin);
        },
        std::move(done));
  }

  void find_integration(std::string name, std::string plugin, Done<IntegrationId> done) override {
    submit<IntegrationId>(
        [name = std::move(name), plugin = std::move(plugin)](Session& session) {
          return core::find_integration(session, name, plugin);
        },
        std::move(done));
  }

  void begin_run(RunStart start, Done<RunBegun> done) override {
    submit<RunBegun>(
        [start = std::move(start)](Session& session) { return core::begin_run(session, start); },
        std::move(done));
  }

  void commit(Batch batch, Done<RecordCounts> done) override {
    submit<RecordCounts>(
        [batch = std::move(batch)](Session& session) { return store_batch(session, batch); },
        std::move(done));
  }

  void rehearse(Batch batch, Done<RecordCounts> done) override {
    submit<RecordCounts>(
        [batch = std::move(batch)](Session& session) { return rehearse_batch(session, batch); },
        std::move(done));
  }

  void end_run(Lease lease, RunSummary summary, Done<void> done) override {
    submit<void>([lease, summary = std::move(summary)](
                     Session& session) { return core::end_run(session, lease, summary); },
                 std::move(done));
  }

  void known(IntegrationId integration, RecordKind kind, std::vector<std::string> ids,
             std::vector<std::int64_t> versions, Done<std::vector<Known>> done) override {
    submit<std::vector<Known>>(
        [integration, kind, ids = std::move(ids), versions = std::move(versions)](
            Session& session) { return known_of(session, integration, kind, ids, versions); },
        std::move(done));
  }

  void put_state(IntegrationId integration, std::map<std::string, std::string> values,
                 Done<void> done) override {
    submit<void>(
        [integration, values = std::move(values)](Session& session) {
          return core::put_state(session.database, integration, values);
        },
        std::move(done));
  }

  void state(IntegrationId integration, Done<std::map<std::string, std::string>> done) override {
    submit<std::map<std::string, std::string>>(
        [integration](Session& session) { return reported_state(session.database, integration); },
        std::move(done));
  }

  void cursors(IntegrationId integration, std::string lane,
               Done<std::map<std::string, std::string>> done) override {
    submit<std::map<std::string, std::string>>(
        [integration, lane = std::move(lane)](Session& session) {
          return lane_cursors(session.database, integration, lane);
        },
        std::move(done));
  }

  void put_cursor(IntegrationId integration, std::string lane, CursorMove move,
                  Done<void> done) override {
    submit<void>(
        [integration, lane = std::move(lane), move = std::move(move)](Session& session) {
          return core::put_cursor(session, integration, lane, move);
        },
        std::move(done));
  }

  void put_secret(IntegrationId integration, SealedSecret secret, Done<void> done) override {
    submit<void>(
        [integration, secret = std::move(secret)](Session& session) {
          return core::put_secret(session.database, integration, secret);
        },
        std::move(done));
  }

  void secrets(IntegrationId integration, Done<std::vector<SealedSecret>> done) override {
    submit<std::vector<SealedSecret>>(
        [integration](Session& session) { return sealed_secrets(session.database, integration); },
        std::move(done));
  }

  void put_budget(std::string account, std::string saved, Done<void> done) override {
    submit<void>(
        [account = std::move(account), saved = std::move(saved)](Session& session) {
          return core::put_budget(session.database, account, saved);
        },
        std::move(done));
  }

  void budget(std::string account, Done<std::string> done) override {
    submit<std::string>([account = std::move(account)](
                            Session& session) { return saved_budget(session.database, account); },
                        std::move(done));
  }

  void put_answers(IntegrationId integration, std::map<std::string, KeptAnswer> answers,
                   AnswerBounds bounds, Done<void> done) override {
    submit<void>(
        [integration, answers = std::move(answers), bounds](Session& session) {
          return core::put_answers(session.database, integration, answers, bounds);
        },
        std::move(done));
  }

  void answer(IntegrationId integration, std::string key,
              Done<std::optional<KeptAnswer>> done) override {
    submit<std::optional<KeptAnswer>>(
        [integration, key = std::move(key)](Session& session) {
          return kept_answer(session.database, integration, key);
        },
        std::move(done));
  }

  void purge(std::string name, Done<void> done) override {
    submit<void>([name = std::move(name)](Session& session) { return core::purge(session, name); },
                 std::move(done));
  }

  void index(Done<std::uint64_t> done) override {
    submit<std::uint64_t>([](Session& session) { return search_lag(session.database); },
                          [this, done = std::move(done)](Result<std::uint64_t> lag) mutable {
                            if (!lag) return done(std::move(lag));
                            index_slices(*lag, 0, std::move(done));
                          });
  }

 private:
  template <typename T>
  void submit(typename Operation<T>::Work work, Done<T> done) {
    writer_.submit(std::make_unique<Operation<T>>(std::move(work), std::move(done)));
  }

  static Result<std::vector<Known>> known_of(Session& session, IntegrationId integration,
                                             RecordKind kind, const std::vector<std::string>& ids,
                                             const std::vector<std::int64_t>& versions) {
    if (ids.size() != versions.size()) {
      return Error{.code = Code::misuse, .message = "known: as many versions as ids are needed"};
    }
    std::vector<Known> out;
    out.reserve(ids.size());
    for (std::size_t i = 0; i < ids.size(); ++i) {
      EAR_TRY(const Known known, session.records.known(integration, kind, ids[i], versions[i]));
      out.push_back(known);
    }
    return out;
  }

  /// Indexes slice by slice, each an operation of its own, up to the `goal` that stood at the
  /// beginning.
  void index_slices(std::uint64_t goal, std::uint64_t taken, Done<std::uint64_t> done) {
    if (taken >= goal) return done(taken);
    if (writer_.closing()) {
      return done(Error{.code = Code::cancelled,
                        .message = "search index: the store is closing; the rest follows later"});
    }
    submit<std::uint64_t>(
        [](Session& session) { return index_changes(session.database); },
        [this, goal, taken, done = std::move(done)](Result<std::uint64_t> slice) mutable {
          if (!slice) return done(std::move(slice));
          index_slices(*slice == 0 ? taken : goal, taken + *slice, std::move(done));
        });
  }

  FileLock lock_;
  Writer writer_;
};

}  // namespace

Result<std::unique_ptr<Store>> open_sqlite_store(const std::filesystem::path& data_dir,
                                                 Clock& clock, Durability durability) {
  EAR_CHECK(make_private_directory(data_dir));
  EAR_TRY(FileLock lock, FileLock::acquire(data_dir / "lock"));
  const std::filesystem::path file = data_dir / kStoreFile;
  EAR_TRY(Database database, Database::open(file, Database::Mode::write));
  EAR_CHECK(database.script(durability == Durability::process ? "PRAGMA synchronous = OFF"
                                                              : "PRAGMA synchronous = FULL"));
  EAR_CHECK(database.script(kSettings));
  EAR_CHECK(migrate(database, file.string()));
  EAR_TRY(Session session, Session::begin(std::move(database), clock));
  return std::unique_ptr<Store>(std::make_unique<SqliteStore>(std::move(lock), std::move(session)));
}

}  // namespace earshot::core

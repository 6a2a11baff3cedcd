#include "session.hpp"

#include "runs.hpp"

namespace earshot::core {
namespace {

Result<std::int64_t> next_generation(Database& database) {
  EAR_TRY(Transaction transaction, Transaction::write(database));
  EAR_TRY(const auto last,
          database.integer("SELECT value FROM meta WHERE key = 'host_generation'"));
  const std::int64_t generation = last.value_or(0) + 1;
  EAR_CHECK(database.execute("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)",
                             "host_generation", generation));
  EAR_CHECK(transaction.commit());
  return generation;
}

}  // namespace

Result<Session> Session::begin(Database database, const Clock& clock) {
  EAR_TRY(const std::int64_t generation, next_generation(database));
  EAR_TRY(RecordTable records, RecordTable::open(database));
  Session session{.database = std::move(database),
                  .records = std::move(records),
                  .clock = &clock,
                  .generation = generation};
  EAR_CHECK(close_open_runs(session));
  return session;
}

}  // namespace earshot::core

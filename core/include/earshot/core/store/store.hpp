#pragma once

/// Where records, cursors and everything that lasts live. Operations, not SQL: the same interface
/// is to stand before SQLite on one host and PostgreSQL under many.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <earshot/core/base/callback.hpp>
#include <earshot/core/base/clock.hpp>
#include <earshot/core/base/digest.hpp>
#include <earshot/core/base/result.hpp>
#include <earshot/core/normalize/record.hpp>
#include <earshot/core/store/kept_answer.hpp>

namespace earshot::core {

/// An integration's immutable internal id. Its name may be used again after a purge; the id never
/// is.
using IntegrationId = std::int64_t;
using RunId = std::int64_t;

/// The right to write for one integration: each run takes a higher epoch, and a commit with an
/// older one is refused.
struct Lease {
  IntegrationId integration = 0;
  RunId run = 0;
  std::int64_t epoch = 0;
};

/// One mapped item on its way into the store.
struct RecordWrite {
  Record record{};
  std::uint64_t mapping_revision = 0;
  std::string mapping{};   ///< Name under the manifest's records, so that raw can be mapped again.
  std::string computed{};  ///< JSON array of the plugin's computed fields, or empty.
  std::string raw{};       ///< The product's own JSON, or empty where it is not kept.
  std::string rejected_as{};  ///< What it was rejected under where that is not its id, or empty.
};

/// An item that could not be mapped, kept with its reason until it can.
struct Rejected {
  std::string mapping{};
  std::string source_id{};  ///< Or, where it could not be read, the item's fingerprint.
  std::string reason{};
  std::string raw{};
  std::string computed{};  ///< As of a RecordWrite.
};

/// Begins what an item without an id is known by: a hash of its JSON.
inline constexpr std::string_view kFingerprint = "sha256:";

struct CursorMove {
  std::string stream{};
  std::string cursor{};
};

/// What becomes durable together, in one transaction: records first, then cursors.
struct Batch {
  Lease lease{};
  std::string lane{};  ///< "" is the live lane; a backfill has its own cursors under its own name.
  std::vector<RecordWrite> records{};
  std::vector<Rejected> rejected{};
  std::vector<CursorMove> cursors{};
  /// Stored items mapped again: they count whatever their version, and one that comes to the same
  /// is noted under its new mapping revision.
  bool again = false;
};

/// fetched = created + updated + unchanged + deleted + rejected.
struct RecordCounts {
  std::uint64_t created = 0;
  std::uint64_t updated = 0;
  std::uint64_t unchanged = 0;
  std::uint64_t deleted = 0;
  std::uint64_t rejected = 0;
  [[nodiscard]] std::uint64_t fetched() const noexcept {
    return created + updated + unchanged + deleted + rejected;
  }
  RecordCounts& operator+=(const RecordCounts& other) noexcept;
};

enum class RunOutcome : std::uint8_t {
  running,
  completed,
  yielded,
  failed,
  cancelled,
  interrupted
};
[[nodiscard]] std::string_view to_string(RunOutcome value) noexcept;

struct RunStart {
  IntegrationId integration = 0;
  std::string lane{};
  std::optional<Time> from{};
  std::optional<Time> to{};
  std::uint64_t limit = 0;
  bool reset_cursors = false;  ///< A full run: the lane's cursors are forgotten first.
};

struct RunBegun {
  Lease lease{};
  std::map<std::string, std::string> cursors{};  ///< Of the lane, by stream.
  bool fingerprints = false;  ///< Items without an id are rejected: let writes bring fingerprints.
};

/// What a run came to; also the row that `runs` lists.
struct RunSummary {
  RunId run = 0;
  IntegrationId integration = 0;
  std::string integration_name{};
  std::string plugin{};
  std::string lane{};
  std::optional<Time> from{};
  std::optional<Time> to{};
  std::uint64_t limit = 0;
  RunOutcome outcome = RunOutcome::running;
  Time started{};
  std::optional<Time> ended{};
  Micros took{0};  ///< By monotonic time, whatever the calendar did; 0 where nobody saw it end.
  RecordCounts counts{};
  std::uint64_t requests = 0;
  std::uint64_t throttled = 0;  ///< Answers that refused for rate.
  std::uint64_t bytes = 0;
  std::uint64_t cache_hits = 0;         ///< Answers from the store, without a request.
  std::uint64_t cache_misses = 0;       ///< Asked for because none was kept.
  std::uint64_t cache_revalidated = 0;  ///< Kept, and confirmed by the product.
  Micros waited{0};
  std::optional<std::uint64_t> quota_left{};
  std::optional<Time> until{};  ///< yielded: when there is quota again.
  std::string error_code{};     ///< Of the failure, or empty.
  std::string error{};          ///< Its message.
  std::vector<std::string>
      problems{};  ///< Streams that failed while others went on: "stream: message".
  std::vector<std::string> notes{};  ///< What is worth a look though nothing failed.
  bool whole = false;                ///< Completed, nothing left out by limit or problem. Not kept.
};

struct IntegrationRow {
  IntegrationId id = 0;
  std::string name{};
  std::string plugin{};
  Time created{};
  std::map<std::string, std::string>
      state{};  ///< What the plugin reported: account_id, account_name, hook_id, ...
  std::uint64_t records = 0;
  std::uint64_t rejected = 0;
  std::optional<RunSummary> last_run{};
};

/// A secret as it rests: sealed by the vault, meaningless without its key.
struct SealedSecret {
  std::string name{};
  std::string sealed{};
  std::optional<Time> expires{};
};

enum class Known : std::uint8_t { fresh = 0, older = 1, same = 2 };

/// Writing. All operations are asynchronous; `done` runs on the store's own thread and must not
/// block: post to your loop. Commits are grouped: a batch that fails (a lost lease) takes no other
/// with it. [thread-safe]
class Store {
 public:
  template <typename T>
  using Done = Callback<void(Result<T>)>;

  virtual ~Store() = default;

  /// The id under which `name` is stored, made on first use. conflict where the name belongs to
  /// another plugin.
  virtual void ensure_integration(std::string name, std::string plugin,
                                  Done<IntegrationId> done) = 0;
  /// The same without making one: 0 where nothing is stored under that name.
  virtual void find_integration(std::string name, std::string plugin, Done<IntegrationId> done) = 0;
  /// Takes the lease; a run still marked running is closed as interrupted.
  virtual void begin_run(RunStart start, Done<RunBegun> done) = 0;
  /// Applies items whose version is at least the stored one and whose content differs; within the
  /// batch the highest version of an item wins, each counted. Durable when `done` runs.
  virtual void commit(Batch batch, Done<RecordCounts> done) = 0;
  /// What a commit of the batch would count, as far as the store is now; nothing is written, and no
  /// lease is needed.
  virtual void rehearse(Batch batch, Done<RecordCounts> done) = 0;
  /// Closes the run. A backfill lane of which nothing is left out forgets its cursors.
  virtual void end_run(Lease lease, RunSummary summary, Done<void> done) = 0;
  virtual void known(IntegrationId integration, RecordKind kind, std::vector<std::string> ids,
                     std::vector<std::int64_t> versions, Done<std::vector<Known>> done) = 0;

  /// Merges into the reported state; an empty value removes the key.
  virtual void put_state(IntegrationId integration, std::map<std::string, std::string> values,
                         Done<void> done) = 0;
  /// What was reported, by key.
  virtual void state(IntegrationId integration, Done<std::map<std::string, std::string>> done) = 0;
  /// The cursors of a lane, by stream.
  virtual void cursors(IntegrationId integration, std::string lane,
                       Done<std::map<std::string, std::string>> done) = 0;
  /// For `state set` and `state reset`: refused with conflict while a lease of a live process is
  /// held. Empty cursor removes the stream.
  virtual void put_cursor(IntegrationId integration, std::string lane, CursorMove move,
                          Done<void> done) = 0;

  virtual void put_secret(IntegrationId integration, SealedSecret secret, Done<void> done) = 0;
  virtual void secrets(IntegrationId integration, Done<std::vector<SealedSecret>> done) = 0;

  /// What a RateLimiter saved, by account key.
  virtual void put_budget(std::string account, std::string saved, Done<void> done) = 0;
  virtual void budget(std::string account, Done<std::string> done) = 0;

  /// Keeps answers by key, then lets the oldest go until what the integration keeps is within
  /// bounds.
  virtual void put_answers(IntegrationId integration, std::map<std::string, KeptAnswer> answers,
                           AnswerBounds bounds, Done<void> done) = 0;
  /// The kept answer, or nothing.
  virtual void answer(IntegrationId integration, std::string key,
                      Done<std::optional<KeptAnswer>> done) = 0;

  /// Removes the integration with all its records, runs, cursors, secrets, answers and changes.
  /// not_found if there is none.
  virtual void purge(std::string name, Done<void> done) = 0;
  /// Brings the search index up to the change log's end; answers how many changes it took.
  virtual void index(Done<std::uint64_t> done) = 0;
};

struct RecordQuery {
  std::string integration{};  ///< By name; empty is all.
  std::optional<RecordKind> kind{};
  std::optional<RecordStatus> status{};
  std::optional<Category> category{};
  std::optional<Severity> severity{};
  std::optional<CustomerTier> tier{};
  std::string customer{};              ///< Id, e-mail or name, exactly.
  std::optional<Time> created_from{};  ///< Half-open windows.
  std::optional<Time> created_to{};
  std::optional<Time> updated_from{};
  std::optional<Time> updated_to{};
  std::string
      search{};  ///< Words in title and content; "quoted phrases" and prefix* as people type them.
  bool deleted = false;     ///< Tombstones too.
  std::uint64_t limit = 0;  ///< 0 is all.
};

struct StoredRecord {
  std::int64_t id = 0;
  IntegrationId integration_id = 0;
  std::string integration{};
  std::string source{};  ///< Plugin.
  Record record{};
  std::string raw{};  ///< Or empty.
};

struct RejectedRow {
  std::string integration{};
  Rejected item{};
  Time at{};
};

/// A stored item that can be mapped again.
struct KeptItem {
  std::int64_t id = 0;  ///< Of its row: for `after`.
  bool rejected = false;
  std::string source_id{};
  std::string computed{};
  std::string raw{};
};

/// Which of them: those of one mapping that have raw, in the order of ids.
struct KeptItemQuery {
  IntegrationId integration = 0;
  std::string mapping{};
  std::uint64_t other_than = 0;  ///< Not those that this mapping revision made.
  bool rejected = false;         ///< The rejected ones instead, whatever made them.
  std::int64_t after = 0;
  std::uint64_t limit = 0;  ///< At most so many, and about 8 MiB of raw.
};

/// Records that changed, and where to go on from.
struct Changes {
  std::string next{};
  std::vector<IntegrationId> gone{};  ///< Integrations that the token knew and that were removed.
};

struct CursorRow {
  std::string integration{};
  std::string lane{};
  std::string stream{};
  std::string cursor{};
  Time updated{};
};

/// Reading, beside a host that writes: its own read-only connection, one consistent snapshot a
/// call. Blocking. [one thread at a time]
class StoreReader {
 public:
  virtual ~StoreReader() = default;
  virtual Result<std::vector<IntegrationRow>> integrations() = 0;
  /// Calls `each` for every match, in the order in which they were first stored (search: best
  /// first); stops when it answers false.
  virtual Result<void> records(const RecordQuery& query,
                               const std::function<bool(const StoredRecord&)>& each) = 0;
  virtual Result<std::uint64_t> count(const RecordQuery& query) = 0;
  virtual Result<std::vector<RunSummary>> runs(const std::string& integration,
                                               std::uint64_t limit) = 0;
  virtual Result<std::optional<RunSummary>> run(RunId run) = 0;
  /// Calls `each` for every rejected item, the newest first; stops when it answers false. Of one
  /// integration by name, or of all. A limit of 0 is all.
  virtual Result<void> rejected(const std::string& integration, std::uint64_t limit,
                                const std::function<bool(const RejectedRow&)>& each) = 0;
  virtual Result<std::vector<CursorRow>> cursors(const std::string& integration) = 0;
  virtual Result<std::vector<KeptItem>> kept_items(const KeptItemQuery& query) = 0;
  /// Calls `each` for every record that changed after `since`, as it is now, tombstones included,
  /// each once, in the order of their last changes; stops when it answers false. Without `since`
  /// from the beginning. Of one integration by name, or of all. config where the token is none,
  /// is another store's or is ahead of this one.
  virtual Result<Changes> changes(const std::string& since, const std::string& integration,
                                  const std::function<bool(const StoredRecord&)>& each) = 0;
  /// Changes not yet in the search index.
  virtual Result<std::uint64_t> index_lag() = 0;
  /// A consistent copy into a new file, while others write. conflict if the file exists.
  virtual Result<void> backup(const std::filesystem::path& file) = 0;
};

}  // namespace earshot::core

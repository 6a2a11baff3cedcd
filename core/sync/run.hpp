#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <earshot/core/plugin/call.hpp>
#include <earshot/core/plugin/sink.hpp>
#include <earshot/core/store/store.hpp>
#include <earshot/core/sync/engine.hpp>

#include "prepared.hpp"
#include "stall_guard.hpp"

namespace earshot::core {

/// One fetch from its lease to its summary: the plugin's sink, the window of pages on their way to
/// the store, the counts.
///
/// Pages are committed while the next is fetched: `checkpoint` answers when it is in line, and
/// waits only while the window is full. A cursor travels in the batch of the records before it, and
/// a batch goes to the store once the one before it is there: no cursor gets past records that
/// could not be stored.
/// [one thread at a time] of the account's loop.
class Run final : public Sink, public std::enable_shared_from_this<Run> {
 public:
  struct Services {
    Store& store;
    Log& log;
    ThreadPool& plugin_threads;
    SecretSink* secrets;
    std::function<void(const TraceEvent&)> trace;
  };
  using Finished = Callback<void(RunSummary)>;

  Run(Services services, std::shared_ptr<Prepared> prepared, RunOptions options, Finished finished);
  ~Run() override;

  void start();
  void stop();

  void emit(const Emission& emission, Done<EmissionCounts> done) override;
  void known(std::string_view mapping, std::vector<std::string> ids,
             const std::vector<std::string>& versions, Done<std::vector<Known>> done) override;
  void checkpoint(std::string stream, std::string cursor, Done<void> done) override;
  [[nodiscard]] std::string cursor(const std::string& stream) override;
  void problem(std::string stream, const Error& error) override;
  [[nodiscard]] bool closed() const override { return closed_; }

 private:
  void begun(Result<RunBegun> begun);
  void fetch();
  void fetched(CallOutcome outcome);
  [[nodiscard]] bool restart_without_cursors(const CallOutcome& outcome);
  void finish(CallOutcome outcome);
  void close(Error error);

  /// Maps one item into the pending batch; false once the limit is reached.
  bool take(Mapping::Session& session, const Mapping& mapping, std::string_view name,
            const MappingInput& input, EmissionCounts& counts);
  [[nodiscard]] bool outside_window(const Mapping& mapping, const Record& record) const;
  void reject(std::string_view mapping, Mapped mapped, JsonValue item);
  void submit();
  void commit_next();
  /// Ids and versions by kind, as `known` takes them.
  using Versions =
      std::map<RecordKind, std::pair<std::vector<std::string>, std::vector<std::int64_t>>>;
  void tally(Versions left, RecordCounts counts, Callback<void(Result<RecordCounts>)> done);
  void committed(Result<RecordCounts> result);
  [[nodiscard]] bool window_full() const noexcept;
  [[nodiscard]] static Versions versions_of(const Batch& batch);
  [[nodiscard]] bool is_whole() const noexcept;
  void save_budget(bool now);
  void trace(TraceEvent::Kind kind, std::uint64_t number);
  /// `body` on the loop. The run lives until then, and with it the loop.
  template <typename T>
  [[nodiscard]] Callback<void(Result<T>)> on_loop(Callback<void(Result<T>)> body);

  Services services_;
  std::shared_ptr<Prepared> prepared_;
  RunOptions options_;
  Finished finished_;
  std::string lane_;
  RunSummary summary_;
  Lease lease_;
  std::map<std::string, std::string> cursors_;
  std::shared_ptr<PluginCall> call_;
  StallGuard stall_guard_;

  Batch pending_;
  std::size_t pending_bytes_ = 0;
  struct Outgoing {
    Batch batch;
    std::size_t bytes = 0;
  };
  std::deque<Outgoing> window_;  ///< The first is with the store.
  std::size_t window_bytes_ = 0;
  Callback<void()> when_room_;  ///< A checkpoint or emit that waits for the window.
  Callback<void()> when_idle_;  ///< The end, which waits for the last commit.

  std::uint64_t consumed_ = 0;
  bool cut_ = false;     ///< The limit fell inside a page: its cursor must not move.
  bool closed_ = false;  ///< The run has all it asked for.
  bool stopped_ = false;
  bool restarted_ = false;
  std::optional<Time> restart_from_;
  std::optional<Error> failure_;
  std::map<TraceEvent::Kind, std::uint64_t> traced_;
};

}  // namespace earshot::core

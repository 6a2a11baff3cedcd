#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <earshot/core/plugin/call.hpp>
#include <earshot/core/plugin/sink.hpp>
#include <earshot/core/store/store.hpp>
#include <earshot/core/sync/engine.hpp>

#include "commit_window.hpp"
#include "intake.hpp"
#include "prepared.hpp"
#include "stall_guard.hpp"
#include "store_shelf.hpp"
#include "stream_cursors.hpp"

namespace earshot::core {

/// One fetch from its lease to its summary: the plugin's sink and what becomes of it.
///
/// Pages are committed while the next is fetched: `checkpoint` answers when it is in line, and
/// waits only while the window is full. A cursor travels in the batch of the records before it.
/// [one thread at a time] of the account's loop.
class Run final : public Sink, public std::enable_shared_from_this<Run> {
 public:
  struct Services {
    Store& store;
    Log& log;
    ThreadPool& plugin_threads;
    SecretSink* secrets;
    std::function<void(const TraceEvent&)> trace;
    std::function<void(const RunProgress&)> progress;
    Micros fetch_time;
  };
  using Finished = Callback<void(RunSummary)>;

  Run(Services services, std::shared_ptr<Prepared> prepared, const RunOptions& options,
      Finished finished);
  ~Run() override;

  void start();
  /// Begins and ends at once, for that reason: so that it is told among the runs.
  void start_failed(Error error);
  void stop();

  // What the plugin hands over: run_sink.cpp
  void emit(const Emission& emission, Done<EmissionCounts> done) override;
  void known(std::string_view mapping, std::vector<std::string> ids,
             const std::vector<std::string>& versions, Done<std::vector<Known>> done) override;
  void checkpoint(std::string stream, std::string cursor, Done<void> done) override;
  [[nodiscard]] std::string cursor(const std::string& stream) override;
  void problem(std::string stream, const Error& error) override;
  void total(std::uint64_t items) override;
  [[nodiscard]] bool closed() const override {
    return closed_ || intake_.cut() || reopens_.has_value();
  }

 private:
  void begun(Result<RunBegun> begun);
  void fetch();
  void fetched(CallOutcome outcome);
  [[nodiscard]] bool restarts(const Error& error);
  void restart(bool finished);

  // The way into the store: run_sink.cpp
  void submit();
  void commit(Batch batch, CommitWindow::Done done);
  void committed(const Result<RecordCounts>& result);

  // The end: run_end.cpp
  void close(Error error);
  void sum_up(const Error& error);
  /// Notes when the hours begin again, where it is not the time to fetch.
  void look_at_the_clock();
  [[nodiscard]] Error outside_hours() const;
  void save_budget(bool now);

  void trace(TraceEvent::Kind kind);
  void tell_progress() const;
  /// `body` on the loop. The run lives until then, and with it the loop.
  template <typename T>
  [[nodiscard]] Callback<void(Result<T>)> on_loop(Callback<void(Result<T>)> body) {
    return [self = shared_from_this(), body = std::move(body)](Result<T> result) mutable {
      Loop& loop = *self->prepared_->loop;
      loop.post([self = std::move(self), result = std::move(result),
                 body = std::move(body)]() mutable { body(std::move(result)); });
    };
  }

  Services services_;
  std::shared_ptr<Prepared> prepared_;
  RunOptions options_;
  Finished finished_;
  std::string lane_;
  RunSummary summary_;
  const Tick began_;
  Lease lease_;
  StreamCursors cursors_;
  std::shared_ptr<PluginCall> call_;
  StallGuard stall_guard_;
  Intake intake_;
  CommitWindow window_;
  std::shared_ptr<StoreShelf> shelf_;

  std::optional<Time> from_;  ///< As the plugin is told.
  std::optional<std::uint64_t> total_;
  std::optional<Time> reopens_;  ///< Its hours are over, until then.
  bool closed_ = false;          ///< The run has all it asked for.
  bool found_bad_data_ = false;  ///< Answers of this run are not to be trusted for longer.
  bool stopped_ = false;
  std::optional<Error> failed_{};  ///< Before it began.
  std::map<TraceEvent::Kind, std::uint64_t> traced_;
};

/// Reported state: when the last run that left nothing out began.
inline constexpr const char* kSyncedUntil = "synced_until";

}  // namespace earshot::core

#include "run.hpp"

#include <utility>

#include <fmt/format.h>

namespace earshot::core {

namespace {

constexpr Micros kRestartOverlap = std::chrono::hours(1);

std::string lane_of(const RunOptions& options) {
  if (!options.from && !options.to) return {};
  const auto text = [](const std::optional<Time>& time) {
    return time ? rfc3339(*time) : std::string();
  };
  return text(options.from) + ".." + text(options.to);
}

}  // namespace

Run::Run(Services services, std::shared_ptr<Prepared> prepared, const RunOptions& options,
         Finished finished)
    : services_(std::move(services)),
      prepared_(std::move(prepared)),
      options_(options),
      finished_(std::move(finished)),
      lane_(lane_of(options)),
      began_(prepared_->loop->clock().tick()),
      intake_(*prepared_, options_, services_.log),
      window_([this](Batch batch,
                     CommitWindow::Done done) { commit(std::move(batch), std::move(done)); },
              [this](const Result<RecordCounts>& result) { committed(result); }),
      from_(options_.from) {
  summary_.integration = prepared_->id;
  summary_.integration_name = prepared_->settings.name;
  summary_.plugin = prepared_->settings.plugin;
  summary_.lane = lane_;
  summary_.from = options_.from;
  summary_.to = options_.to;
  summary_.limit = options_.limit;
  summary_.started = prepared_->loop->clock().now();
}

Run::~Run() = default;

void Run::start() {
  look_at_the_clock();
  if (reopens_) return close(outside_hours());
  prepared_->client->on_send([this](const HttpRequest&) {
    trace(TraceEvent::Kind::request_sent);
    tell_progress();
  });
  prepared_->client->on_wait([this] { tell_progress(); });
  const auto self = shared_from_this();
  shelf_ = std::make_shared<StoreShelf>(
      services_.store, *prepared_->loop,
      StoreShelf::Options{.integration = prepared_->id,
                          .since = options_.full ? summary_.started : Time{},
                          .read_only = options_.dry_run},
      self);
  prepared_->client->use_shelf(shelf_);
  if (options_.dry_run) {
    return services_.store.cursors(
        prepared_->id, lane_, on_loop<std::map<std::string, std::string>>([self](auto cursors) {
          if (!cursors) return self->close(cursors.error());
          self->begun(RunBegun{.lease = {.integration = self->prepared_->id},
                               .cursors = *std::move(cursors)});
        }));
  }
  RunStart start{.integration = prepared_->id,
                 .lane = lane_,
                 .from = options_.from,
                 .to = options_.to,
                 .limit = options_.limit,
                 .reset_cursors = options_.full};
  services_.store.begin_run(std::move(start), on_loop<RunBegun>([self](Result<RunBegun> begun) {
                              self->begun(std::move(begun));
                            }));
}

void Run::start_failed(Error error) {
  failed_ = std::move(error);
  start();
}

void Run::stop() {
  stopped_ = true;
  if (call_) call_->stop(Code::cancelled);
}

void Run::begun(Result<RunBegun> begun) {
  if (!begun) return close(begun.error());
  lease_ = begun->lease;
  summary_.run = lease_.run;
  if (!options_.full) cursors_.begin(std::move(begun->cursors));
  if (begun->fingerprints) intake_.take_fingerprints();
  if (failed_) return close(*std::move(failed_));
  fetch();
}

void Run::fetch() {
  if (stopped_) return close({.code = Code::cancelled, .message = "the host is stopping"});
  CallContext context{.plugin = prepared_->plugin,
                      .integration = prepared_->settings.name,
                      .loop = prepared_->loop,
                      .log = &services_.log,
                      .client = prepared_->client.get(),
                      .sink = this,
                      .secrets = services_.secrets,
                      .config = prepared_->config,
                      .time_limit = services_.fetch_time};
  const auto time = [](const std::optional<Time>& at) {
    return at ? at->time_since_epoch().count() : EAR_TIME_NONE;
  };
  const ear_fetch fetch{.size = sizeof(ear_fetch),
                        .flags = 0,
                        .from = time(from_),
                        .to = time(options_.to),
                        .limit = options_.limit};
  call_ = PluginCall::start(
      std::move(context), services_.plugin_threads,
      [fetch](const ear_plugin& table, ear_instance* instance, ear_call* call) {
        return table.fetch_feedback(instance, call, &fetch);
      },
      [self = shared_from_this()](CallOutcome outcome) { self->fetched(std::move(outcome)); });
}

void Run::fetched(CallOutcome outcome) {
  call_.reset();
  window_.forget_waiter();
  if (restarts(outcome.error)) {
    restart(outcome.error.code == Code::ok);
    return fetch();
  }
  submit();
  window_.when_empty([self = shared_from_this(), error = std::move(outcome.error)]() mutable {
    self->close(self->window_.failure().value_or(std::move(error)));
  });
}

/// A cursor that the product no longer reads costs its stream a longer run, not the integration.
bool Run::restarts(const Error& error) {
  if (window_.failure() || stopped_ || closed()) return false;
  if (error.code == Code::bad_cursor) return cursors_.lose_unnamed(error.message);
  return error.code == Code::ok && !cursors_.lost().empty();
}

/// The lost streams are fetched again from an overlap before the last run that left nothing out;
/// from the beginning where a stream without a cursor might then miss its past.
void Run::restart(bool finished) {
  from_ = options_.from;
  const auto synced = prepared_->state.find(kSyncedUntil);
  if (lane_.empty() && synced != prepared_->state.end() &&
      cursors_.others_are_under_way(finished)) {
    if (const std::optional<Time> until = parse_time(synced->second))
      from_ = *until - kRestartOverlap;
  }
  const std::string since = from_ ? rfc3339(*from_) : "the beginning";
  for (const auto& [stream, why] : cursors_.lost()) {
    services_.log.write(
        LogLevel::warn,
        fmt::format("the stored cursor is read no more; fetching again from {}: {}", since, why),
        {{"integration", prepared_->settings.name}, {"stream", stream}});
  }
  cursors_.restart();
  stall_guard_ = {};
}

void Run::trace(TraceEvent::Kind kind) {
  const std::uint64_t number = ++traced_[kind];
  if (services_.trace) services_.trace({prepared_->settings.name, kind, number});
}

void Run::tell_progress() const {
  if (!services_.progress) return;
  services_.progress({.integration = prepared_->settings.name,
                      .counts = summary_.counts,
                      .requests = prepared_->client->counts().requests,
                      .total = total_,
                      .wait = prepared_->client->waiting()});
}

}  // namespace earshot::core

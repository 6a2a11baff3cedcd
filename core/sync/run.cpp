#include "run.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include <earshot/core/base/digest.hpp>
#include <earshot/core/base/text.hpp>
#include <earshot/core/json/writer.hpp>

namespace earshot::core {

namespace {

constexpr std::size_t kWindowPages = 2;
constexpr std::size_t kWindowBytes = std::size_t{8} << 20;
constexpr std::size_t kBatchRecords = 2000;
constexpr std::size_t kBatchBytes = std::size_t{4} << 20;
constexpr std::size_t kMaxRawOfRejected = 256U << 10;
constexpr std::size_t kWholePage = 10;
constexpr Micros kBudgetEvery = std::chrono::seconds(1);
constexpr Micros kRestartOverlap = std::chrono::hours(1);
constexpr const char* kSyncedUntil = "synced_until";

std::string lane_of(const RunOptions& options) {
  if (!options.from && !options.to) return {};
  const auto text = [](const std::optional<Time>& time) {
    return time ? rfc3339(*time) : std::string();
  };
  return text(options.from) + ".." + text(options.to);
}

std::size_t size_of(const RecordWrite& write) {
  return sizeof(RecordWrite) + write.record.title.size() + write.record.content.size() +
         write.record.metadata.size() + write.computed.size() + write.raw.size();
}

std::string dump_computed(const std::vector<ComputedField>& fields) {
  if (fields.empty()) return {};
  JsonWriter out;
  out.begin_array();
  for (const ComputedField& field : fields) {
    out.begin_object();
    out.member("name", field.name);
    out.member("value", field.value);
    out.member("format", static_cast<std::int64_t>(field.format));
    out.end_object();
  }
  out.end_array();
  return out.take();
}

}  // namespace

Run::Run(Services services, std::shared_ptr<Prepared> prepared, RunOptions options,
         Finished finished)
    : services_(std::move(services)),
      prepared_(std::move(prepared)),
      options_(options),
      finished_(std::move(finished)),
      lane_(lane_of(options)) {
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

template <typename T>
Callback<void(Result<T>)> Run::on_loop(Callback<void(Result<T>)> body) {
  return [self = shared_from_this(), body = std::move(body)](Result<T> result) mutable {
    Loop& loop = *self->prepared_->loop;
    loop.post([self = std::move(self), result = std::move(result),
               body = std::move(body)]() mutable { body(std::move(result)); });
  };
}

void Run::start() {
  prepared_->client->on_send([this](const HttpRequest&) {
    trace(TraceEvent::Kind::request_sent, ++traced_[TraceEvent::Kind::request_sent]);
  });
  const auto self = shared_from_this();
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

void Run::stop() {
  stopped_ = true;
  if (call_) call_->stop(Code::cancelled);
}

void Run::begun(Result<RunBegun> begun) {
  if (!begun) return close(begun.error());
  lease_ = begun->lease;
  summary_.run = lease_.run;
  if (!options_.full) cursors_ = std::move(begun->cursors);
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
                      .config = prepared_->settings.config};
  const auto time = [](const std::optional<Time>& at) {
    return at ? at->time_since_epoch().count() : EAR_TIME_NONE;
  };
  const ear_fetch fetch{.size = sizeof(ear_fetch),
                        .flags = 0,
                        .from = time(restarted_ ? restart_from_ : options_.from),
                        .to = time(options_.to),
                        .limit = options_.limit};
  call_ = PluginCall::start(
      std::move(context), services_.plugin_threads,
      [fetch](const ear_plugin& table, ear_instance* instance, ear_call* call) {
        return table.fetch_feedback(instance, call, &fetch);
      },
      [self = shared_from_this()](CallOutcome outcome) { self->fetched(std::move(outcome)); });
}

std::string Run::cursor(const std::string& stream) {
  const auto found = cursors_.find(stream);
  return found == cursors_.end() ? std::string() : found->second;
}

void Run::emit(const Emission& emission, Done<EmissionCounts> done) {
  const auto found = prepared_->mappings.find(emission.mapping);
  if (found == prepared_->mappings.end()) {
    return done(Error{.code = Code::misuse,
                      .message = "emit: the manifest declares no record '" +
                                 shorten(emission.mapping, 40) + "'"});
  }
  Mapping::Session session(*found->second);
  MappingInput input{.item = {},
                     .refs = emission.refs,
                     .computed = emission.computed,
                     .tombstone = emission.tombstone};
  if (prepared_->settings.config) input.config = prepared_->settings.config->root();
  EmissionCounts counts;
  for (const JsonValue item : emission.items) {
    input.item = item;
    if (!take(session, *found->second, emission.mapping, input, counts)) {
      closed_ = cut_ = true;
      return done(Error{.code = Code::sink_closed, .message = "the limit is reached"});
    }
  }
  if (emission.items.size() >= kWholePage && counts.rejected == emission.items.size()) {
    return done(Error{.code = Code::bad_data,
                      .message = fmt::format(
                          "none of {} items could be mapped ({}); check the mapping of '{}'",
                          counts.rejected, pending_.rejected.back().reason, emission.mapping)});
  }
  if (pending_.records.size() < kBatchRecords && pending_bytes_ < kBatchBytes) return done(counts);
  submit();
  if (!window_full()) return done(counts);
  when_room_ = [counts, done = std::move(done)]() mutable { done(counts); };
}

bool Run::take(Mapping::Session& session, const Mapping& mapping, std::string_view name,
               const MappingInput& input, EmissionCounts& counts) {
  if (options_.limit != 0 && consumed_ >= options_.limit) return false;
  Mapped mapped = session.apply(input);
  if (!mapped.record) {
    ++counts.rejected;
    ++consumed_;
    reject(name, std::move(mapped), input.item);
    return true;
  }
  if (outside_window(mapping, *mapped.record)) {
    ++counts.outside;
    return true;
  }
  ++counts.taken;
  ++consumed_;
  RecordWrite write{.record = *std::move(mapped.record),
                    .mapping_revision = mapping.revision(),
                    .mapping = std::string(name),
                    .computed = dump_computed(input.computed),
                    .raw = {}};
  if (prepared_->settings.store_raw && write.record.status != RecordStatus::deleted)
    write.raw = input.item.dump();
  pending_bytes_ += size_of(write);
  pending_.records.push_back(std::move(write));
  return true;
}

bool Run::outside_window(const Mapping& mapping, const Record& record) const {
  const Time at = mapping.window_on_created() ? record.created_at : record.updated_at;
  return (options_.from && at < *options_.from) || (options_.to && at >= *options_.to);
}

void Run::reject(std::string_view mapping, Mapped mapped, JsonValue item) {
  Rejected rejected{.mapping = std::string(mapping),
                    .source_id = std::move(mapped.source_id),
                    .reason = std::move(mapped.rejected),
                    .raw = item.exists() ? item.dump() : std::string()};
  if (rejected.source_id.empty())
    rejected.source_id = "sha256:" + hex_encode(sha256(rejected.raw)).substr(0, 32);
  rejected.raw = shorten(rejected.raw, kMaxRawOfRejected);
  pending_bytes_ += rejected.raw.size();
  pending_.rejected.push_back(std::move(rejected));
}

void Run::known(std::string_view mapping, std::vector<std::string> ids,
                const std::vector<std::string>& versions, Done<std::vector<Known>> done) {
  const auto found = prepared_->mappings.find(mapping);
  if (found == prepared_->mappings.end()) {
    return done(
        Error{.code = Code::misuse,
              .message = "known: the manifest declares no record '" + shorten(mapping, 40) + "'"});
  }
  std::vector<std::int64_t> numbers;
  for (const std::string& version : versions)
    numbers.push_back(Mapping::version_of(version).value_or(0));
  services_.store.known(prepared_->id, found->second->kind(), std::move(ids), std::move(numbers),
                        on_loop<std::vector<Known>>(std::move(done)));
}

void Run::checkpoint(std::string stream, std::string cursor, Done<void> done) {
  if (cut_) return done(Error{.code = Code::sink_closed, .message = "the limit is reached"});
  if (Result<void> moving = stall_guard_.check(stream, cursor); !moving)
    return done(moving.error());
  pending_.cursors.push_back({std::move(stream), std::move(cursor)});
  submit();
  if (options_.limit != 0 && consumed_ >= options_.limit) closed_ = true;
  trace(TraceEvent::Kind::checkpoint_accepted, ++traced_[TraceEvent::Kind::checkpoint_accepted]);
  if (!window_full()) return done({});
  when_room_ = [done = std::move(done)]() mutable { done({}); };
}

void Run::problem(std::string stream, const Error& error) {
  services_.log.write(LogLevel::warn, "a stream failed, the others go on: " + error.message,
                      {{"integration", prepared_->settings.name}, {"stream", stream}});
  if (summary_.problems.size() < 1000) summary_.problems.push_back(stream + ": " + error.message);
}

void Run::submit() {
  if (failure_) return;  // what comes after a lost batch must not be stored
  if (pending_.records.empty() && pending_.rejected.empty() && pending_.cursors.empty()) return;
  Batch batch = std::exchange(pending_, {});
  batch.lease = lease_;
  batch.lane = lane_;
  window_bytes_ += pending_bytes_;
  window_.push_back({std::move(batch), std::exchange(pending_bytes_, 0)});
  if (window_.size() == 1) commit_next();
  save_budget(false);
}

void Run::commit_next() {
  Batch batch = std::move(window_.front().batch);
  auto done = [self = shared_from_this()](Result<RecordCounts> result) {
    self->committed(std::move(result));
  };
  if (options_.dry_run) {
    RecordCounts counts;
    counts.rejected = batch.rejected.size();
    return tally(versions_of(batch), counts, std::move(done));
  }
  services_.store.commit(std::move(batch), on_loop<RecordCounts>(std::move(done)));
}

auto Run::versions_of(const Batch& batch) -> Versions {
  Versions versions;
  for (const RecordWrite& write : batch.records) {
    auto& of_kind = versions[write.record.kind];
    of_kind.first.push_back(write.record.source_id);
    of_kind.second.push_back(write.record.version);
  }
  return versions;
}

/// What a commit would count, without committing: one question a kind.
void Run::tally(Versions left, RecordCounts counts, Callback<void(Result<RecordCounts>)> done) {
  if (left.empty()) return done(counts);
  auto asked = left.extract(left.begin());
  auto next = [this, counts, left = std::move(left),
               done = std::move(done)](Result<std::vector<Known>> answers) mutable {
    if (!answers) return done(answers.error());
    for (const Known answer : *answers) {
      ++(answer == Known::fresh   ? counts.created
         : answer == Known::older ? counts.updated
                                  : counts.unchanged);
    }
    tally(std::move(left), counts, std::move(done));
  };
  services_.store.known(prepared_->id, asked.key(), std::move(asked.mapped().first),
                        std::move(asked.mapped().second),
                        on_loop<std::vector<Known>>(std::move(next)));
}

void Run::committed(Result<RecordCounts> result) {
  window_bytes_ -= window_.front().bytes;
  window_.pop_front();
  if (result) {
    summary_.counts += *result;
    trace(TraceEvent::Kind::page_committed, ++traced_[TraceEvent::Kind::page_committed]);
    if (!window_.empty()) commit_next();
  } else {
    failure_ = result.error();
    window_.clear();
    window_bytes_ = 0;
    if (call_) call_->stop(failure_->code);
  }
  if (when_room_ && !window_full()) std::exchange(when_room_, {})();
  if (when_idle_ && window_.empty()) std::exchange(when_idle_, {})();
}

bool Run::window_full() const noexcept {
  return window_.size() >= kWindowPages || window_bytes_ >= kWindowBytes;
}

void Run::fetched(CallOutcome outcome) {
  call_.reset();
  when_room_ = {};
  if (restart_without_cursors(outcome)) return fetch();
  submit();
  when_idle_ = [self = shared_from_this(), outcome = std::move(outcome)]() mutable {
    self->finish(std::move(outcome));
  };
  if (window_.empty()) std::exchange(when_idle_, {})();
}

/// A cursor that the product no longer reads costs a longer run, not the integration: once, the
/// fetch begins again an overlap before the last run that completed.
bool Run::restart_without_cursors(const CallOutcome& outcome) {
  if (outcome.error.code != Code::bad_cursor || restarted_ || cursors_.empty() || failure_ ||
      stopped_)
    return false;
  restarted_ = true;
  restart_from_ = options_.from;
  if (const auto synced = prepared_->state.find(kSyncedUntil);
      lane_.empty() && synced != prepared_->state.end()) {
    if (const std::optional<Time> until = parse_time(synced->second))
      restart_from_ = *until - kRestartOverlap;
  }
  cursors_.clear();
  stall_guard_ = {};
  const std::string since = restart_from_ ? rfc3339(*restart_from_) : "the beginning";
  services_.log.write(LogLevel::warn,
                      fmt::format("the product no longer reads the stored cursor; fetching again "
                                  "from {}: {}",
                                  since, outcome.error.message),
                      {{"integration", prepared_->settings.name}});
  return true;
}

void Run::finish(CallOutcome outcome) {
  Error error = failure_ ? *failure_ : std::move(outcome.error);
  if (error.code == Code::sink_closed) error.code = Code::ok;
  close(std::move(error));
}

void Run::close(Error error) {
  const TrafficCounts& traffic = prepared_->client->counts();
  summary_.ended = prepared_->loop->clock().now();
  summary_.requests = traffic.requests;
  summary_.throttled = traffic.throttled;
  summary_.bytes = traffic.bytes;
  summary_.waited = traffic.waited;
  for (const BudgetView& budget :
       prepared_->account->limiter.view(prepared_->loop->clock().tick())) {
    summary_.quota_left = std::min(summary_.quota_left.value_or(budget.left), budget.left);
  }
  switch (error.code) {
    case Code::ok: summary_.outcome = RunOutcome::completed; break;
    case Code::cancelled: summary_.outcome = RunOutcome::cancelled; break;
    case Code::yielded:
      summary_.outcome = RunOutcome::yielded;
      summary_.until = traffic.quota_at;
      break;
    default: summary_.outcome = RunOutcome::failed; break;
  }
  if (error.code != Code::ok) {
    summary_.error_code = to_string(error.code);
    summary_.error = error.message;
  }
  save_budget(true);
  if (is_whole() && lane_.empty() && lease_.run != 0) {
    services_.store.put_state(prepared_->id, {{kSyncedUntil, rfc3339(summary_.started)}},
                              [](Result<void>) {});
  }
  if (lease_.run == 0) return finished_(summary_);
  services_.store.end_run(lease_, summary_,
                          on_loop<void>([self = shared_from_this()](Result<void> ended) {
                            if (!ended && self->summary_.outcome == RunOutcome::completed) {
                              self->summary_.outcome = RunOutcome::failed;
                              self->summary_.error_code = to_string(ended.error().code);
                              self->summary_.error = ended.error().message;
                            }
                            self->finished_(self->summary_);
                          }));
}

/// True if there is nothing before the run's start that it left out.
bool Run::is_whole() const noexcept {
  return summary_.outcome == RunOutcome::completed && !closed_ && summary_.problems.empty();
}

void Run::save_budget(bool now) {
  Account& account = *prepared_->account;
  const Tick tick = prepared_->loop->clock().tick();
  if (options_.dry_run || (!now && tick - account.saved < kBudgetEvery)) return;
  account.saved = tick;
  services_.store.put_budget(
      account.key, account.limiter.save(tick, prepared_->loop->clock().now()), [](Result<void>) {});
}

void Run::trace(TraceEvent::Kind kind, std::uint64_t number) {
  if (services_.trace) services_.trace({prepared_->settings.name, kind, number});
}

}  // namespace earshot::core

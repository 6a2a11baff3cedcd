/// What a run is handed by its plugin, and how it gets into the store.

#include <algorithm>
#include <limits>
#include <utility>

#include <earshot/core/base/text.hpp>

#include "run.hpp"

namespace earshot::core {

namespace {

constexpr std::size_t kMostProblems = 1000;

/// A version that cannot be read counts as newer than any: rather fetch too much than never again.
std::int64_t version_to_ask(std::string_view text) {
  return Mapping::version_of(text).value_or(std::numeric_limits<std::int64_t>::max());
}

}  // namespace

std::string Run::cursor(const std::string& stream) {
  return cursors_.read(stream);
}

void Run::emit(const Emission& emission, Done<EmissionCounts> done) {
  Result<EmissionCounts> counts = intake_.take(emission);
  if (!counts || !intake_.large()) return done(std::move(counts));
  submit();
  window_.when_room([counts = *counts, done = std::move(done)]() mutable { done(counts); });
}

void Run::known(std::string_view mapping, std::vector<std::string> ids,
                const std::vector<std::string>& versions, Done<std::vector<Known>> done) {
  const auto found = prepared_->mappings.find(mapping);
  if (found == prepared_->mappings.end()) {
    return done(
        Error{.code = Code::misuse,
              .message = "known: the manifest declares no record '" + shorten(mapping, 40) + "'"});
  }
  if (options_.full) return done(std::vector<Known>(ids.size(), Known::fresh));  // all of it again
  std::vector<std::int64_t> numbers;
  numbers.reserve(versions.size());
  for (const std::string& version : versions) numbers.push_back(version_to_ask(version));
  services_.store.known(prepared_->id, found->second->kind(), std::move(ids), std::move(numbers),
                        on_loop<std::vector<Known>>(std::move(done)));
}

void Run::checkpoint(std::string stream, std::string cursor, Done<void> done) {
  if (intake_.cut())
    return done(Error{.code = Code::sink_closed, .message = "the limit is reached"});
  if (Result<void> moving = stall_guard_.check(stream, cursor); !moving)
    return done(moving.error());
  cursors_.move(stream, cursor);
  intake_.move_cursor(std::move(stream), std::move(cursor));
  submit();
  if (intake_.limit_reached()) closed_ = true;
  look_at_the_clock();
  trace(TraceEvent::Kind::checkpoint_accepted);
  window_.when_room([done = std::move(done)]() mutable { done({}); });
}

void Run::problem(std::string stream, const Error& error) {
  if (error.code == Code::bad_cursor && cursors_.lose(stream, error.message)) return;
  if (error.code == Code::bad_data) found_bad_data_ = true;
  services_.log.write(LogLevel::warn, "a stream failed, the others go on: " + error.message,
                      {{"integration", prepared_->settings.name}, {"stream", stream}});
  if (summary_.problems.size() < kMostProblems)
    summary_.problems.push_back(stream + ": " + error.message);
}

void Run::total(std::uint64_t items) {
  total_ = options_.limit == 0 ? items : std::min(items, options_.limit);
  tell_progress();
}

void Run::submit() {
  if (intake_.empty()) return;
  const std::size_t bytes = intake_.bytes();
  Batch batch = intake_.release();
  batch.lease = lease_;
  batch.lane = lane_;
  window_.push(std::move(batch), bytes);
  save_budget(false);
}

void Run::commit(Batch batch, CommitWindow::Done done) {
  auto counted = on_loop<RecordCounts>(std::move(done));
  if (options_.dry_run) return services_.store.rehearse(std::move(batch), std::move(counted));
  services_.store.commit(std::move(batch), std::move(counted));
}

void Run::committed(const Result<RecordCounts>& result) {
  if (result) {
    summary_.counts += *result;
    trace(TraceEvent::Kind::page_committed);
    tell_progress();
  } else if (call_) {
    call_->stop(result.error().code);
  }
}

}  // namespace earshot::core

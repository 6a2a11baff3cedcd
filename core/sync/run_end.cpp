/// What a run came to.

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "run.hpp"

namespace earshot::core {

namespace {

constexpr Micros kBudgetEvery = std::chrono::seconds(1);

RunOutcome outcome_of(Code code) noexcept {
  switch (code) {
    case Code::ok: return RunOutcome::completed;
    case Code::cancelled: return RunOutcome::cancelled;
    case Code::yielded: return RunOutcome::yielded;
    default: return RunOutcome::failed;
  }
}

void note_failure(RunSummary& summary, const Error& error) {
  summary.outcome = outcome_of(error.code);
  if (error.code == Code::ok) return;
  summary.error_code = to_string(error.code);
  summary.error = error.message;
}

}  // namespace

void Run::close(Error error) {
  if (error.code == Code::sink_closed && reopens_) error = outside_hours();
  if (error.code == Code::sink_closed) error.code = Code::ok;
  sum_up(error);
  prepared_->client->on_send({});  // a token's refresh may outlive the run
  if (error.code == Code::bad_data) found_bad_data_ = true;
  if (shelf_ && !found_bad_data_) shelf_->flush();
  save_budget(true);
  if (summary_.whole && lane_.empty() && lease_.run != 0) {
    services_.store.put_state(prepared_->id, {{kSyncedUntil, rfc3339(summary_.started)}},
                              [](Result<void>) {});
  }
  if (lease_.run == 0) return finished_(summary_);
  services_.store.end_run(lease_, summary_,
                          on_loop<void>([self = shared_from_this()](Result<void> ended) {
                            if (!ended && self->summary_.outcome == RunOutcome::completed)
                              note_failure(self->summary_, ended.error());
                            self->finished_(self->summary_);
                          }));
}

void Run::sum_up(const Error& error) {
  const TrafficCounts& traffic = prepared_->client->counts();
  summary_.ended = prepared_->loop->clock().now();
  summary_.took = prepared_->loop->clock().tick() - began_;
  summary_.requests = traffic.requests;
  summary_.throttled = traffic.throttled;
  summary_.bytes = traffic.bytes;
  summary_.cache_hits = traffic.cache_hits;
  summary_.cache_misses = traffic.cache_misses;
  summary_.cache_revalidated = traffic.cache_revalidated;
  summary_.waited = traffic.waited;
  for (const BudgetView& budget : prepared_->account->limiter.view(prepared_->loop->clock().tick(),
                                                                   summary_.integration_name)) {
    summary_.quota_left = std::min(summary_.quota_left.value_or(budget.left), budget.left);
  }
  summary_.notes = intake_.unknown_values().notes();
  note_failure(summary_, error);
  summary_.whole =
      summary_.outcome == RunOutcome::completed && !closed() && summary_.problems.empty();
  if (summary_.outcome == RunOutcome::yielded)
    summary_.until = reopens_ ? reopens_ : traffic.quota_at;
}

void Run::look_at_the_clock() {
  const Time now = prepared_->loop->clock().now();
  if (options_.hours && !options_.hours->contain(now)) reopens_ = options_.hours->next_begin(now);
}

Error Run::outside_hours() const {
  return {.code = Code::yielded,
          .message = fmt::format("outside of {}; they begin at {}", options_.hours->text(),
                                 rfc3339(*reopens_))};
}

void Run::save_budget(bool now) {
  Account& account = *prepared_->account;
  const Tick tick = prepared_->loop->clock().tick();
  if (options_.dry_run || (!now && tick - account.saved < kBudgetEvery)) return;
  account.saved = tick;
  save_budgets(services_.store, *prepared_);
}

}  // namespace earshot::core

#include "writer.hpp"

namespace earshot::core {
namespace {

/// Enough to share one sync to disk among many, few enough to answer the first of them soon.
constexpr std::size_t kMostJobs = 128;

}  // namespace

Writer::Writer(Session session) : session_(std::move(session)), thread_([this] { work(); }) {}

Writer::~Writer() {
  {
    const MutexLock lock(mutex_);
    closing_ = true;
  }
  arrived_.notify_one();
  thread_.join();
}

void Writer::submit(std::unique_ptr<Job> job) {
  {
    const MutexLock lock(mutex_);
    queue_.push_back(std::move(job));
  }
  arrived_.notify_one();
}

bool Writer::closing() const {
  const MutexLock lock(mutex_);
  return closing_;
}

void Writer::work() {
  for (Group group = next_group(); !group.empty(); group = next_group()) run_group(group);
}

/// Empty when there is no more to come.
Writer::Group Writer::next_group() {
  MutexLock lock(mutex_);
  while (!closing_ && queue_.empty()) lock.wait(arrived_);
  Group group;
  while (!queue_.empty() && group.size() < kMostJobs) {
    group.push_back(std::move(queue_.front()));
    queue_.pop_front();
  }
  return group;
}

void Writer::run_group(Group& group) {
  const Result<void> done = transact(group);
  std::optional<Error> failure;
  if (!done) {
    failure = done.error();
    if (session_.database.in_transaction()) {
      [[maybe_unused]] const Result<void> undone = session_.database.execute("ROLLBACK");
    }
  }
  if (std::exchange(session_.empty_log, false) && !failure) empty_log();
  for (const auto& job : group) job->finish(failure);
}

/// Where a reader needs the log, it stays until a later checkpoint.
void Writer::empty_log() {
  [[maybe_unused]] const auto busy = session_.database.integer("PRAGMA wal_checkpoint(TRUNCATE)");
}

Result<void> Writer::transact(Group& group) {
  EAR_CHECK(session_.database.execute("BEGIN IMMEDIATE"));
  if (group.size() == 1) {
    return session_.database.execute(group.front()->run(session_) ? "COMMIT" : "ROLLBACK");
  }
  for (const auto& job : group) EAR_CHECK(run_job(*job));
  return session_.database.execute("COMMIT");
}

/// Fails only where the whole transaction is gone, as it is when the disk is full.
Result<void> Writer::run_job(Job& job) {
  EAR_CHECK(session_.database.execute("SAVEPOINT job"));
  if (job.run(session_)) return session_.database.execute("RELEASE job");
  EAR_CHECK(session_.database.execute("ROLLBACK TO job"));
  return session_.database.execute("RELEASE job");
}

}  // namespace earshot::core

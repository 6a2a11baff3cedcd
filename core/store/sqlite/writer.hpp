#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include <earshot/core/base/callback.hpp>
#include <earshot/core/base/mutex.hpp>
#include <earshot/core/base/result.hpp>

#include "session.hpp"

namespace earshot::core {

/// One operation on its way through the writer.
class Job {
 public:
  Job() = default;
  Job(const Job&) = delete;
  Job& operator=(const Job&) = delete;
  virtual ~Job() = default;
  /// Works inside the group's transaction; where it answers false, what it wrote is undone.
  virtual bool run(Session& session) = 0;
  /// Comes after the transaction; `failure` where nothing of the group became durable.
  virtual void finish(const std::optional<Error>& failure) = 0;
};

/// A job that answers a T.
template <typename T>
class Operation final : public Job {
 public:
  using Work = Callback<Result<T>(Session&)>;
  using Done = Callback<void(Result<T>)>;

  Operation(Work work, Done done) : work_(std::move(work)), done_(std::move(done)) {}

  bool run(Session& session) override {
    result_.emplace(work_(session));
    return result_->has_value();
  }

  void finish(const std::optional<Error>& failure) override {
    if (!done_) return;
    const bool lost = failure && (!result_ || result_->has_value());
    done_(lost ? Result<T>(*failure) : std::move(*result_));
  }

 private:
  Work work_;
  Done done_;
  std::optional<Result<T>> result_;
};

/// The thread that owns the writing connection. What is queued while one group becomes durable is
/// the next group: one transaction, each job of several under a savepoint of its own, since SQLite
/// keeps what a savepoint may have to bring back.
/// [thread-safe]
class Writer {
 public:
  explicit Writer(Session session);
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;
  /// Finishes what is queued.
  ~Writer();

  void submit(std::unique_ptr<Job> job);
  /// True from the destructor on: long work should go no further.
  [[nodiscard]] bool closing() const;

 private:
  using Group = std::vector<std::unique_ptr<Job>>;

  void work();
  Group next_group();
  void run_group(Group& group);
  void empty_log();
  Result<void> transact(Group& group);
  Result<void> run_job(Job& job);

  Session session_;
  mutable Mutex mutex_;
  std::condition_variable arrived_;
  std::deque<std::unique_ptr<Job>> queue_ EAR_GUARDED_BY(mutex_);
  bool closing_ EAR_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace earshot::core

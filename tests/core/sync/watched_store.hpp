#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <unistd.h>

#include <earshot/core/store/store.hpp>

namespace earshot::core {

/// A store that notes what it is asked, and holds commits back or fails them where a test says so.
class WatchedStore final : public Store {
 public:
  explicit WatchedStore(Store& inner) : inner_(inner) {}

  /// From now on commits wait for `allow`.
  void hold() {
    const std::lock_guard lock(mutex_);
    allowed_ = 0;
  }
  /// Lets so many more commits through.
  void allow(std::size_t commits) {
    std::vector<Held> go;
    {
      const std::lock_guard lock(mutex_);
      allowed_ = allowed_ > kAll - commits ? kAll : allowed_ + commits;
      for (; !held_.empty() && allowed_ > 0; allowed_ -= allowed_ == kAll ? 0 : 1) {
        go.push_back(std::move(held_.front()));
        held_.pop_front();
      }
    }
    for (Held& one : go) pass(std::move(one.first), std::move(one.second));
  }
  void allow_all() { allow(kAll); }
  /// The n-th commit, from 1, fails.
  void fail_commit(std::size_t number) { failing_ = number; }

  [[nodiscard]] std::size_t commits() const {
    const std::lock_guard lock(mutex_);
    return commits_;
  }
  /// The threads that operations were asked from.
  [[nodiscard]] std::set<::pid_t> threads() const {
    const std::lock_guard lock(mutex_);
    return threads_;
  }

  void commit(Batch batch, Done<RecordCounts> done) override {
    note();
    {
      const std::lock_guard lock(mutex_);
      if (allowed_ == 0) return held_.emplace_back(std::move(batch), std::move(done)), void();
      if (allowed_ != kAll) --allowed_;
    }
    pass(std::move(batch), std::move(done));
  }

  void ensure_integration(std::string name, std::string plugin, Done<IntegrationId> done) override {
    note();
    inner_.ensure_integration(std::move(name), std::move(plugin), std::move(done));
  }
  void find_integration(std::string name, std::string plugin, Done<IntegrationId> done) override {
    note();
    inner_.find_integration(std::move(name), std::move(plugin), std::move(done));
  }
  void begin_run(RunStart start, Done<RunBegun> done) override {
    note();
    if (on_begin) on_begin();
    inner_.begin_run(std::move(start), std::move(done));
  }
  void rehearse(Batch batch, Done<RecordCounts> done) override {
    note();
    inner_.rehearse(std::move(batch), std::move(done));
  }
  void end_run(Lease lease, RunSummary summary, Done<void> done) override {
    note();
    inner_.end_run(lease, std::move(summary), std::move(done));
  }
  void known(IntegrationId integration, RecordKind kind, std::vector<std::string> ids,
             std::vector<std::int64_t> versions, Done<std::vector<Known>> done) override {
    note();
    inner_.known(integration, kind, std::move(ids), std::move(versions), std::move(done));
  }
  void put_state(IntegrationId integration, std::map<std::string, std::string> values,
                 Done<void> done) override {
    note();
    inner_.put_state(integration, std::move(values), std::move(done));
  }
  void state(IntegrationId integration, Done<std::map<std::string, std::string>> done) override {
    note();
    inner_.state(integration, std::move(done));
  }
  void cursors(IntegrationId integration, std::string lane,
               Done<std::map<std::string, std::string>> done) override {
    note();
    inner_.cursors(integration, std::move(lane), std::move(done));
  }
  void put_cursor(IntegrationId integration, std::string lane, CursorMove move,
                  Done<void> done) override {
    note();
    inner_.put_cursor(integration, std::move(lane), std::move(move), std::move(done));
  }
  void put_secret(IntegrationId integration, SealedSecret secret, Done<void> done) override {
    note();
    inner_.put_secret(integration, std::move(secret), std::move(done));
  }
  void secrets(IntegrationId integration, Done<std::vector<SealedSecret>> done) override {
    note();
    inner_.secrets(integration, std::move(done));
  }
  void put_budget(std::string account, std::string saved, Done<void> done) override {
    note();
    inner_.put_budget(std::move(account), std::move(saved), std::move(done));
  }
  void budget(std::string account, Done<std::string> done) override {
    note();
    inner_.budget(std::move(account), std::move(done));
  }
  void put_answers(IntegrationId integration, std::map<std::string, KeptAnswer> answers,
                   AnswerBounds bounds, Done<void> done) override {
    note();
    inner_.put_answers(integration, std::move(answers), bounds, std::move(done));
  }
  void answer(IntegrationId integration, std::string key,
              Done<std::optional<KeptAnswer>> done) override {
    note();
    inner_.answer(integration, std::move(key), std::move(done));
  }
  void purge(std::string name, Done<void> done) override {
    note();
    inner_.purge(std::move(name), std::move(done));
  }
  void index(Done<std::uint64_t> done) override {
    note();
    inner_.index(std::move(done));
  }

  std::function<void()> on_begin;  ///< Called when a run begins.

 private:
  using Held = std::pair<Batch, Done<RecordCounts>>;
  static constexpr std::size_t kAll = static_cast<std::size_t>(-1);

  void note() {
    const std::lock_guard lock(mutex_);
    threads_.insert(::gettid());
  }
  void pass(Batch batch, Done<RecordCounts> done) {
    bool fails = false;
    {
      const std::lock_guard lock(mutex_);
      fails = ++commits_ == failing_;
    }
    if (fails) return done(Error{.code = Code::internal, .message = "the disk is full"});
    inner_.commit(std::move(batch), std::move(done));
  }

  Store& inner_;
  mutable std::mutex mutex_;
  std::size_t allowed_ = kAll;
  std::deque<Held> held_;
  std::size_t commits_ = 0;
  std::size_t failing_ = 0;
  std::set<::pid_t> threads_;
};

}  // namespace earshot::core

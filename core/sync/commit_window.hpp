#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <optional>

#include <earshot/core/base/callback.hpp>
#include <earshot/core/store/store.hpp>

namespace earshot::core {

/// The batches of one run on their way into the store. A batch goes there once the one before it
/// is stored, so no cursor gets past records that could not be; after a failure none goes.
/// [one thread at a time]
class CommitWindow {
 public:
  using Done = Callback<void(Result<RecordCounts>)>;
  /// Stores one batch and keeps the window alive until it calls back.
  using Commit = std::function<void(Batch, Done)>;
  /// Told of every batch: what it counted, or why it was not stored.
  using Told = std::function<void(const Result<RecordCounts>&)>;

  CommitWindow(Commit commit, Told told) : commit_(std::move(commit)), told_(std::move(told)) {}

  void push(Batch batch, std::size_t bytes);
  /// Calls `body` once fewer than two batches and 8 MiB are on their way: perhaps at once. One may
  /// wait at a time.
  void when_room(Callback<void()> body);
  /// Calls `body` once nothing is on its way: perhaps at once. One may wait at a time.
  void when_empty(Callback<void()> body);
  /// Who waits for room is not called.
  void forget_waiter() { when_room_ = {}; }

  [[nodiscard]] const std::optional<Error>& failure() const noexcept { return failure_; }

 private:
  struct Outgoing {
    Batch batch;
    std::size_t bytes = 0;
  };

  [[nodiscard]] bool full() const noexcept;
  void commit_next();
  void committed(const Result<RecordCounts>& result);

  Commit commit_;
  Told told_;
  std::deque<Outgoing> outgoing_;  ///< The first is with the store.
  std::size_t bytes_ = 0;
  std::optional<Error> failure_;
  Callback<void()> when_room_;
  Callback<void()> when_empty_;
};

}  // namespace earshot::core

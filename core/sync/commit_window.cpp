#include "commit_window.hpp"

#include <utility>

namespace earshot::core {

namespace {

constexpr std::size_t kPages = 2;
constexpr std::size_t kBytes = std::size_t{8} << 20;

}  // namespace

void CommitWindow::push(Batch batch, std::size_t bytes) {
  if (failure_) return;
  bytes_ += bytes;
  outgoing_.push_back({std::move(batch), bytes});
  if (outgoing_.size() == 1) commit_next();
}

void CommitWindow::when_room(Callback<void()> body) {
  if (!full()) return body();
  when_room_ = std::move(body);
}

void CommitWindow::when_empty(Callback<void()> body) {
  if (outgoing_.empty()) return body();
  when_empty_ = std::move(body);
}

bool CommitWindow::full() const noexcept {
  return outgoing_.size() >= kPages || bytes_ >= kBytes;
}

void CommitWindow::commit_next() {
  commit_(std::move(outgoing_.front().batch),
          [this](const Result<RecordCounts>& result) { committed(result); });
}

void CommitWindow::committed(const Result<RecordCounts>& result) {
  bytes_ -= outgoing_.front().bytes;
  outgoing_.pop_front();
  if (!result) {
    failure_ = result.error();
    outgoing_.clear();
    bytes_ = 0;
  }
  told_(result);
  if (!outgoing_.empty()) commit_next();
  if (when_room_ && !full()) std::exchange(when_room_, {})();
  if (when_empty_ && outgoing_.empty()) std::exchange(when_empty_, {})();
}

}  // namespace earshot::core

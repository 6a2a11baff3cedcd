#include "http_batch.hpp"

#include <algorithm>
#include <utility>

namespace earshot::core {

HttpBatch::HttpBatch(PluginCall& call, std::vector<ProductRequest> requests)
    : call_(call), requests_(std::move(requests)), answers_(requests_.size()) {}

void HttpBatch::start() {
  if (call_.context_.sink != nullptr && call_.context_.sink->closed()) {
    static_cast<void>(
        call_.answer({.code = Code::sink_closed, .message = "the run has all it asked for"}));
    return call_.wake();
  }
  call_.pending_.resize(requests_.size());
  for (std::size_t i = 0; i < std::min(kAtOnce, requests_.size()); ++i) send_next();
}

void HttpBatch::send_next() {
  const std::size_t index = next_++;
  call_.pending_[index] = call_.context_.client->send(
      std::move(requests_[index]),
      [this, index](Result<ProductAnswer> answer) { answered(index, std::move(answer)); });
}

void HttpBatch::answered(std::size_t index, Result<ProductAnswer> result) {
  Answer& answer = answers_[index];
  if (result) result = within_budget(*std::move(result));
  if (!result) {
    answer.error = std::move(result).error();
    return settle();
  }
  answer.answered = true;
  answer.error = std::move(result->error);
  if (result->outcome == ErrorRule::Class::ok || result->outcome == ErrorRule::Class::empty)
    answer.error.code = Code::ok;
  answer.response = std::move(result->response);
  answer.attempts = result->attempts;
  answer.waited = result->waited;
  answer.json = std::move(result->json);
  settle();
}

/// Counts the answer among what the call holds; what is too much is dropped at once.
Result<ProductAnswer> HttpBatch::within_budget(ProductAnswer answer) {
  const std::size_t footprint = PluginCall::footprint(answer.response, answer.json.get());
  if (full_ || held_ + footprint > kCallBudget - std::min(kCallBudget, call_.budget_used_)) {
    full_ = true;
    return over_budget();
  }
  held_ += footprint;
  return answer;
}

Error HttpBatch::over_budget() {
  return {.code = Code::limit,
          .message =
              "the call would hold more than 64 MiB of answers; release what is no longer "
              "needed"};
}

void HttpBatch::settle() {
  ++settled_;
  for (; full_ && next_ < requests_.size(); ++next_, ++settled_) {
    answers_[next_].error = over_budget();
  }
  if (next_ < requests_.size()) return send_next();
  if (settled_ == requests_.size()) call_.wake();
}

}  // namespace earshot::core

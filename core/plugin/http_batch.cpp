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

void HttpBatch::settle() {
  ++settled_;
  if (next_ < requests_.size()) return send_next();
  if (settled_ == requests_.size()) call_.wake();
}

}  // namespace earshot::core

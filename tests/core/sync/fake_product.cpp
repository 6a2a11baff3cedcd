#include "fake_product.hpp"

#include <utility>

#include <fmt/format.h>

namespace earshot::core {

/// A request that has no answer yet.
struct FakeProduct::Waiting {
  Loop* loop = nullptr;
  Transport::Done done;  ///< Emptied, on the loop, when it was answered or cancelled.

  static void answer(const std::shared_ptr<Waiting>& waiting, HttpResponse response) {
    waiting->loop->post([waiting, response = std::move(response)]() mutable {
      waiting->take(std::move(response));
    });
  }
  /// On the loop.
  void take(HttpResponse response) {
    if (!done) return;
    Transport::Done receiver = std::exchange(done, {});
    receiver({.response = std::move(response), .error = {}});
  }
};

class FakeTransport final : public Transport {
 public:
  FakeTransport(FakeProduct& product, Loop& loop) : product_(product), loop_(loop) {}

  std::unique_ptr<Exchange> send(HttpRequest request, Done done) override {
    auto waiting = std::make_shared<FakeProduct::Waiting>();
    waiting->loop = &loop_;
    waiting->done = std::move(done);
    product_.receive(request, waiting);
    return std::make_unique<Pending>(std::move(waiting));
  }

 private:
  struct Pending final : Exchange {
    explicit Pending(std::shared_ptr<FakeProduct::Waiting> of) : waiting(std::move(of)) {}
    ~Pending() override { waiting->done = {}; }
    std::shared_ptr<FakeProduct::Waiting> waiting;
  };

  FakeProduct& product_;
  Loop& loop_;
};

std::unique_ptr<Transport> FakeProduct::connect(Loop& loop) {
  return std::make_unique<FakeTransport>(*this, loop);
}

void FakeProduct::note(const HttpRequest& request, std::shared_ptr<Waiting> waiting) {
  const std::lock_guard lock(mutex_);
  requests_.push_back(request);
  threads_.insert(::gettid());
  waiting_.push_back(std::move(waiting));
}

void FakeProduct::answer_later(const HttpRequest& request, std::shared_ptr<Waiting> waiting) {
  Loop& loop = *waiting->loop;
  loop.after(latency_,
             [this, waiting = std::move(waiting), response = handler_(request).value()]() mutable {
               {
                 const std::lock_guard lock(mutex_);
                 std::erase(waiting_, waiting);
               }
               waiting->take(std::move(response));
             });
}

void FakeProduct::receive(const HttpRequest& request, std::shared_ptr<Waiting> waiting) {
  if (latency_ > Micros(0)) {
    answer_later(request, waiting);  // so that one who sees the request can let its time pass
    return note(request, std::move(waiting));
  }
  note(request, waiting);
  std::optional<HttpResponse> response = handler_(request);
  if (!response) return;
  {
    const std::lock_guard lock(mutex_);
    std::erase(waiting_, waiting);
  }
  Waiting::answer(waiting, *std::move(response));
}

void FakeProduct::answer_waiting(const HttpResponse& response) {
  std::vector<std::shared_ptr<Waiting>> waiting;
  {
    const std::lock_guard lock(mutex_);
    waiting = std::exchange(waiting_, {});
  }
  for (const auto& one : waiting) Waiting::answer(one, response);
}

std::vector<HttpRequest> FakeProduct::requests() const {
  const std::lock_guard lock(mutex_);
  return requests_;
}

std::vector<std::string> FakeProduct::targets() const {
  std::vector<std::string> out;
  for (const HttpRequest& request : requests()) out.push_back(request.target);
  return out;
}

std::size_t FakeProduct::waiting() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
}

std::set<::pid_t> FakeProduct::threads() const {
  const std::lock_guard lock(mutex_);
  return threads_;
}

HttpResponse json_answer(std::string body, int status) {
  return {status, {{"Content-Type", "application/json"}}, std::move(body)};
}

std::string item(int id) {
  return fmt::format(R"({{"id":{},"body":"words of {}","created_at":"2026-03-02T10:{:02}:00Z",)"
                     R"("updated_at":"2026-03-02T10:{:02}:00Z"}})",
                     id, id, id % 60, id % 60);
}

HttpResponse page_of(const std::vector<int>& ids, const std::string& next, bool more) {
  std::string items;
  for (const int id : ids) (items += items.empty() ? "" : ",") += item(id);
  return json_answer(fmt::format(R"({{"items":[{}],"next":"{}","more":{}}})", items, next, more));
}

}  // namespace earshot::core

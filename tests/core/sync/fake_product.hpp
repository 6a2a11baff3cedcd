#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <unistd.h>

#include <earshot/core/http/transport.hpp>
#include <earshot/core/runtime/loop.hpp>

namespace earshot::core {

/// A product in memory, behind every transport that it makes. [thread-safe]
class FakeProduct {
 public:
  /// The answer to a request, or nothing: it then waits for `answer_waiting`.
  using Handler = std::function<std::optional<HttpResponse>(const HttpRequest&)>;

  /// With a latency every request is answered, so much later by the clock of its loop.
  explicit FakeProduct(Handler handler, Micros latency = Micros(0))
      : handler_(std::move(handler)), latency_(latency) {}

  [[nodiscard]] std::unique_ptr<Transport> connect(Loop& loop);
  void answer_waiting(const HttpResponse& response);

  [[nodiscard]] std::vector<HttpRequest> requests() const;
  [[nodiscard]] std::vector<std::string> targets() const;
  [[nodiscard]] std::size_t waiting() const;
  /// The threads that requests came from.
  [[nodiscard]] std::set<::pid_t> threads() const;

 private:
  friend class FakeTransport;
  struct Waiting;
  void receive(const HttpRequest& request, std::shared_ptr<Waiting> waiting);
  void note(const HttpRequest& request, std::shared_ptr<Waiting> waiting);
  void answer_later(const HttpRequest& request, std::shared_ptr<Waiting> waiting);

  Handler handler_;
  Micros latency_;
  mutable std::mutex mutex_;
  std::vector<HttpRequest> requests_;
  std::vector<std::shared_ptr<Waiting>> waiting_;
  std::set<::pid_t> threads_;
};

[[nodiscard]] HttpResponse json_answer(std::string body, int status = 200);
/// A page of the product: items with these ids, the cursor behind it and whether there is more.
[[nodiscard]] HttpResponse page_of(const std::vector<int>& ids, const std::string& next, bool more);
/// One item that maps.
[[nodiscard]] std::string item(int id);

}  // namespace earshot::core

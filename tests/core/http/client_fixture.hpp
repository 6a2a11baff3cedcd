#pragma once

#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <earshot/core/base/clock.hpp>
#include <earshot/core/http/client.hpp>
#include <earshot/core/http/server.hpp>
#include <earshot/core/runtime/loop.hpp>

namespace earshot::core {

/// A transport on a loop of its own, asked from the test's thread.
class TransportRig {
 public:
  using Make = std::function<std::unique_ptr<Transport>(Loop&)>;

  TransportRig(Clock& clock, const Make& make) : loop_(clock, "test"), transport_(make(loop_)) {}
  ~TransportRig() {
    on_loop([this] {
      exchanges_.clear();
      transport_.reset();
    });
  }
  TransportRig(const TransportRig&) = delete;
  TransportRig& operator=(const TransportRig&) = delete;

  /// Runs `task` on the loop and waits for it.
  void on_loop(std::function<void()> task) {
    std::promise<void> done;
    loop_.post([&] {
      task();
      done.set_value();
    });
    done.get_future().wait();
  }

  /// Sends on the loop; the future has the result.
  std::future<TransportResult> start(HttpRequest request) {
    auto promise = std::make_shared<std::promise<TransportResult>>();
    auto future = promise->get_future();
    on_loop([&] {
      exchanges_.push_back(transport_->send(std::move(request), [promise](TransportResult result) {
        promise->set_value(std::move(result));
      }));
    });
    return future;
  }
  TransportResult fetch(HttpRequest request) { return start(std::move(request)).get(); }

  /// Destroys the exchange that was started as number `index`.
  void cancel(std::size_t index) {
    on_loop([this, index] { exchanges_[index].reset(); });
  }

  [[nodiscard]] Transport& transport() noexcept { return *transport_; }
  [[nodiscard]] Loop& loop() noexcept { return loop_; }

 private:
  Loop loop_;
  std::unique_ptr<Transport> transport_;
  std::vector<std::unique_ptr<Transport::Exchange>> exchanges_;
};

/// An HttpClient on the machine's clock.
class ClientRig : public TransportRig {
 public:
  explicit ClientRig(HttpClientOptions options = {}) : ClientRig(system_, std::move(options)) {}
  ClientRig(Clock& clock, HttpClientOptions options)
      : TransportRig(clock, [&options](Loop& loop) {
          return std::make_unique<HttpClient>(loop, std::move(options));
        }) {}

 private:
  inline static SystemClock system_;
};

inline HttpRequest get(std::uint16_t port, std::string target = "/",
                       const std::string& host = "127.0.0.1") {
  HttpRequest request;
  request.origin = {.scheme = "http", .host = host, .port = port};
  request.target = std::move(target);
  return request;
}

inline std::unique_ptr<HttpServer> serve(HttpServer::Handler handler,
                                         HttpServerOptions options = {}) {
  auto server = HttpServer::start(std::move(options), std::move(handler));
  EXPECT_TRUE(server) << server.error().message;
  return std::move(server).value();
}

/// The response, which has to be there.
inline HttpResponse answer(TransportResult result) {
  EXPECT_TRUE(result.response.has_value())
      << (result.error ? result.error->error.message : "neither response nor error");
  return result.response ? std::move(*result.response) : HttpResponse{};
}

/// The error, which has to be there.
inline TransportError failure(TransportResult result) {
  EXPECT_TRUE(result.error.has_value()) << "there is a response";
  EXPECT_FALSE(result.response.has_value());
  return result.error ? std::move(*result.error) : TransportError{};
}

}  // namespace earshot::core

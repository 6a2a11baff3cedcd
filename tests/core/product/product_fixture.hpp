#pragma once

#include <chrono>
#include <deque>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>
#include <unistd.h>

#include <earshot/core/base/clock.hpp>
#include <earshot/core/base/file.hpp>
#include <earshot/core/product/product_client.hpp>

namespace earshot::core {

inline const Time kNoon{std::chrono::sys_days{std::chrono::year{2026} / 3 / 2} +
                        std::chrono::hours(12)};

inline TransportResult reply(int status, std::string body = "{}", HttpHeaders headers = {}) {
  if (!headers.has("content-type")) headers.add("Content-Type", "application/json");
  return {.response = HttpResponse{status, std::move(headers), std::move(body)}, .error = {}};
}

inline TransportResult broken(SentState sent, std::string message = "connection lost") {
  return {.response = {},
          .error = TransportError{{.code = Code::network, .message = std::move(message)}, sent}};
}

/// Answers what the test scripts, in virtual time.
class FakeTransport final : public Transport {
 public:
  struct Sent {
    HttpRequest request;
    Tick at;
  };
  using Handler = std::function<TransportResult(const HttpRequest&)>;

  explicit FakeTransport(Loop& loop) : loop_(loop) {}

  std::unique_ptr<Exchange> send(HttpRequest request, Done done) override {
    sent.push_back({request, loop_.clock().tick()});
    auto exchange = std::make_unique<Pending>(loop_);
    exchange->timer =
        loop_.after(latency, [result = handler(request), done = std::move(done)]() mutable {
          auto finished = std::move(done);
          finished(std::move(result));
        });
    return exchange;
  }

  Handler handler = [](const HttpRequest&) { return reply(200); };
  Micros latency{0};
  std::vector<Sent> sent;

 private:
  struct Pending final : Exchange {
    explicit Pending(Loop& on) : loop(on) {}
    ~Pending() override { loop.cancel(timer); }
    Loop& loop;
    TimerId timer = 0;
  };

  Loop& loop_;
};

/// One client of one account, on a loop in virtual time. Tests fill `manifest` and `account` before
/// the first request.
class ProductTest : public testing::Test {
 protected:
  using Answer = Result<ProductAnswer>;

  ProductTest() {
    manifest.name = "acme";
    manifest.endpoints["api"] = {
        .url = "https://{subdomain}.example.com", .suffixes = {}, .aliases = {}};
    account.integration = "acme-eu";
    account.manifest = &manifest;
    account.config = {{"subdomain", "shop"}};
    account.retry.base = std::chrono::milliseconds(100);
  }

  ~ProductTest() override {
    on_loop([this] {
      operations_.clear();
      client_.reset();
    });
    log_.reset();
    std::filesystem::remove(log_file_);
  }

  void on_loop(std::function<void()> task) {
    std::promise<void> done;
    loop.post([&] {
      task();
      done.set_value();
    });
    done.get_future().wait();
  }

  /// Lets the loop do all there is to do at this instant.
  void settle() {
    for (int i = 0; i < 6; ++i) on_loop([] {});
  }

  ProductClient& client() {
    if (!client_) {
      limiter = std::make_unique<RateLimiter>(manifest.limits, Micros(0));
      on_loop([this] {
        client_ = std::make_unique<ProductClient>(loop, transport, *limiter, *log_, account, 1,
                                                  parsers.get());
      });
    }
    return *client_;
  }

  /// Sends and returns where the answer will be.
  std::shared_ptr<std::optional<Answer>> start(ProductRequest request) {
    auto answer = std::make_shared<std::optional<Answer>>();
    ProductClient& sender = client();
    on_loop([&] {
      operations_.push_back(sender.send(
          std::move(request), [answer](Answer result) { answer->emplace(std::move(result)); }));
    });
    settle();
    return answer;
  }

  void advance(Micros by, Micros step = std::chrono::milliseconds(50)) {
    for (; by > Micros(0); by -= step) {
      clock.advance(std::min(by, step));
      settle();
    }
  }

  /// Sends and lets time pass until there is an answer.
  Answer run(ProductRequest request) {
    const auto answer = start(std::move(request));
    for (int i = 0; i < 6000 && !*answer; ++i) advance(std::chrono::milliseconds(50));
    if (!*answer) return Error{.code = Code::internal, .message = "no answer in five minutes"};
    return **answer;
  }
  Answer get(std::string path = "/tickets") { return run({.path = std::move(path)}); }

  void cancel(std::size_t started) {
    on_loop([this, started] { operations_.at(started).reset(); });
  }
  void cancel_all() {
    on_loop([this] { operations_.clear(); });
  }

  void answers(std::vector<TransportResult> results) {
    auto left = std::make_shared<std::deque<TransportResult>>(results.begin(), results.end());
    transport.handler = [left](const HttpRequest&) {
      if (left->empty()) return reply(599, "the script is over");
      TransportResult next = left->front();
      left->pop_front();
      return next;
    };
  }

  std::string logged() {
    on_loop([this] {
      operations_.clear();
      client_.reset();
    });
    log_.reset();
    const auto text = read_file(log_file_, 1U << 20);
    return text ? *text : "";
  }

  [[nodiscard]] std::string sent_header(std::size_t index, std::string_view name) const {
    return std::string(transport.sent.at(index).request.headers.get(name));
  }

  VirtualClock clock{kNoon};
  Loop loop{clock, "product-test"};
  FakeTransport transport{loop};
  Manifest manifest;
  ProductAccount account;
  std::unique_ptr<RateLimiter> limiter;
  std::unique_ptr<ThreadPool> parsers;  ///< Null: bodies are parsed on the loop.

 private:
  static std::filesystem::path unique_log() {
    return std::filesystem::temp_directory_path() /
           ("earshot_product_" + std::to_string(::getpid()) + ".log");
  }

  const std::filesystem::path log_file_ = unique_log();
  std::unique_ptr<Log> log_ =
      std::make_unique<Log>(LogOptions{.level = LogLevel::debug, .json = false, .file = log_file_});
  std::unique_ptr<ProductClient> client_;
  std::vector<std::unique_ptr<ProductClient::Operation>> operations_;
};

}  // namespace earshot::core

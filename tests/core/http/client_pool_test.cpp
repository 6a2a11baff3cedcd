#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <earshot/core/http/client.hpp>

#include "client_fixture.hpp"
#include "raw_server.hpp"

namespace earshot::core {
namespace {

using testing::ElementsAre;

/// A server that holds every request until it is told to go on, and notes what came.
class HoldingServer {
 public:
  HoldingServer() : server_([this](RawConnection& connection, int) { hold(connection); }) {}
  ~HoldingServer() { release(1'000'000); }

  [[nodiscard]] std::uint16_t port() const noexcept { return server_.port(); }
  [[nodiscard]] int connections() const noexcept { return server_.connections(); }

  /// Waits until `count` requests have come in all.
  std::vector<std::string> wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return targets_.size() >= count; });
    return targets_;
  }
  /// The most requests that it held at one time.
  [[nodiscard]] int most_at_once() {
    const std::lock_guard lock(mutex_);
    return most_at_once_;
  }
  /// Lets `count` more be answered.
  void release(int count) {
    const std::lock_guard lock(mutex_);
    allowed_ += count;
    changed_.notify_all();
  }

 private:
  void hold(RawConnection& connection) {
    for (std::string head = connection.read_head(); !head.empty(); head = connection.read_head()) {
      std::unique_lock lock(mutex_);
      targets_.push_back(head.substr(4, head.find(' ', 4) - 4));
      most_at_once_ = std::max(most_at_once_, ++held_);
      changed_.notify_all();
      changed_.wait(lock, [this] { return allowed_ > 0; });
      --held_;
      --allowed_;
      lock.unlock();
      connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> targets_;
  int allowed_ = 0;
  int held_ = 0;
  int most_at_once_ = 0;
  RawServer server_;
};

/// Two clients of one loop that share connections; they send in turns.
class TwoClients final : public Transport {
 public:
  TwoClients(Loop& loop, std::size_t most) {
    HttpClientOptions options;
    options.share = share_connections(most);
    first_ = std::make_unique<HttpClient>(loop, options);
    second_ = std::make_unique<HttpClient>(loop, options);
  }
  std::unique_ptr<Exchange> send(HttpRequest request, Done done) override {
    std::swap(first_, second_);
    return first_->send(std::move(request), std::move(done));
  }

 private:
  std::unique_ptr<HttpClient> first_;
  std::unique_ptr<HttpClient> second_;
};

TEST(HttpClientPool, BoundsClientsThatShareTogether) {
  HoldingServer server;
  SystemClock clock;
  TransportRig clients(clock, [](Loop& loop) { return std::make_unique<TwoClients>(loop, 2); });
  std::vector<std::future<TransportResult>> results;
  for (int i = 0; i < 8; ++i) results.push_back(clients.start(get(server.port())));
  server.wait_for(2);
  server.release(8);
  for (auto& result : results) EXPECT_EQ(answer(result.get()).body, "ok");
  EXPECT_EQ(server.most_at_once(), 2);
}

TEST(HttpClientPool, GivesIdleConnectionsUpForClientsThatShare) {
  HoldingServer server;
  server.release(4);
  SystemClock clock;
  TransportRig clients(clock, [](Loop& loop) { return std::make_unique<TwoClients>(loop, 1); });
  for (int i = 0; i < 4; ++i) EXPECT_EQ(answer(clients.fetch(get(server.port()))).body, "ok");
  EXPECT_EQ(server.connections(), 4);
}

TEST(HttpClientPool, BoundsConnectionsPerHostAndServesInOrder) {
  HoldingServer server;
  ClientRig client({.max_connections_per_host = 1});
  std::vector<std::future<TransportResult>> results;
  for (int i = 0; i < 4; ++i) {
    results.push_back(client.start(get(server.port(), "/" + std::to_string(i))));
  }
  server.release(4);
  for (auto& result : results) EXPECT_EQ(answer(result.get()).body, "ok");
  EXPECT_THAT(server.wait_for(4), ElementsAre("/0", "/1", "/2", "/3"));
  EXPECT_EQ(server.connections(), 1);
}

TEST(HttpClientPool, UsesAsManyConnectionsAsAllowed) {
  HoldingServer server;
  ClientRig client({.max_connections_per_host = 3});
  std::vector<std::future<TransportResult>> results;
  for (int i = 0; i < 9; ++i) results.push_back(client.start(get(server.port())));
  EXPECT_EQ(server.wait_for(3).size(), 3U);
  server.release(9);
  for (auto& result : results) EXPECT_EQ(answer(result.get()).body, "ok");
  EXPECT_EQ(server.connections(), 3);
}

TEST(HttpClientPool, GivesIdleConnectionsUpForOtherHosts) {
  HoldingServer first;
  HoldingServer second;
  first.release(2);
  second.release(2);
  ClientRig client({.max_connections = 1});
  EXPECT_EQ(answer(client.fetch(get(first.port()))).body, "ok");
  EXPECT_EQ(answer(client.fetch(get(second.port()))).body, "ok");
  EXPECT_EQ(answer(client.fetch(get(first.port()))).body, "ok");
  EXPECT_EQ(first.connections(), 2);
}

TEST(HttpClientPool, ServesHostsInTheOrderOfAsking) {
  HoldingServer first;
  HoldingServer second;
  ClientRig client({.max_connections = 1});
  auto a = client.start(get(first.port(), "/a"));
  auto b = client.start(get(second.port(), "/b"));
  auto c = client.start(get(first.port(), "/c"));
  first.release(1);
  EXPECT_EQ(answer(a.get()).body, "ok");
  EXPECT_THAT(second.wait_for(1), ElementsAre("/b"));
  EXPECT_THAT(first.wait_for(1), ElementsAre("/a"));
  second.release(1);
  first.release(1);
  EXPECT_EQ(answer(b.get()).body, "ok");
  EXPECT_EQ(answer(c.get()).body, "ok");
}

TEST(HttpClientPool, NeverCallsBackAfterCancelling) {
  HoldingServer server;
  ClientRig client({.max_connections_per_host = 1});
  auto running = client.start(get(server.port(), "/running"));
  auto waiting = client.start(get(server.port(), "/waiting"));
  auto last = client.start(get(server.port(), "/last"));
  server.wait_for(1);
  client.cancel(1);
  client.cancel(0);
  server.release(2);
  EXPECT_EQ(answer(last.get()).body, "ok");
  EXPECT_THROW(running.get(), std::future_error);
  EXPECT_THROW(waiting.get(), std::future_error);
  EXPECT_EQ(server.connections(), 2);
}

TEST(HttpClientPool, EndsWhatIsUnderWayWhenItGoes) {
  HoldingServer server;
  std::future<TransportResult> result;
  {
    ClientRig client;
    result = client.start(get(server.port()));
    server.wait_for(1);
  }
  EXPECT_THROW(result.get(), std::future_error);
}

TEST(HttpClientPool, MayGoBeforeItsExchanges) {
  HoldingServer server;
  SystemClock clock;
  Loop loop(clock, "test");
  auto client = std::make_unique<HttpClient>(loop, HttpClientOptions{});
  std::unique_ptr<Transport::Exchange> exchange;
  bool called = false;
  std::promise<void> sent;
  loop.post([&] {
    exchange = client->send(get(server.port()), [&](TransportResult) { called = true; });
    sent.set_value();
  });
  sent.get_future().wait();
  server.wait_for(1);
  client.reset();
  std::promise<void> gone;
  loop.post([&] {
    exchange.reset();
    gone.set_value();
  });
  gone.get_future().wait();
  EXPECT_FALSE(called);
}

/// Sends bodies that are larger than what the kernel takes in on its own, and notes how many of
/// them have their middle on the way at the same time.
class LargeBodies {
 public:
  static constexpr std::size_t kSize = 32'000'000;

  void serve(RawConnection& connection) {
    if (connection.read_head().empty()) return;
    connection.write("HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(kSize) + "\r\n\r\n");
    connection.write(std::string(14'000'000, 'x'));
    note(1);
    connection.write(std::string(4'000'000, 'x'));
    note(-1);
    connection.write(std::string(14'000'000, 'x'));
    connection.read_all();
  }
  [[nodiscard]] int most() const noexcept { return most_; }

 private:
  void note(int by) {
    const std::lock_guard lock(mutex_);
    most_ = std::max(most_, now_ += by);
  }

  std::mutex mutex_;
  int now_ = 0;
  int most_ = 0;
};

TEST(HttpClientPool, ReadsOnlySoManyBodiesAtOnce) {
  LargeBodies bodies;
  {
    RawServer server([&bodies](RawConnection& connection, int) { bodies.serve(connection); });
    ClientRig client({.max_bodies_in_flight = 2});
    std::vector<std::future<TransportResult>> results;
    for (int i = 0; i < 4; ++i) results.push_back(client.start(get(server.port())));
    for (auto& result : results) EXPECT_EQ(answer(result.get()).body.size(), LargeBodies::kSize);
  }
  EXPECT_GE(bodies.most(), 1);
  EXPECT_LE(bodies.most(), 2);
}

TEST(HttpClientPool, PassesTheTurnOnWhenABodyIsCancelled) {
  RawServer server([](RawConnection& connection, int index) {
    if (connection.read_head().empty()) return;
    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab");
    if (index == 1) connection.write("cd");
    connection.read_all();
  });
  ClientRig client({.max_bodies_in_flight = 1});
  auto stuck = client.start(get(server.port(), "/stuck"));
  while (server.connections() < 1) std::this_thread::yield();
  auto next = client.start(get(server.port(), "/next"));
  while (server.connections() < 2) std::this_thread::yield();
  client.cancel(0);
  EXPECT_EQ(answer(next.get()).body, "abcd");
  EXPECT_THROW(stuck.get(), std::future_error);
}

}  // namespace
}  // namespace earshot::core

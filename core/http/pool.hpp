#pragma once

#include <deque>
#include <map>
#include <memory>
#include <unordered_set>
#include <vector>

#include "connection.hpp"
#include "connection_share.hpp"
#include "exchange.hpp"

namespace earshot::core {

/// Lends connections to exchanges, in the order in which they ask, within the bounds on connections
/// and on bodies that are read at once. [one thread at a time]
class ConnectionPool final : public ConnectionShare::Member {
 public:
  ConnectionPool(Loop& loop, HttpClientOptions options);
  ~ConnectionPool() override;
  ConnectionPool(const ConnectionPool&) = delete;
  ConnectionPool& operator=(const ConnectionPool&) = delete;

  void enter(HttpExchange& exchange) { exchanges_.insert(&exchange); }
  void leave(HttpExchange& exchange);
  /// Runs the exchange on a connection, now or when its turn comes.
  void lend(HttpExchange& exchange);
  /// A fresh connection in the place of one that turned out to be dead.
  void replace(HttpExchange& exchange, Connection& dead);
  void give_back(std::shared_ptr<Connection> connection, bool keep);

  /// True if a body may be read now; else read_body() is called later.
  [[nodiscard]] bool begin_body(HttpExchange& exchange);
  void end_body();

  [[nodiscard]] Tick oldest_idle() const override;
  void close_oldest_idle() override;
  bool start_waiting() override;

  [[nodiscard]] Loop& loop() const noexcept { return shared_.loop; }
  [[nodiscard]] ClientShared& shared() noexcept { return shared_; }

 private:
  struct Host {
    std::vector<std::shared_ptr<Connection>> idle;
    std::size_t open = 0;  ///< Idle or lent.
  };

  [[nodiscard]] bool can_start(const HttpExchange& exchange) const;
  void start(HttpExchange& exchange);
  [[nodiscard]] std::shared_ptr<Connection> take_idle(Host& host);
  void close_idle_since(Tick before);
  void drop(Host& host, Connection& connection);
  void tidy();

  ClientShared shared_;
  const std::shared_ptr<ConnectionShare> share_;  ///< With the other pools of the loop.
  std::unordered_set<HttpExchange*> exchanges_;   ///< All that are not over.
  std::deque<HttpExchange*> waiting_;
  std::deque<HttpExchange*> waiting_bodies_;
  std::map<Route, Host> hosts_;
  std::size_t bodies_ = 0;
  TimerId tidying_ = 0;
};

}  // namespace earshot::core

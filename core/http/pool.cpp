#include "pool.hpp"

#include <algorithm>
#include <utility>

namespace earshot::core {
namespace {

constexpr Micros kIdleFor = std::chrono::seconds(60);
constexpr std::size_t kIdleBuffer = 16 * 1024;

}  // namespace

ConnectionPool::ConnectionPool(Loop& loop, HttpClientOptions options)
    : shared_{.loop = loop, .options = std::move(options)} {}

ConnectionPool::~ConnectionPool() {
  shared_.loop.cancel(tidying_);
  waiting_.clear();
  waiting_bodies_.clear();
  for (HttpExchange* exchange : std::exchange(exchanges_, {})) exchange->abandon();
  for (auto& [route, host] : hosts_) {
    for (const auto& connection : host.idle) connection->close();
  }
}

void ConnectionPool::leave(HttpExchange& exchange) {
  exchanges_.erase(&exchange);
  std::erase(waiting_, &exchange);
  std::erase(waiting_bodies_, &exchange);
}

void ConnectionPool::lend(HttpExchange& exchange) {
  can_start(exchange) ? start(exchange) : waiting_.push_back(&exchange);
}

bool ConnectionPool::can_start(const HttpExchange& exchange) const {
  const bool room = open_ < shared_.options.max_connections || idle_ > 0;
  const auto host = hosts_.find(exchange.route());
  if (host == hosts_.end()) return room;
  return !host->second.idle.empty() ||
         (room && host->second.open < shared_.options.max_connections_per_host);
}

void ConnectionPool::start(HttpExchange& exchange) {
  const Route route = exchange.route();
  Host& host = hosts_[route];
  if (auto idle = take_idle(host)) return exchange.run(std::move(idle), true);
  ++host.open;
  if (open_ >= shared_.options.max_connections) close_oldest_idle();
  ++open_;
  exchange.run(std::make_shared<Connection>(shared_, route), false);
}

std::shared_ptr<Connection> ConnectionPool::take_idle(Host& host) {
  while (!host.idle.empty()) {
    auto connection = std::move(host.idle.back());
    host.idle.pop_back();
    --idle_;
    if (!connection->stale()) return connection;
    drop(host, *connection);
  }
  return nullptr;
}

void ConnectionPool::drop(Host& host, Connection& connection) {
  connection.close();
  --host.open;
  --open_;
}

void ConnectionPool::replace(HttpExchange& exchange, Connection& dead) {
  dead.close();
  exchange.run(std::make_shared<Connection>(shared_, exchange.route()), false);
}

void ConnectionPool::give_back(std::shared_ptr<Connection> connection, bool keep) {
  const auto found = hosts_.find(connection->route());
  Host& host = found->second;
  if (keep) {
    if (connection->buffer().capacity() > kIdleBuffer) connection->buffer().shrink_to_fit();
    connection->idle_since = shared_.loop.clock().tick();
    host.idle.push_back(std::move(connection));
    ++idle_;
    if (tidying_ == 0) tidying_ = shared_.loop.after(kIdleFor, [this] { tidy(); });
  } else {
    drop(host, *connection);
    if (host.open == 0) hosts_.erase(found);
  }
  start_waiting();
}

/// One connection has come free, so at most one of those that wait can go on.
void ConnectionPool::start_waiting() {
  const auto next = std::find_if(waiting_.begin(), waiting_.end(),
                                 [this](HttpExchange* exchange) { return can_start(*exchange); });
  if (next == waiting_.end()) return;
  HttpExchange& exchange = **next;
  waiting_.erase(next);
  start(exchange);
}

void ConnectionPool::close_oldest_idle() {
  Tick oldest{Micros::max()};
  for (const auto& [route, host] : hosts_) {
    if (!host.idle.empty()) oldest = std::min(oldest, host.idle.front()->idle_since);
  }
  close_idle_since(oldest);
}

/// Closes what has been idle since `before` or longer.
void ConnectionPool::close_idle_since(Tick before) {
  for (auto at = hosts_.begin(); at != hosts_.end();) {
    Host& host = at->second;
    const auto young = std::find_if(host.idle.begin(), host.idle.end(), [before](const auto& idle) {
      return idle->idle_since > before;
    });
    for (auto old = host.idle.begin(); old != young; ++old) drop(host, **old);
    idle_ -= static_cast<std::size_t>(young - host.idle.begin());
    host.idle.erase(host.idle.begin(), young);
    at = host.open == 0 ? hosts_.erase(at) : std::next(at);
  }
}

void ConnectionPool::tidy() {
  tidying_ = 0;
  const Tick now = shared_.loop.clock().tick();
  close_idle_since(now + -kIdleFor);
  if (idle_ > 0) tidying_ = shared_.loop.after(kIdleFor, [this] { tidy(); });
}

bool ConnectionPool::begin_body(HttpExchange& exchange) {
  if (bodies_ < shared_.options.max_bodies_in_flight) {
    ++bodies_;
    return true;
  }
  waiting_bodies_.push_back(&exchange);
  return false;
}

void ConnectionPool::end_body() {
  if (waiting_bodies_.empty()) {
    --bodies_;
    return;
  }
  HttpExchange* next = waiting_bodies_.front();
  waiting_bodies_.pop_front();
  next->read_body();
}

}  // namespace earshot::core

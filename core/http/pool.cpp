#include "pool.hpp"

#include <algorithm>
#include <utility>

namespace earshot::core {
namespace {

constexpr Micros kIdleFor = std::chrono::seconds(60);
constexpr std::size_t kIdleBuffer = 16 * 1024;

}  // namespace

ConnectionPool::ConnectionPool(Loop& loop, HttpClientOptions options)
    : shared_{.loop = loop, .options = std::move(options)},
      share_(shared_.options.share ? shared_.options.share
                                   : share_connections(shared_.options.max_connections)) {
  share_->enter(*this);
}

ConnectionPool::~ConnectionPool() {
  shared_.loop.cancel(tidying_);
  waiting_.clear();
  waiting_bodies_.clear();
  for (HttpExchange* exchange : std::exchange(exchanges_, {})) exchange->abandon();
  for (auto& [route, host] : hosts_) {
    for (const auto& connection : host.idle) connection->close();
  }
  share_->leave(*this);
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
  const bool room =
      (open_count < shared_.options.max_connections || idle_count > 0) && share_->has_room();
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
  if (open_count >= shared_.options.max_connections) close_oldest_idle();
  share_->make_room();
  ++open_count;
  exchange.run(std::make_shared<Connection>(shared_, route), false);
}

std::shared_ptr<Connection> ConnectionPool::take_idle(Host& host) {
  while (!host.idle.empty()) {
    auto connection = std::move(host.idle.back());
    host.idle.pop_back();
    --idle_count;
    if (!connection->stale()) return connection;
    drop(host, *connection);
  }
  return nullptr;
}

void ConnectionPool::drop(Host& host, Connection& connection) {
  connection.close();
  --host.open;
  --open_count;
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
    ++idle_count;
    if (tidying_ == 0) tidying_ = shared_.loop.after(kIdleFor, [this] { tidy(); });
  } else {
    drop(host, *connection);
    if (host.open == 0) hosts_.erase(found);
  }
  share_->start_waiting();
}

bool ConnectionPool::start_waiting() {
  const auto next = std::find_if(waiting_.begin(), waiting_.end(),
                                 [this](HttpExchange* exchange) { return can_start(*exchange); });
  if (next == waiting_.end()) return false;
  HttpExchange& exchange = **next;
  waiting_.erase(next);
  start(exchange);
  return true;
}

Tick ConnectionPool::oldest_idle() const {
  Tick oldest{Micros::max()};
  for (const auto& [route, host] : hosts_) {
    if (!host.idle.empty()) oldest = std::min(oldest, host.idle.front()->idle_since);
  }
  return oldest;
}

void ConnectionPool::close_oldest_idle() {
  close_idle_since(oldest_idle());
}

/// Closes what has been idle since `before` or longer.
void ConnectionPool::close_idle_since(Tick before) {
  for (auto at = hosts_.begin(); at != hosts_.end();) {
    Host& host = at->second;
    const auto young = std::find_if(host.idle.begin(), host.idle.end(), [before](const auto& idle) {
      return idle->idle_since > before;
    });
    for (auto old = host.idle.begin(); old != young; ++old) drop(host, **old);
    idle_count -= static_cast<std::size_t>(young - host.idle.begin());
    host.idle.erase(host.idle.begin(), young);
    at = host.open == 0 ? hosts_.erase(at) : std::next(at);
  }
}

void ConnectionPool::tidy() {
  tidying_ = 0;
  const Tick now = shared_.loop.clock().tick();
  close_idle_since(now + -kIdleFor);
  if (idle_count > 0) tidying_ = shared_.loop.after(kIdleFor, [this] { tidy(); });
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

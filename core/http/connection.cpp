#include "connection.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>
#include <fmt/format.h>
#include <sys/socket.h>

#include "address.hpp"
#include "resolver.hpp"

namespace earshot::core {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

std::string endpoint_text(const asio::ip::tcp::endpoint& endpoint) {
  const Origin origin{
      .scheme = {}, .host = endpoint.address().to_string(), .port = endpoint.port()};
  return origin.authority();
}

std::string host_and_port(const std::string& host, std::uint16_t port) {
  return Origin{.scheme = {}, .host = host, .port = port}.authority();
}

}  // namespace

Connection::Connection(ClientShared& shared, Route route)
    : shared_(shared),
      route_(std::move(route)),
      stream_(Stream::Socket(shared.loop.io())),
      buffer_(kMaxHead + kBodyPiece) {}

void Connection::open(Micros timeout, Opened opened) {
  opened_ = std::move(opened);
  deadline_ = shared_.loop.clock().tick() + timeout;
  wait(timeout);
  shared_.loop.post([self = shared_from_this()] {
    if (!self->closed_) self->begin();
  });
}

void Connection::close() {
  if (std::exchange(closed_, true)) return;
  shared_.loop.cancel(timer_);
  opened_ = {};
  stream_.close();
}

bool Connection::stale() {
  char byte = 0;
  const auto got = ::recv(stream_.socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
  return got >= 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
}

void Connection::begin() {
  auto proxy = choose_proxy(shared_.options, route_.origin);
  if (!proxy) return fail(std::move(proxy).error());
  proxy_ = std::move(*proxy);
  const Origin& origin = route_.origin;
  if (!proxy_) return resolve(origin.host, origin.port, &Connection::found);
  tunnel_end_ = host_and_port(origin.host, origin.port);
  if (!route_.public_only) return resolve(proxy_->host, proxy_->port, &Connection::found);
  if (forwarder() != nullptr) {
    return fail(
        fmt::format("{} may be reached at a public address only, which cannot be checked "
                    "through a proxy; add it to no_proxy",
                    origin.host));
  }
  resolve(origin.host, origin.port, &Connection::found_tunnel_end);
}

void Connection::resolve(const std::string& host, std::uint16_t port, Next next) {
  stage_ = "dns";
  ErrorCode is_name;
  const auto address = asio::ip::make_address(host, is_name);
  if (!is_name) return (this->*next)({Tcp::endpoint(address, port)});
  std::shared_ptr<Resolver>& resolver = shared_.options.resolver;
  if (!resolver) resolver = share_resolver();
  resolver->find(shared_.loop, host,
                 [self = shared_from_this(), port, next](Resolver::Addresses addresses) {
                   if (self->closed_) return;
                   if (!addresses) return self->fail(std::move(addresses).error());
                   Endpoints endpoints;
                   for (const std::string& text : *addresses) {
                     ErrorCode unreadable;
                     const auto found_at = asio::ip::make_address(text, unreadable);
                     if (!unreadable) endpoints.emplace_back(found_at, port);
                   }
                   if (!endpoints.empty()) return ((*self).*next)(std::move(endpoints));
                   self->fail(fmt::format("{} has no address", self->route_.origin.host));
                 });
}

/// The tunnel leads to the address that was checked, so that the proxy cannot resolve another.
void Connection::found_tunnel_end(Endpoints endpoints) {
  const auto end = std::find_if(endpoints.begin(), endpoints.end(),
                                [](const auto& endpoint) { return is_public(endpoint.address()); });
  if (end == endpoints.end()) {
    return fail(fmt::format("{} is not at a public address, and only such may be reached here",
                            route_.origin.host));
  }
  tunnel_end_ = endpoint_text(*end);
  resolve(proxy_->host, proxy_->port, &Connection::found);
}

void Connection::found(Endpoints endpoints) {
  if (route_.public_only && !proxy_) {
    std::erase_if(endpoints, [](const auto& endpoint) { return !is_public(endpoint.address()); });
    if (endpoints.empty()) {
      return fail(fmt::format("{} is not at a public address, and only such may be reached here",
                              route_.origin.host));
    }
  }
  std::string addresses;
  for (const auto& endpoint : endpoints) {
    if (!addresses.empty()) addresses += ", ";
    addresses += endpoint.address().to_string();
  }
  passed("dns", std::move(addresses));
  endpoints_ = std::move(endpoints);
  connect_next();
}

/// Addresses are tried in turn; each but the last gets half of the time that is left.
void Connection::connect_next() {
  stage_ = "tcp";
  endpoint_ = endpoints_.front();
  endpoints_.pop_front();
  const Micros left = deadline_ - shared_.loop.clock().tick();
  wait(endpoints_.empty() ? left : left / 2);
  stream_.socket().async_connect(endpoint_, [self = shared_from_this()](const ErrorCode& problem) {
    if (self->closed_) return;
    if (!problem) return self->connected();
    self->stream_.close();
    if (!self->endpoints_.empty()) return self->connect_next();
    self->fail(
        fmt::format("cannot connect to {} at {}: {}; check that it is up and that no "
                    "firewall is in between",
                    self->peer(), endpoint_text(self->endpoint_), problem.message()));
  });
}

void Connection::connected() {
  wait(deadline_ - shared_.loop.clock().tick());
  ErrorCode ignored;
  stream_.socket().set_option(Tcp::no_delay(true), ignored);
  const bool secure = route_.origin.scheme == "https";
  if (proxy_ && secure) return open_tunnel(tunnel_end_);
  passed("tcp", endpoint_text(endpoint_));
  secure ? begin_tls() : succeed();
}

void Connection::open_tunnel(const std::string& authority) {
  outgoing_ = fmt::format("CONNECT {0} HTTP/1.1\r\nHost: {0}\r\n", authority);
  if (!proxy_->authorization.empty()) {
    outgoing_ += fmt::format("Proxy-Authorization: {}\r\n", proxy_->authorization);
  }
  outgoing_ += "\r\n";
  tunnel_.emplace(0);
  tunnel_->skip(true);
  asio::async_write(
      stream_, asio::buffer(outgoing_),
      [self = shared_from_this()](const ErrorCode& problem, std::size_t) {
        if (self->closed_) return;
        if (!problem) return self->read_tunnel();
        self->fail(fmt::format("{} closed the connection: {}", self->peer(), problem.message()));
      });
}

void Connection::read_tunnel() {
  stream_.async_read_some(buffer_.prepare(kHeadPiece),
                          [self = shared_from_this()](const ErrorCode& problem, std::size_t size) {
                            if (self->closed_) return;
                            self->buffer_.commit(size);
                            const ErrorCode parsed =
                                problem ? problem : self->tunnel_->feed(self->buffer_);
                            if (parsed == http::error::need_more) return self->read_tunnel();
                            if (!parsed) return self->begin_tunnel(self->tunnel_->status);
                            self->fail(fmt::format("{} does not speak HTTP: {}; correct http.proxy",
                                                   self->peer(), parsed.message()));
                          });
}

void Connection::begin_tunnel(int status) {
  if (status == 407) {
    return fail(
        fmt::format("{} asks for credentials; put them into http.proxy as "
                    "http://user:password@host:port",
                    peer()));
  }
  if (status / 100 != 2 || buffer_.size() != 0) {
    return fail(fmt::format("{} does not lead to {}: it answered {}", peer(),
                            route_.origin.authority(), status));
  }
  passed("tcp", fmt::format("{} through {}", tunnel_end_, peer()));
  begin_tls();
}

void Connection::begin_tls() {
  stage_ = "tls";
  if (!shared_.tls) shared_.tls.emplace(make_client_tls(shared_.options.ca_file));
  if (!*shared_.tls) return fail(shared_.tls->error());
  shake_hands(shared_.tls->value());
}

void Connection::shake_hands(asio::ssl::context& context) {
  Stream::Tls& tls = stream_.begin_tls(context);
  auto expected = expect_server(tls, route_.origin.host, certificate_);
  if (!expected) return fail(std::move(expected).error());
  tls.async_handshake(
      asio::ssl::stream_base::client, [self = shared_from_this()](const ErrorCode& problem) {
        if (self->closed_) return;
        if (problem) {
          return self->fail(handshake_error(self->route_.origin.host, problem, self->certificate_));
        }
        self->passed("tls", describe(*self->stream_.tls(), self->certificate_));
        self->succeed();
      });
}

void Connection::wait(Micros delay) {
  shared_.loop.cancel(timer_);
  timer_ = shared_.loop.after(delay, [self = weak_from_this()] {
    if (const auto connection = self.lock()) connection->waited();
  });
}

void Connection::waited() {
  if (shared_.loop.clock().tick() < deadline_) return stream_.close();  // the next address
  fail(
      fmt::format("{} was not reached in time (at: {}); check that it is up and that no firewall "
                  "is in between, or raise the connect time-out",
                  peer(), stage_));
}

void Connection::passed(std::string_view stage, std::string detail) const {
  if (shared_.on_stage) shared_.on_stage(stage, std::move(detail));
}

void Connection::succeed() {
  shared_.loop.cancel(timer_);
  tunnel_.reset();
  std::exchange(opened_, {})({});
}

void Connection::fail(Error error) {
  Opened opened = std::exchange(opened_, {});
  close();
  opened(std::move(error));
}

void Connection::fail(std::string message) {
  fail(Error{.code = Code::network, .message = std::move(message)});
}

std::string Connection::peer() const {
  if (proxy_) return fmt::format("the proxy {}", host_and_port(proxy_->host, proxy_->port));
  return route_.origin.authority();
}

}  // namespace earshot::core

#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include <earshot/core/base/callback.hpp>
#include <earshot/core/http/client.hpp>

#include "parser.hpp"
#include "proxy.hpp"
#include "stream.hpp"
#include "tls.hpp"

namespace earshot::core {

/// Where a connection leads; requests of one route may share it.
struct Route {
  Origin origin;
  bool public_only = false;
  friend auto operator<=>(const Route&, const Route&) = default;
};

/// What the connections of one client have in common; outlives them.
struct ClientShared {
  Loop& loop;
  HttpClientOptions options;
  std::optional<Result<boost::asio::ssl::context>> tls{};  ///< Made when first needed.
  /// Told "dns", "tcp" and "tls" as each is through, with particulars for people; may be empty.
  std::function<void(std::string_view, std::string)> on_stage{};
};

/// A connection to an origin, through a proxy where one is set: opened once, then lent to one
/// exchange after another. Shared by its borrower or the pool and by its pending operations, which
/// look at closed() before they touch anything else. [one thread at a time]
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using Opened = Callback<void(Result<void>)>;

  Connection(ClientShared& shared, Route route);

  /// Resolves, connects and shakes hands within `timeout`. `opened` is called later, not from in
  /// here, and not after close().
  void open(Micros timeout, Opened opened);
  void close();
  [[nodiscard]] bool closed() const noexcept { return closed_; }
  /// For idle connections: whether the other side has closed it or speaks unasked.
  [[nodiscard]] bool stale();

  [[nodiscard]] const Route& route() const noexcept { return route_; }
  [[nodiscard]] Stream& stream() noexcept { return stream_; }
  [[nodiscard]] ReadBuffer& buffer() noexcept { return buffer_; }
  /// Set if requests go to a proxy, which wants them with absolute targets.
  [[nodiscard]] const Proxy* forwarder() const noexcept {
    return proxy_ && route_.origin.scheme == "http" ? &*proxy_ : nullptr;
  }

  Tick idle_since{};  ///< For the pool.

 private:
  using Tcp = boost::asio::ip::tcp;
  using Endpoints = std::deque<Tcp::endpoint>;
  using Next = void (Connection::*)(Endpoints);

  void begin();
  void resolve(const std::string& host, std::uint16_t port, Next next);
  void found_tunnel_end(Endpoints endpoints);
  void found(Endpoints endpoints);
  void connect_next();
  void connected();
  void open_tunnel(const std::string& authority);
  void read_tunnel();
  void begin_tunnel(int status);
  void begin_tls();
  void shake_hands(boost::asio::ssl::context& context);

  void wait(Micros delay);
  void waited();
  void passed(std::string_view stage, std::string detail) const;
  void succeed();
  void fail(Error error);
  void fail(std::string message);
  [[nodiscard]] std::string peer() const;

  ClientShared& shared_;
  const Route route_;
  Stream stream_;
  ReadBuffer buffer_;
  bool closed_ = false;

  Opened opened_;
  std::optional<Proxy> proxy_;
  std::string tunnel_end_;  ///< "host:port" that the proxy is asked for.
  Endpoints endpoints_;     ///< Still to be tried.
  Tcp::endpoint endpoint_;
  std::string outgoing_;
  std::optional<ResponseParser> tunnel_;
  CertificateCheck certificate_;
  std::string_view stage_ = "dns";
  Tick deadline_{};
  TimerId timer_ = 0;
};

}  // namespace earshot::core

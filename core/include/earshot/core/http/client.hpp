#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include <earshot/core/base/version.hpp>
#include <earshot/core/http/transport.hpp>
#include <earshot/core/runtime/loop.hpp>

namespace earshot::core {

class ConnectionShare;

/// Allows so many connections to all clients that are given it. They are of one loop.
[[nodiscard]] std::shared_ptr<ConnectionShare> share_connections(std::size_t most);

class Resolver;

/// Looks names up for all clients that are given it, of whatever loops that outlive it.
[[nodiscard]] std::shared_ptr<Resolver> share_resolver();

struct HttpClientOptions {
  std::size_t max_connections = 100;
  std::size_t max_connections_per_host = 30;
  std::size_t max_bodies_in_flight =
      32;  ///< Sockets beyond are not read: the kernel holds the sender back.
  /// Bounds this client's connections together with those of others; empty: by itself.
  std::shared_ptr<ConnectionShare> share{};
  std::shared_ptr<Resolver> resolver{};  ///< Shared with other clients; empty: its own.
  std::filesystem::path ca_file{};  ///< Trusted besides the system's authorities; empty for none.
  /// Proxies by scheme, as HTTP_PROXY, HTTPS_PROXY and NO_PROXY say; see
  /// proxies_from_environment().
  std::string http_proxy{};
  std::string https_proxy{};
  std::string no_proxy{};
  std::string user_agent = "earshot/" + std::string(version());
};

/// Fills the proxy members from http_proxy, https_proxy, all_proxy and no_proxy (either case).
void proxies_from_environment(HttpClientOptions& options);

/// The Transport over sockets: HTTP/1.1 keep-alive pools per origin, TLS 1.2 or newer with
/// verification always on, gzip and deflate, bounds on headers (64 KiB, 200 fields), body and time.
/// Requests beyond the pool's size wait in order. An idle connection that the server closed is
/// replaced unseen if the request is a GET or HEAD, or nothing of it was sent. An end of the time
/// that HttpTimeouts gives is Code::network. [one thread at a time] of its loop.
class HttpClient final : public Transport {
 public:
  HttpClient(Loop& loop, HttpClientOptions options);
  /// Ends what is under way; those callbacks are never called. On another thread than the loop's it
  /// waits for the loop.
  ~HttpClient() override;
  [[nodiscard]] std::unique_ptr<Exchange> send(HttpRequest request, Done done) override;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

/// One stage of reaching a server: "dns", "tcp", "tls", "http".
struct ProbeStage {
  std::string name;
  bool ok = false;
  std::string detail;  ///< Addresses, protocol and certificate, or what went wrong and the remedy.
  Micros took{0};
};

/// Goes through the stages one by one with a GET of `url` and stops at the first that fails.
/// Blocking; for `earshot test`. Time-outs as HttpTimeouts.
[[nodiscard]] std::vector<ProbeStage> probe_connection(const Url& url,
                                                       const HttpClientOptions& options);

}  // namespace earshot::core

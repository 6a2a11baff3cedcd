#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <earshot/core/base/callback.hpp>
#include <earshot/core/base/result.hpp>
#include <earshot/core/http/message.hpp>

namespace earshot::core {

/// What a server answers. The members behind the body are how a test server misbehaves on purpose.
struct HttpReply {
  int status = 200;
  HttpHeaders headers{};
  std::string body{};
  Micros delay{0};  ///< Waits before the first byte.
  std::optional<std::size_t>
      cut_body_after{};  ///< Declares the whole body, sends this much, then closes.
  bool reset = false;    ///< Sends nothing and resets the connection.
};

/// What a server was asked.
struct HttpIncoming {
  std::string method;
  std::string target;  ///< path and query as sent
  HttpHeaders headers;
  std::string body;
};

struct HttpServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  ///< 0 chooses a free one.
  bool tls = false;
  std::string certificate_pem{};  ///< For TLS: certificate chain and key.
  std::string key_pem{};
  std::size_t max_request_body = 8U << 20;
  std::size_t max_connections = 2000;
};

/// A small HTTP/1.1 keep-alive server on one thread of its own. `handler` runs on that thread.
/// Larger request bodies than allowed are answered with 413, larger heads (64 KiB, 200 fields) with
/// 431; a connection that stands still for a minute is closed; connections beyond the bound wait to
/// be accepted. Adds Date, and Content-Length where the reply has none. [thread-safe]
class HttpServer {
 public:
  using Handler = std::function<HttpReply(const HttpIncoming&)>;

  /// Listens at once, so that `port()` can be told; fails where the address is taken.
  [[nodiscard]] static Result<std::unique_ptr<HttpServer>> start(HttpServerOptions options,
                                                                 Handler handler);
  /// Closes every connection and joins the thread.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept;

 private:
  class Impl;
  explicit HttpServer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

/// A self-signed certificate and its key, both PEM. For sandboxes and tests.
struct SelfSigned {
  std::string certificate_pem;
  std::string key_pem;
};
/// For `host`, a name or an address, and for 127.0.0.1; valid from two days ago until `lifetime`
/// from the machine's now. A lifetime below zero makes one that has expired.
[[nodiscard]] Result<SelfSigned> make_self_signed(const std::string& host,
                                                  Micros lifetime = std::chrono::hours(24 * 365));

}  // namespace earshot::core

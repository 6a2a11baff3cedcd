#include <thread>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>

#include <earshot/core/http/server.hpp>

#include "server_session.hpp"

namespace earshot::core {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

constexpr auto kAcceptAgainAfter = std::chrono::milliseconds(100);

Error cannot_listen(const HttpServerOptions& options, const ErrorCode& problem) {
  return {.code = Code::network,
          .message = fmt::format("cannot listen on {} port {}: {}; choose another address or port",
                                 options.address, options.port, problem.message())};
}

Result<asio::ssl::context> server_tls(const HttpServerOptions& options) {
  asio::ssl::context context(asio::ssl::context::tls_server);
  SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION);
  ErrorCode problem;
  context.use_certificate_chain(asio::buffer(options.certificate_pem), problem);
  if (!problem) {
    context.use_private_key(asio::buffer(options.key_pem), asio::ssl::context::pem, problem);
  }
  if (!problem) return context;
  return Error{.code = Code::config,
               .message = fmt::format("the server's certificate or key cannot be used: {}; both "
                                      "have to be PEM and belong together",
                                      problem.message())};
}

Result<tcp::acceptor> listen(asio::io_context& io, const HttpServerOptions& options) {
  ErrorCode problem;
  const auto address = asio::ip::make_address(options.address, problem);
  if (problem) return cannot_listen(options, problem);
  const tcp::endpoint endpoint(address, options.port);
  tcp::acceptor acceptor(io);
  acceptor.open(endpoint.protocol(), problem);
  if (!problem) acceptor.set_option(asio::socket_base::reuse_address(true), problem);
  if (!problem) acceptor.bind(endpoint, problem);
  if (!problem) acceptor.listen(asio::socket_base::max_listen_connections, problem);
  if (problem) return cannot_listen(options, problem);
  return acceptor;
}

}  // namespace

class HttpServer::Impl {
 public:
  explicit Impl(HttpServerOptions options, Handler handler)
      : shared_{.options = std::move(options),
                .handler = std::move(handler),
                .tls = std::nullopt,
                .session_ended = [this] { session_ended(); }} {}
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;
  ~Impl() {
    if (!thread_.joinable()) return;
    asio::post(io_, [this] { stop(); });
    thread_.join();
  }

  Result<void> start() {
    if (shared_.options.tls) {
      EAR_TRY(shared_.tls, server_tls(shared_.options));
    }
    EAR_TRY(acceptor_, listen(io_, shared_.options));
    port_ = acceptor_->local_endpoint().port();
    accept();
    thread_ = std::thread([this] { io_.run(); });
    return {};
  }

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

 private:
  void accept() {
    acceptor_->async_accept([this](const ErrorCode& problem, tcp::socket socket) {
      if (stopping_) return;
      if (problem) return accept_later();
      ++sessions_;
      std::make_shared<ServerSession>(std::move(socket), shared_)->start();
      full_ = sessions_ >= shared_.options.max_connections;
      if (!full_) accept();
    });
  }

  /// Out of descriptors, mostly: some will be free again.
  void accept_later() {
    again_.expires_after(kAcceptAgainAfter);
    again_.async_wait([this](const ErrorCode& problem) {
      if (!problem && !stopping_) accept();
    });
  }

  void session_ended() {
    --sessions_;
    if (stopping_ || !std::exchange(full_, false)) return;
    accept();
  }

  void stop() {
    stopping_ = true;
    io_.stop();
  }

  ServerShared shared_;
  std::size_t sessions_ = 0;
  bool full_ = false;
  bool stopping_ = false;
  std::uint16_t port_ = 0;
  asio::io_context io_{1};  ///< Sessions end with it, so it goes before what they use.
  asio::steady_timer again_{io_};
  std::optional<tcp::acceptor> acceptor_;
  std::thread thread_;
};

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpServer::~HttpServer() = default;

std::uint16_t HttpServer::port() const noexcept {
  return impl_->port();
}

Result<std::unique_ptr<HttpServer>> HttpServer::start(HttpServerOptions options, Handler handler) {
  auto impl = std::make_unique<Impl>(std::move(options), std::move(handler));
  EAR_CHECK(impl->start());
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

}  // namespace earshot::core

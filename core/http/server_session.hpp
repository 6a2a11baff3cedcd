#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <earshot/core/base/callback.hpp>
#include <earshot/core/http/server.hpp>

#include "parser.hpp"
#include "stream.hpp"

namespace earshot::core {

/// What the sessions of one server have in common; outlives them.
struct ServerShared {
  HttpServerOptions options;
  HttpServer::Handler handler;
  std::optional<boost::asio::ssl::context> tls;
  Callback<void()> session_ended;
};

/// One accepted connection: request after request until one side closes. Shared by its pending
/// operations alone, and gone with the last of them. [one thread at a time]
class ServerSession : public std::enable_shared_from_this<ServerSession> {
 public:
  ServerSession(Stream::Socket socket, ServerShared& server);
  ~ServerSession();
  ServerSession(const ServerSession&) = delete;
  ServerSession& operator=(const ServerSession&) = delete;

  void start();

 private:
  using Step = void (ServerSession::*)();
  using SteadyClock = std::chrono::steady_clock;

  void watch();
  void moved(SteadyClock::duration extra = {});
  void close();

  void next_request();
  void read_more(std::size_t piece, Step then);
  void parse_head();
  void begin_body();
  void read_body();
  void read_chunks();
  void handle();

  void refuse(int status);
  void refuse_head(const ErrorCode& problem);
  void send();
  void write();
  void written();
  void drain();

  Stream stream_;
  ServerShared& server_;
  boost::asio::steady_timer idle_;
  boost::asio::steady_timer delay_;
  SteadyClock::time_point deadline_{};
  ReadBuffer buffer_;
  std::optional<RequestParser> parser_;
  std::uint64_t body_size_ = 0;  ///< As declared.
  std::string head_;
  HttpReply reply_;
  bool close_after_ = false;
  std::size_t drained_ = 0;
};

}  // namespace earshot::core

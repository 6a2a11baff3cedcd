#include "server_session.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/status.hpp>
#include <fmt/format.h>

#include <earshot/core/base/text.hpp>

namespace earshot::core {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

constexpr auto kIdle = std::chrono::seconds(60);
constexpr auto kDrainFor = std::chrono::seconds(5);
constexpr std::size_t kDrainAtMost = 16U << 20;
constexpr std::size_t kWriteAtOnce = 1U << 20;

bool has_no_body(int status) noexcept {
  return status / 100 == 1 || status == 204 || status == 304;
}

bool is_safe(std::string_view text) noexcept {
  return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

std::string reply_head(const HttpReply& reply, bool close) {
  std::string head;
  head.reserve(512);
  const auto reason = http::obsolete_reason(static_cast<http::status>(reply.status));
  fmt::format_to(std::back_inserter(head), "HTTP/1.1 {} {}\r\n", reply.status,
                 std::string_view(reason.data(), reason.size()));
  for (const auto& [name, value] : reply.headers) {
    if (is_safe(name) && is_safe(value))
      head.append(name).append(": ").append(value).append("\r\n");
  }
  if (!reply.headers.has("Date")) {
    const auto now = std::chrono::system_clock::now();
    fmt::format_to(std::back_inserter(head), "Date: {}\r\n",
                   http_date(std::chrono::floor<Micros>(now)));
  }
  if (!has_no_body(reply.status) && !reply.headers.has("Content-Length")) {
    fmt::format_to(std::back_inserter(head), "Content-Length: {}\r\n", reply.body.size());
  }
  head.append(close ? "Connection: close\r\n\r\n" : "Connection: keep-alive\r\n\r\n");
  return head;
}

}  // namespace

ServerSession::ServerSession(Stream::Socket socket, ServerShared& server)
    : stream_(std::move(socket)),
      server_(server),
      idle_(stream_.get_executor()),
      delay_(stream_.get_executor()),
      buffer_(kMaxHead + kBodyPiece) {}

ServerSession::~ServerSession() {
  server_.session_ended();
}

void ServerSession::start() {
  ErrorCode ignored;
  stream_.socket().set_option(asio::ip::tcp::no_delay(true), ignored);
  moved();
  watch();
  if (!server_.tls) return next_request();
  stream_.begin_tls(*server_.tls)
      .async_handshake(asio::ssl::stream_base::server,
                       [self = shared_from_this()](const ErrorCode& problem) {
                         problem ? self->close() : self->next_request();
                       });
}

/// One timer for all: it fires at most once a period and looks whether anything has moved since.
void ServerSession::watch() {
  idle_.expires_at(deadline_);
  idle_.async_wait([weak = weak_from_this()](const ErrorCode& problem) {
    const auto self = weak.lock();
    if (problem || !self) return;
    SteadyClock::now() >= self->deadline_ ? self->close() : self->watch();
  });
}

void ServerSession::moved(SteadyClock::duration extra) {
  deadline_ = SteadyClock::now() + kIdle + extra;
}

void ServerSession::close() {
  idle_.cancel();
  delay_.cancel();
  stream_.close();
}

void ServerSession::next_request() {
  parser_.emplace(server_.options.max_request_body);
  parse_head();
}

void ServerSession::read_more(std::size_t piece, Step then) {
  stream_.async_read_some(buffer_.prepare(piece), [self = shared_from_this(), then](
                                                      const ErrorCode& problem, std::size_t size) {
    if (problem) return self->close();
    self->buffer_.commit(size);
    self->moved();
    ((*self).*then)();
  });
}

void ServerSession::parse_head() {
  const ErrorCode problem = parser_->feed(buffer_);
  if (problem == http::error::need_more) return read_more(kHeadPiece, &ServerSession::parse_head);
  if (problem) return refuse_head(problem);
  begin_body();
}

void ServerSession::refuse_head(const ErrorCode& problem) {
  if (problem == http::error::header_limit) return refuse(431);
  refuse(problem == http::error::body_limit ? 413 : 400);
}

void ServerSession::begin_body() {
  body_size_ = parser_->content_length().value_or(0);
  if (body_size_ > server_.options.max_request_body) return refuse(413);
  const bool chunked = parser_->chunked();
  if (!chunked && body_size_ == 0) return handle();
  if (!chunked) parser_->body.reserve(body_size_);
  const Step read = chunked ? &ServerSession::read_chunks : &ServerSession::read_body;
  parser_->eager(true);
  if (!iequals(parser_->headers.get("Expect"), "100-continue")) return (this->*read)();
  head_ = "HTTP/1.1 100 Continue\r\n\r\n";
  asio::async_write(stream_, asio::buffer(head_),
                    [self = shared_from_this(), read](const ErrorCode& problem, std::size_t) {
                      if (problem) return self->close();
                      ((*self).*read)();
                    });
}

void ServerSession::read_body() {
  std::string& body = parser_->body;
  const std::size_t here = std::min<std::size_t>(buffer_.size(), body_size_ - body.size());
  body.append(static_cast<const char*>(buffer_.data().data()), here);
  buffer_.consume(here);
  if (body.size() == body_size_) return handle();
  read_more(std::min<std::size_t>(kBodyPiece, body_size_ - body.size()), &ServerSession::read_body);
}

void ServerSession::read_chunks() {
  const ErrorCode problem = parser_->feed(buffer_);
  if (problem == http::error::need_more) return read_more(kBodyPiece, &ServerSession::read_chunks);
  if (problem) return refuse_head(problem);
  parser_->is_done() ? handle() : read_more(kBodyPiece, &ServerSession::read_chunks);
}

void ServerSession::handle() {
  close_after_ = !parser_->keep_alive();
  const HttpIncoming incoming{.method = std::move(parser_->method),
                              .target = std::move(parser_->target),
                              .headers = std::move(parser_->headers),
                              .body = std::move(parser_->body)};
  reply_ = server_.handler(incoming);
  if (reply_.reset) {
    ErrorCode ignored;
    stream_.socket().set_option(asio::socket_base::linger(true, 0), ignored);
    return close();
  }
  close_after_ = close_after_ || reply_.cut_body_after.has_value() ||
                 (reply_.headers.has("Content-Length") &&
                  parse_integer(reply_.headers.get("Content-Length")) !=
                      static_cast<std::int64_t>(reply_.body.size()));
  head_ = reply_head(reply_, close_after_);
  if (incoming.method == "HEAD" || has_no_body(reply_.status)) reply_.body.clear();
  if (reply_.cut_body_after) {
    reply_.body.resize(std::min(*reply_.cut_body_after, reply_.body.size()));
  }
  send();
}

void ServerSession::refuse(int status) {
  reply_ = HttpReply{.status = status, .headers = {}, .body = {}};
  close_after_ = true;
  head_ = reply_head(reply_, true);
  send();
}

void ServerSession::send() {
  if (reply_.delay <= Micros(0)) return write();
  moved(reply_.delay);
  delay_.expires_after(reply_.delay);
  delay_.async_wait([self = shared_from_this()](const ErrorCode& problem) {
    if (!problem) self->write();
  });
}

void ServerSession::write() {
  const std::array<asio::const_buffer, 2> pieces = {asio::buffer(head_), asio::buffer(reply_.body)};
  const auto much = [](const ErrorCode& problem, std::size_t) {
    return problem ? std::size_t{0} : kWriteAtOnce;
  };
  asio::async_write(stream_, pieces, much,
                    [self = shared_from_this()](const ErrorCode& problem, std::size_t) {
                      problem ? self->close() : self->written();
                    });
}

void ServerSession::written() {
  moved();
  reply_.body = {};
  if (!close_after_) return next_request();
  ErrorCode ignored;
  stream_.socket().shutdown(asio::socket_base::shutdown_send, ignored);
  deadline_ = SteadyClock::now() + kDrainFor;
  watch();
  drain();
}

/// Reads what the peer still sends: closing over unread bytes would reset the connection and lose
/// the answer on its way.
void ServerSession::drain() {
  buffer_.clear();
  stream_.socket().async_read_some(
      buffer_.prepare(kHeadPiece),
      [self = shared_from_this()](const ErrorCode& problem, std::size_t size) {
        self->drained_ += size;
        problem || self->drained_ > kDrainAtMost ? self->close() : self->drain();
      });
}

}  // namespace earshot::core

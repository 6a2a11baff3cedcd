#include "exchange.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/beast/http/error.hpp>
#include <fmt/format.h>

#include <earshot/core/base/text.hpp>
#include <earshot/core/base/time.hpp>
#include <earshot/core/http/compress.hpp>

#include "pool.hpp"
#include "request_head.hpp"

namespace earshot::core {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

constexpr int kMaxInterim = 8;

/// `pieces` without their first `skipped` bytes.
std::array<asio::const_buffer, 2> rest_of(const std::string& head, const std::string& body,
                                          std::size_t skipped) {
  const std::size_t of_head = std::min(skipped, head.size());
  return {asio::buffer(head) + of_head, asio::buffer(body) + (skipped - of_head)};
}

}  // namespace

HttpExchange::HttpExchange(ConnectionPool& pool, HttpRequest request, Transport::Done done)
    : pool_(&pool),
      request_(std::move(request)),
      route_{request_.origin, request_.public_only},
      done_(std::move(done)) {
  pool.enter(*this);
}

HttpExchange::~HttpExchange() {
  if (pool_ == nullptr) return;
  let_go(false);
  pool_->leave(*this);
}

void HttpExchange::begin() {
  if (request_.timeouts.total) {
    total_ = pool_->loop().clock().tick() + *request_.timeouts.total;
  }
  const auto usable = check_request(request_);
  if (usable) {
    limit(std::nullopt);
    return pool_->lend(*this);
  }
  timer_ = pool_->loop().after(
      Micros(0), [this, error = usable.error()] { fail(error, SentState::not_sent); });
}

void HttpExchange::abandon() {
  let_go(false);
  pool_ = nullptr;
  done_ = {};
}

/// `step` as a handler of the connection's operations: it runs only while the connection is ours,
/// for whoever lets go of it during an operation closes it.
template <typename Step>
auto HttpExchange::on_connection(Step step) {
  return [connection = connection_, step = std::move(step)](const ErrorCode& problem,
                                                            std::size_t size) mutable {
    if (!connection->closed()) step(problem, size);
  };
}

void HttpExchange::run(std::shared_ptr<Connection> connection, bool reused) {
  connection_ = std::move(connection);
  reused_ = reused;
  if (reused) return write();
  limit(std::nullopt);
  connection_->open(request_.timeouts.connect, [this](Result<void> opened) {
    if (!opened) return fail(std::move(opened).error(), SentState::not_sent);
    head_.clear();
    write();
  });
}

void HttpExchange::write() {
  if (head_.empty()) {
    head_ = request_head(request_, pool_->shared().options.user_agent, connection_->forwarder());
  }
  limit(request_.timeouts.idle);
  connection_->stream().async_write_some(
      rest_of(head_, request_.body, written_),
      on_connection([this](const ErrorCode& problem, std::size_t size) {
        written_ += size;
        if (problem && written_ == 0) return broken(problem);
        write_failed_ = static_cast<bool>(problem);
        // A server that has read enough to refuse may stop reading; its answer is worth having.
        if (problem || written_ == head_.size() + request_.body.size()) return await_head();
        write();
      }));
}

void HttpExchange::await_head() {
  limit(request_.timeouts.first_byte);
  expect_head();
  read_head();
}

void HttpExchange::expect_head() {
  parser_.emplace(request_.max_body);
  if (request_.method == "HEAD") parser_->skip(true);
}

void HttpExchange::read_head() {
  connection_->stream().async_read_some(
      connection_->buffer().prepare(kHeadPiece),
      on_connection([this](const ErrorCode& problem, std::size_t size) {
        if (problem) return broken(problem);
        answered_ = true;
        connection_->buffer().commit(size);
        limit(request_.timeouts.idle);
        parse_head();
      }));
}

void HttpExchange::parse_head() {
  const ErrorCode problem = parser_->feed(connection_->buffer());
  if (problem == http::error::need_more) return read_head();
  if (problem) return bad_head(problem);
  if (parser_->status / 100 != 1) return begin_body();
  if (parser_->status == 101 || ++interim_ > kMaxInterim) return bad_head(http::error::bad_status);
  expect_head();
  parse_head();
}

void HttpExchange::begin_body() {
  if (parser_->is_done()) return finish({});
  if (parser_->chunked()) {
    parser_->eager(true);
    return parse_chunks();
  }
  std::optional<std::uint64_t> declared;
  if (const auto length = parser_->content_length()) declared = *length;
  if (declared.value_or(0) > request_.max_body) return too_large();
  body_.emplace(declared, request_.max_body);
  body_->take(connection_->buffer());
  more_body();
}

/// Decides after each piece; what fits into one needs no slot.
void HttpExchange::more_body() {
  if (body_ && body_->too_large()) return too_large();
  if (body_ && body_->complete()) return finish(body_->finish());
  has_body_slot_ = has_body_slot_ || pool_->begin_body(*this);
  has_body_slot_ ? read_body() : limit(std::nullopt);
}

void HttpExchange::read_body() {
  has_body_slot_ = true;
  limit(request_.timeouts.idle);
  body_ ? read_plain() : read_chunks();
}

void HttpExchange::read_plain() {
  connection_->stream().async_read_some(
      body_->prepare(), on_connection([this](const ErrorCode& problem, std::size_t size) {
        body_->commit(size);
        if (!problem) return more_body();
        if (problem == asio::error::eof && body_->ends_with_connection()) {
          return finish(body_->finish());
        }
        ended(problem) ? truncated() : broken(problem);
      }));
}

void HttpExchange::read_chunks() {
  connection_->stream().async_read_some(
      connection_->buffer().prepare(kBodyPiece),
      on_connection([this](const ErrorCode& problem, std::size_t size) {
        if (problem) return ended(problem) ? truncated() : broken(problem);
        connection_->buffer().commit(size);
        parse_chunks();
      }));
}

void HttpExchange::parse_chunks() {
  const ErrorCode problem = parser_->feed(connection_->buffer());
  if (problem == http::error::body_limit) return too_large();
  if (problem && problem != http::error::need_more) return bad_head(problem);
  parser_->is_done() ? finish(std::move(parser_->body)) : more_body();
}

void HttpExchange::finish(std::string body) {
  HttpResponse response{
      .status = parser_->status, .headers = std::move(parser_->headers), .body = std::move(body)};
  const bool until_end = body_ && body_->ends_with_connection();
  let_go(parser_->keep_alive() && !until_end && !write_failed_ &&
         connection_->buffer().size() == 0);
  const std::string_view coding = response.headers.get("Content-Encoding");
  if (!coding.empty() && !response.body.empty()) {
    auto plain = decompress(trim(coding), response.body, request_.max_body);
    if (!plain) {
      Error error = std::move(plain).error();
      error.message = fmt::format("the answer of {}: {}", peer(), error.message);
      return fail(std::move(error), SentState::maybe);
    }
    response.body = std::move(*plain);
    response.headers.remove("Content-Encoding");
    response.headers.remove("Content-Length");
  }
  report({.response = std::move(response), .error = std::nullopt});
}

/// Time runs out after `delay`, or without one when all must be over. The timer is only ever moved
/// to an earlier time: moved to a later one, it looks again when it fires.
void HttpExchange::limit(std::optional<Micros> delay) {
  Loop& loop = pool_->loop();
  deadline_ = total_;
  if (delay) {
    const Tick until = loop.clock().tick() + *delay;
    deadline_ = total_ ? std::min(*total_, until) : until;
  }
  if (!deadline_ || (timer_ != 0 && timer_due_ <= *deadline_)) return;
  loop.cancel(timer_);
  timer_due_ = *deadline_;
  timer_ = loop.after(*deadline_ - loop.clock().tick(), [this] {
    timer_ = 0;
    timed_out();
  });
}

/// The last thing an exchange does: the callback may destroy it.
void HttpExchange::report(TransportResult result) {
  let_go(false);
  std::exchange(pool_, nullptr)->leave(*this);
  Transport::Done done = std::move(done_);
  done(std::move(result));
}

/// Stops the timer and parts with connection and body slot, which may start other exchanges.
void HttpExchange::let_go(bool keep) {
  pool_->loop().cancel(std::exchange(timer_, 0));
  if (std::exchange(has_body_slot_, false)) pool_->end_body();
  if (!connection_) return;
  pool_->give_back(std::exchange(connection_, nullptr), keep);
}

}  // namespace earshot::core

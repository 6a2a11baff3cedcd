/// How exchanges fail: what is said, what is tried again, and how far the request had come.

#include <utility>

#include <boost/asio/error.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/beast/http/error.hpp>
#include <fmt/format.h>

#include <earshot/core/base/time.hpp>

#include "exchange.hpp"
#include "pool.hpp"

namespace earshot::core {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

bool is_safe(std::string_view method) noexcept {
  return method == "GET" || method == "HEAD";
}

}  // namespace

bool HttpExchange::ended(const ErrorCode& problem) noexcept {
  return problem == asio::error::eof || problem == asio::ssl::error::stream_truncated;
}

void HttpExchange::timed_out() {
  const Tick now = pool_->loop().clock().tick();
  if (!deadline_) return;
  if (now < *deadline_) return limit(*deadline_ - now);
  const SentState sent = written_ == 0 ? SentState::not_sent : SentState::maybe;
  std::string message;
  if (total_ && now >= *total_) {
    message = fmt::format("{} took longer than the {} that the whole exchange may take", peer(),
                          human_duration(*request_.timeouts.total));
  } else if (answered_ || written_ < head_.size() + request_.body.size()) {
    message = fmt::format("nothing moved between here and {} for {}; try again later", peer(),
                          human_duration(request_.timeouts.idle));
  } else {
    message =
        fmt::format("{} did not begin to answer within {}; try again later or raise http.timeout",
                    peer(), human_duration(request_.timeouts.first_byte));
  }
  fail(Error{.code = Code::network, .message = std::move(message)}, sent);
}

void HttpExchange::broken(const ErrorCode& problem) {
  const bool untouched = written_ == 0;
  if (reused_ && !answered_ && !retried_ && (untouched || is_safe(request_.method))) {
    retried_ = true;
    written_ = 0;
    write_failed_ = false;
    return pool_->replace(*this, *std::exchange(connection_, nullptr));
  }
  if (ended(problem) && answered_) return truncated();
  const std::string what =
      ended(problem) ? fmt::format("{} closed the connection without an answer", peer())
                     : fmt::format("the connection to {} broke: {}", peer(), problem.message());
  fail(Error{.code = Code::network, .message = what},
       untouched ? SentState::not_sent : SentState::maybe);
}

void HttpExchange::bad_head(const ErrorCode& problem) {
  if (problem == http::error::header_limit) {
    return fail(Code::limit, fmt::format("the header fields of {} are more than {} KiB or {}",
                                         peer(), kMaxHead / 1024, kMaxFields));
  }
  fail(Code::bad_data,
       fmt::format("what {} answers is not HTTP/1.1: {}; check the address and port", peer(),
                   problem.message()));
}

void HttpExchange::too_large() {
  fail(Code::limit,
       fmt::format("the answer of {} is larger than the {} bytes allowed; ask for smaller pages",
                   peer(), request_.max_body));
}

void HttpExchange::truncated() {
  const std::string length =
      body_ && !body_->ends_with_connection()
          ? fmt::format(" ({} of {} bytes came)", body_->size(), body_->declared())
          : std::string();
  fail(Code::network,
       fmt::format("the answer of {} ended before it was complete{}", peer(), length));
}

void HttpExchange::fail(Code code, std::string message) {
  fail(Error{.code = code, .message = std::move(message)}, SentState::maybe);
}

void HttpExchange::fail(Error error, SentState sent) {
  report({.response = std::nullopt, .error = TransportError{std::move(error), sent}});
}

}  // namespace earshot::core

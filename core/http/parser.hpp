#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include <earshot/core/http/message.hpp>

namespace earshot::core {

/// What is read at once while a head is awaited: little, so that the body behind it goes straight
/// to where it stays.
inline constexpr std::size_t kHeadPiece = 8 * 1024;
/// What is read at once of a body through the buffer.
inline constexpr std::size_t kBodyPiece = 64 * 1024;
inline constexpr std::size_t kMaxHead = 64 * 1024;
inline constexpr std::size_t kMaxFields = 200;

using ReadBuffer = boost::beast::flat_buffer;
using ErrorCode = boost::system::error_code;

/// Reads the head of one message, and its body where that is chunked, into HttpHeaders and a
/// string. Bodies of known length are left to the caller, who reads them without a copy.
template <bool is_request>
class MessageParser final : public boost::beast::http::basic_parser<is_request> {
 public:
  using Text = boost::beast::string_view;

  explicit MessageParser(std::uint64_t max_body) : max_body_(max_body) {
    this->header_limit(kMaxHead);
    this->body_limit(boost::none);
  }

  /// Hands what is in `buffer` to the parser; error::need_more if that was not enough. At most
  /// kMaxHead bytes are left in the buffer then.
  ErrorCode feed(ReadBuffer& buffer) {
    namespace http = boost::beast::http;
    ErrorCode problem;
    buffer.consume(this->put(boost::asio::const_buffer(buffer.data()), problem));
    const bool endless = problem == http::error::need_more && buffer.size() > kMaxHead;
    return endless ? http::error::header_limit : problem;
  }

  std::string method;
  std::string target;
  int status = 0;
  HttpHeaders headers;
  std::string body;

 private:
  void on_request_impl(boost::beast::http::verb /*verb*/, Text name, Text path, int /*version*/,
                       ErrorCode& /*problem*/) override {
    method.assign(name.data(), name.size());
    target.assign(path.data(), path.size());
  }
  void on_response_impl(int code, Text /*reason*/, int /*version*/,
                        ErrorCode& /*problem*/) override {
    status = code;
  }
  void on_field_impl(boost::beast::http::field /*known*/, Text name, Text value,
                     ErrorCode& problem) override {
    if (++fields_ > kMaxFields) problem = boost::beast::http::error::header_limit;
    if (!this->is_header_done()) headers.add(std::string(name), std::string(value));
  }
  void on_header_impl(ErrorCode& /*problem*/) override {}
  void on_body_init_impl(const boost::optional<std::uint64_t>& /*length*/,
                         ErrorCode& /*problem*/) override {}
  std::size_t on_body_impl(Text piece, ErrorCode& problem) override {
    return append(piece, problem);
  }
  void on_chunk_header_impl(std::uint64_t size, Text /*extensions*/, ErrorCode& problem) override {
    if (size > max_body_ - body.size()) problem = boost::beast::http::error::body_limit;
  }
  std::size_t on_chunk_body_impl(std::uint64_t /*remain*/, Text piece,
                                 ErrorCode& problem) override {
    return append(piece, problem);
  }
  void on_finish_impl(ErrorCode& /*problem*/) override {}

  std::size_t append(Text piece, ErrorCode& problem) {
    if (piece.size() > max_body_ - body.size()) {
      problem = boost::beast::http::error::body_limit;
      return 0;
    }
    body.append(piece.data(), piece.size());
    return piece.size();
  }

  std::uint64_t max_body_;
  std::size_t fields_ = 0;
};

using RequestParser = MessageParser<true>;
using ResponseParser = MessageParser<false>;

}  // namespace earshot::core

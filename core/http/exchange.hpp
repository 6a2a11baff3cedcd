#pragma once

#include <memory>
#include <optional>
#include <string>

#include <earshot/core/http/transport.hpp>

#include "body_reader.hpp"
#include "connection.hpp"
#include "parser.hpp"

namespace earshot::core {

class ConnectionPool;

/// One request of a client and its answer, from the queue to the callback. Owned by whoever sent
/// it; known to the pool while that lives and it is not over. [one thread at a time]
class HttpExchange final : public Transport::Exchange {
 public:
  HttpExchange(ConnectionPool& pool, HttpRequest request, Transport::Done done);
  ~HttpExchange() override;
  HttpExchange(const HttpExchange&) = delete;
  HttpExchange& operator=(const HttpExchange&) = delete;

  /// Checks the request and asks the pool for a connection.
  void begin();
  /// By the pool: goes on a connection, which is open already if `reused`.
  void run(std::shared_ptr<Connection> connection, bool reused);
  /// By the pool: there is room for one more body.
  void read_body();
  /// By the pool, which ends: nothing more happens, the callback is not called.
  void abandon();

  [[nodiscard]] const Route& route() const noexcept { return route_; }

 private:
  template <typename Step>
  [[nodiscard]] auto on_connection(Step step);

  void write();
  void await_head();
  void expect_head();
  void read_head();
  void parse_head();
  void begin_body();
  void more_body();
  void read_plain();
  void read_chunks();
  void parse_chunks();
  void finish(std::string body);

  void limit(std::optional<Micros> delay);
  void timed_out();

  /// The other side has closed the connection, in whatever way.
  [[nodiscard]] static bool ended(const ErrorCode& problem) noexcept;
  void broken(const ErrorCode& problem);
  void bad_head(const ErrorCode& problem);
  void too_large();
  void truncated();
  void fail(Code code, std::string message);
  void fail(Error error, SentState sent);
  void report(TransportResult result);
  void let_go(bool keep);
  [[nodiscard]] std::string peer() const { return request_.origin.authority(); }

  ConnectionPool* pool_;
  HttpRequest request_;
  const Route route_;
  Transport::Done done_;
  std::shared_ptr<Connection> connection_;
  bool reused_ = false;
  bool retried_ = false;
  bool has_body_slot_ = false;

  std::string head_;
  std::size_t written_ = 0;
  bool write_failed_ = false;
  bool answered_ = false;  ///< A byte of the answer has come.
  int interim_ = 0;        ///< Answers of class 1xx so far.
  std::optional<ResponseParser> parser_;
  std::optional<BodyReader> body_;

  std::optional<Tick> total_;  ///< When all must be over.
  std::optional<Tick> deadline_;
  TimerId timer_ = 0;
  Tick timer_due_{};
};

}  // namespace earshot::core

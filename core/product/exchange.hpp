#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <earshot/core/base/random.hpp>
#include <earshot/core/product/product_client.hpp>

#include "auth.hpp"
#include "endpoint.hpp"
#include "judge.hpp"
#include "oauth_token.hpp"
#include "waits.hpp"

namespace earshot::core {

/// What every request of one client shares.
struct ExchangeContext {
  Loop& loop;
  Transport& transport;
  RateLimiter& limiter;
  Log& log;
  const ProductAccount& account;
  const Endpoints& endpoints;
  const Result<Authorization>& authorization;  ///< Where no token is needed.
  OAuthTokens* tokens = nullptr;               ///< Where one is.
  ThreadPool* parsers = nullptr;               ///< For large bodies; may be absent.
  Random& random;
  TrafficCounts& counts;
  const std::function<void(const HttpRequest&)>& observer;
  Waits& waits;
};

/// One request on its way to a final answer. An attempt goes: admit (wait for the limiter),
/// authorize (wait for a token), transmit, answered or failed; these end it or come back to admit.
/// [one thread at a time] of its loop.
class Exchange final : public ProductClient::Operation {
 public:
  Exchange(ExchangeContext& context, ProductRequest request, ProductClient::Done done);
  ~Exchange() override;
  Exchange(const Exchange&) = delete;
  Exchange& operator=(const Exchange&) = delete;

 private:
  struct Aside;

  void begin();
  [[nodiscard]] Result<Target> first_target() const;
  void admit();
  void wait_for_turn();
  void admitted();
  void authorize();
  void wait_for_token();
  void transmit(const Authorization& authorization);
  [[nodiscard]] HttpRequest make_request(const Authorization& authorization) const;

  void received(TransportResult result);
  void failed(TransportError failure);
  void answered(HttpResponse response);
  /// What was asked; a view of this, of `shown` and of the request.
  [[nodiscard]] Asked asked(std::string_view shown) const;
  [[nodiscard]] const LimitRule* most_specific_rule() const;
  void judge_aside(HttpResponse response);
  void decide(HttpResponse response, Judgement judgement);
  void redirect(HttpResponse response, Judgement judgement);
  void throttled(HttpResponse response, Judgement judgement);
  void retry_answer(HttpResponse response, Judgement judgement);
  void use_up_quota(const HttpResponse& response, const Judgement& judgement);
  /// True if another token may do where this one was refused.
  [[nodiscard]] bool renew_token();
  [[nodiscard]] bool may_retry() const;
  void retry_after_backoff(std::optional<Micros> told, std::string_view why);

  /// Ends with Code::yielded: there is no quota for that long.
  void yield(Micros wait, std::string_view why);
  void finish(HttpResponse response, Judgement judgement);
  void finish(Error error);
  void report(Result<ProductAnswer> result);

  /// How long a wait for quota may be at this moment.
  [[nodiscard]] Micros patience() const;
  void sleep(Micros wait, void (Exchange::*next)());
  /// Sleeps, and tells those who watch why.
  void wait(Micros time, TrafficWait what, void (Exchange::*next)());
  void end_wait();
  [[nodiscard]] std::string narrowest_limit() const;
  void release_booking();
  void forget_aside();
  void log_answer(const HttpResponse& response) const;
  void log_failure(const TransportError& failure) const;
  void log_wait(Micros time, const TrafficWait& what) const;
  void log_line(std::string_view message) const;

  [[nodiscard]] bool repeatable() const;
  [[nodiscard]] bool limited() const noexcept { return target_.link == nullptr; }
  [[nodiscard]] std::string_view path() const noexcept;
  /// The path as it may be shown: that of a link may hold its signature, so its name stands for it.
  [[nodiscard]] std::string place() const;
  [[nodiscard]] LimitDraw draw() const noexcept;
  [[nodiscard]] Tick tick() const { return context_.loop.clock().tick(); }
  [[nodiscard]] Time calendar() const { return context_.loop.clock().now(); }

  ExchangeContext& context_;
  ProductRequest request_;
  ProductClient::Done done_;
  Target target_;
  TimerId timer_ = 0;
  std::unique_ptr<Transport::Exchange> transfer_;
  std::shared_ptr<Aside> aside_;  ///< An answer that is being judged off the loop.
  std::uint64_t token_waiter_ = 0;
  std::uint64_t token_used_ = 0;  ///< Generation of the token that was sent last.
  bool token_renewed_ = false;
  std::optional<Tick> booked_{};  ///< Booked with the limiter and not sent yet.
  Tick sent_{};
  std::string shown_url_;      ///< Of what was sent last, for the log.
  std::string shown_headers_;  ///< The same.
  std::uint32_t attempts_ = 0;
  int retries_ = 0;
  int throttles_ = 0;
  int redirects_ = 0;
  Micros waited_{0};
  TrafficWait turn_{};  ///< What it waits for before it is sent, for those who watch.
  std::optional<Waits::Entry> waiting_;
};

}  // namespace earshot::core

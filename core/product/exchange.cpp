#include "exchange.hpp"

#include <algorithm>

#include <fmt/core.h>

#include <earshot/core/base/text.hpp>

#include "exchange_log.hpp"
#include "host_name.hpp"
#include "link.hpp"

namespace earshot::core {
namespace {

/// A minute's window and the limiter's slack may still be waited for.
constexpr std::chrono::milliseconds kGrace{500};

/// Fields that belong to the connection, not to a plugin.
constexpr const char* kReservedHeaders[] = {"host",
                                            "content-length",
                                            "transfer-encoding",
                                            "connection",
                                            "proxy-authorization",
                                            "upgrade",
                                            "te",
                                            "trailer",
                                            "cookie"};

Result<void> check_headers(const HttpHeaders& headers) {
  for (const auto& field : headers) {
    if (!is_http_token(field.first) || !is_header_value(field.second)) {
      return Error{.code = Code::misuse,
                   .message = fmt::format("the request's header '{}' is malformed",
                                          shorten(field.first, 60))};
    }
    const bool reserved = std::any_of(std::begin(kReservedHeaders), std::end(kReservedHeaders),
                                      [&](const char* name) { return iequals(field.first, name); });
    if (reserved) {
      return Error{.code = Code::misuse,
                   .message = fmt::format("the header '{}' is the host's to set", field.first)};
    }
  }
  return {};
}

void add_missing(const HeaderMap& fields, HttpHeaders& headers) {
  for (const auto& [name, value] : fields) {
    if (!headers.has(name)) headers.add(name, value);
  }
}

}  // namespace

Exchange::Exchange(ExchangeContext& context, ProductRequest request, ProductClient::Done done)
    : context_(context), request_(std::move(request)), done_(std::move(done)) {
  sleep(Micros(0), &Exchange::begin);
}

Exchange::~Exchange() {
  context_.loop.cancel(timer_);
  if (token_waiter_ != 0) context_.tokens->leave(token_waiter_);
  release_booking();
  forget_aside();
  end_wait();
}

void Exchange::begin() {
  auto headers = check_headers(request_.headers);
  if (!headers || !is_http_token(request_.method)) {
    return finish(headers ? Error{.code = Code::misuse, .message = "the request has no method"}
                          : std::move(headers).error());
  }
  auto target = first_target();
  if (!target) return finish(std::move(target).error());
  target_ = std::move(*target);
  admit();
}

Result<Target> Exchange::first_target() const {
  if (request_.link.empty()) return context_.endpoints.target(request_.endpoint, request_.path);
  EAR_TRY(const LinkRule* rule,
          link_rule(*context_.account.manifest, request_.link, request_.method));
  return link_target(*rule, context_.account, request_.path);
}

void Exchange::admit() {
  if (!limited()) return authorize();
  const Tick now = tick();
  const Micros wait = context_.limiter.delay(draw(), now);
  if (wait > patience() + kGrace) return yield(wait, "the rate limit is used up");
  using Reason = TrafficWait::Reason;
  turn_ = {.reason = throttles_ > 0 ? Reason::refused : Reason::quota,
           .why = wait > Micros(0) ? narrowest_limit() : std::string(),
           .until = now + wait};
  context_.limiter.book(draw(), now);
  booked_ = turn_.until;
  if (wait <= Micros(0)) return authorize();
  log_wait(wait, turn_);
  wait_for_turn();
}

/// Waits a while at a time: others may begin to queue meanwhile.
void Exchange::wait_for_turn() {
  const Micros left = *booked_ - tick();
  if (left <= Micros(0)) return admitted();
  if (left > patience() + kGrace) {
    release_booking();
    return yield(left, "the rate limit is used up");
  }
  wait(std::min(left, context_.account.longest_wait_in_crowd), turn_, &Exchange::wait_for_turn);
}

Micros Exchange::patience() const {
  const ProductAccount& account = context_.account;
  const bool crowded = account.crowded && account.crowded();
  return crowded ? std::min(account.longest_wait, account.longest_wait_in_crowd)
                 : account.longest_wait;
}

std::string Exchange::narrowest_limit() const {
  const LimitRule* rule = context_.limiter.narrowest(draw(), tick());
  if (rule == nullptr) return {};
  return fmt::format("{}: {} per {}", rule->bucket, rule->requests, human_duration(rule->per));
}

void Exchange::admitted() {
  if (context_.limiter.held(draw(), tick()) > Micros(0)) {  // paused while this one waited
    release_booking();
    return admit();
  }
  authorize();
}

void Exchange::authorize() {
  if (!request_.authorize || target_.link != nullptr) return transmit({});
  if (context_.tokens == nullptr) {
    if (!context_.authorization) return finish(context_.authorization.error());
    return transmit(*context_.authorization);
  }
  const OAuthTokens::Token* token = context_.tokens->current();
  if (token == nullptr) return wait_for_token();
  token_used_ = token->generation;
  transmit(bearer(token->value));
}

void Exchange::wait_for_token() {
  release_booking();  // it would be too old by the time there is a token
  token_waiter_ = context_.tokens->wait([this](Result<void> result) {
    token_waiter_ = 0;
    if (result) return sleep(Micros(0), &Exchange::admit);
    timer_ = context_.loop.after(Micros(0), [this, error = std::move(result).error()]() mutable {
      finish(std::move(error));
    });
  });
}

HttpRequest Exchange::make_request(const Authorization& authorization) const {
  HttpRequest request;
  request.method = request_.method;
  request.origin = target_.origin;
  request.target = target_.path;
  request.headers = request_.headers;
  request.body = request_.body;
  request.timeouts = context_.account.timeouts;
  if (request_.total_timeout) request.timeouts.total = request_.total_timeout;
  request.max_body = target_.max_body;
  request.public_only = target_.public_only;
  if (target_.link != nullptr) request.headers.remove("Authorization");
  if (request_.expect_json && !request.headers.has("Accept")) {
    request.headers.add("Accept", "application/json");
  }
  if (target_.headers != nullptr) add_missing(*target_.headers, request.headers);
  const std::string& key_header = context_.account.manifest->idempotency_header;
  if (!request_.idempotency_key.empty() && !key_header.empty()) {
    request.headers.set(key_header, request_.idempotency_key);
  }
  earshot::core::authorize(request, authorization);
  return request;
}

void Exchange::transmit(const Authorization& authorization) {
  HttpRequest request = make_request(authorization);
  booked_.reset();
  ++attempts_;
  ++context_.counts.requests;
  sent_ = tick();
  if (context_.observer) context_.observer(request);
  if (context_.log.enabled(LogLevel::debug)) {
    shown_url_ =
        target_.link != nullptr ? place() : loggable_url(target_.origin.text() + target_.path);
    shown_headers_ = loggable_headers(request.headers);
  }
  transfer_ = context_.transport.send(
      std::move(request), [this](TransportResult result) { received(std::move(result)); });
}

void Exchange::yield(Micros wait, std::string_view why) {
  const Time quota_at = calendar() + wait;
  log_line(fmt::format("{} {} is left for later: {}", request_.method, place(), why));
  context_.counts.quota_at = quota_at;
  finish(Error{.code = Code::yielded,
               .message = fmt::format("{} for another {}, until {}", why, human_duration(wait),
                                      rfc3339(std::chrono::floor<std::chrono::seconds>(quota_at))),
               .retry_after = std::chrono::ceil<std::chrono::milliseconds>(wait)});
}

void Exchange::finish(HttpResponse response, Judgement judgement) {
  ProductAnswer answer;
  answer.response = std::move(response);
  answer.json = std::move(judgement.json);
  answer.outcome = judgement.outcome;
  answer.error = std::move(judgement.error);
  answer.error.message = context_.log.redactor().redact(answer.error.message);
  answer.attempts = attempts_;
  answer.waited = waited_;
  report(std::move(answer));
}

void Exchange::finish(Error error) {
  error.message = context_.log.redactor().redact(error.message);
  report(std::move(error));
}

void Exchange::report(Result<ProductAnswer> result) {
  auto done = std::move(done_);
  done(std::move(result));  // may destroy this
}

void Exchange::sleep(Micros wait, void (Exchange::*next)()) {
  timer_ = context_.loop.after(wait, [this, next] { (this->*next)(); });
}

void Exchange::wait(Micros time, TrafficWait what, void (Exchange::*next)()) {
  waited_ += time;
  context_.counts.waited += time;
  waiting_ = context_.waits.begin(std::move(what));
  timer_ = context_.loop.after(time, [this, next] {
    end_wait();
    (this->*next)();
  });
}

void Exchange::end_wait() {
  if (waiting_) context_.waits.end(*waiting_);
  waiting_.reset();
}

void Exchange::release_booking() {
  if (!booked_) return;
  context_.limiter.give_back(draw(), *booked_);
  booked_.reset();
}

bool Exchange::repeatable() const {
  using Safety = ProductRequest::Safety;
  if (request_.safety == Safety::read || request_.safety == Safety::idempotent) return true;
  if (!request_.idempotency_key.empty() && !context_.account.manifest->idempotency_header.empty()) {
    return true;
  }
  if (request_.safety == Safety::unsafe) return false;
  static constexpr std::string_view kSafe[] = {"GET", "HEAD", "OPTIONS", "PUT", "DELETE"};
  return std::find(std::begin(kSafe), std::end(kSafe), request_.method) != std::end(kSafe);
}

std::string_view Exchange::path() const noexcept {
  return without_query(target_.path);
}

std::string Exchange::place() const {
  if (target_.link == nullptr) return std::string(path());
  return fmt::format("link '{}' at {}", request_.link, target_.origin.host);
}

LimitDraw Exchange::draw() const noexcept {
  return {.integration = context_.account.integration,
          .path = path(),
          .key = request_.bucket_key,
          .cost = std::max(request_.cost, 1U)};
}

}  // namespace earshot::core

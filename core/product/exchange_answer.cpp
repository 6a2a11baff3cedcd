/// What becomes of an attempt once it has an answer or none: done, or another attempt.

#include <algorithm>

#include <fmt/core.h>

#include <earshot/core/base/text.hpp>
#include <earshot/core/traffic/hold.hpp>

#include "exchange.hpp"
#include "exchange_log.hpp"
#include "host_name.hpp"
#include "link.hpp"

namespace earshot::core {
namespace {

using Class = ErrorRule::Class;

constexpr int kMostRedirects = 5;
/// Refusals for rate within one request; they are waits, not retries.
constexpr int kMostThrottles = 10;
constexpr std::size_t kLargeBody = std::size_t{1} << 20;
/// Where a product says that a quota is used up but neither it nor the manifest says for how long.
constexpr std::chrono::hours kUnknownQuotaWait{1};

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

std::chrono::milliseconds to_millis(Micros wait) {
  return std::chrono::ceil<std::chrono::milliseconds>(wait);
}

}  // namespace

/// Held by the loop and by the thread that judges; only the loop looks at `owner`, which may end
/// meanwhile.
struct Exchange::Aside {
  Exchange* owner = nullptr;
  HttpResponse response;
  std::string method;
  std::string path;
  std::string place;
  Asked asked;
  Judgement judgement;
};

void Exchange::received(TransportResult result) {
  const auto finished = std::move(transfer_);  // lives until its callback is over
  if (result.response) return answered(std::move(*result.response));
  if (result.error) return failed(std::move(*result.error));
  finish(Error{.code = Code::internal, .message = "the transport gave neither answer nor error"});
}

void Exchange::failed(TransportError failure) {
  const bool may_repeat = failure.sent == SentState::not_sent || repeatable();
  log_failure(failure);
  if (failure.error.code == Code::network && may_repeat && may_retry()) {
    return retry_after_backoff(std::nullopt, failure.error.message);
  }
  if (attempts_ > 1) {
    failure.error.message += fmt::format(" (tried {} times)", attempts_);
  }
  finish(std::move(failure.error));
}

void Exchange::answered(HttpResponse response) {
  context_.counts.bytes += response.body.size();
  log_answer(response);
  if (limited()) context_.limiter.learn(draw(), response.headers, tick(), calendar());
  if (context_.parsers != nullptr && response.body.size() > kLargeBody)
    return judge_aside(std::move(response));
  const std::string shown = place();
  Judgement judgement =
      judge(context_.account.manifest->errors, asked(shown), response, context_.log.redactor());
  decide(std::move(response), std::move(judgement));
}

Asked Exchange::asked(std::string_view shown) const {
  Asked asked{.method = request_.method,
              .path = path(),
              .place = shown,
              .expect_json = request_.expect_json,
              .by_rules = limited()};
  const LimitRule* rule = limited() ? most_specific_rule() : nullptr;
  if (rule != nullptr) asked.limit_status = rule->status;
  return asked;
}

const LimitRule* Exchange::most_specific_rule() const {
  return context_.limiter.most_specific(path(), context_.account.integration);
}

void Exchange::judge_aside(HttpResponse response) {
  auto aside = std::make_shared<Aside>();
  aside->owner = this;
  aside->response = std::move(response);
  aside->method = request_.method;
  aside->path = path();
  aside->place = place();
  aside->asked = asked(aside->place);
  aside->asked.method = aside->method;
  aside->asked.path = aside->path;
  aside_ = aside;
  context_.parsers->run([aside, &loop = context_.loop, &redactor = context_.log.redactor(),
                         &rules = context_.account.manifest->errors] {
    aside->judgement = judge(rules, aside->asked, aside->response, redactor);
    loop.post([aside] {
      if (aside->owner == nullptr) return;
      aside->owner->aside_.reset();
      aside->owner->decide(std::move(aside->response), std::move(aside->judgement));
    });
  });
}

void Exchange::forget_aside() {
  if (aside_) aside_->owner = nullptr;
}

void Exchange::decide(HttpResponse response, Judgement judgement) {
  if (is_redirect(response.status) && judgement.outcome == Class::fail) {
    return redirect(std::move(response), std::move(judgement));
  }
  const bool waits = response.status == 503 && judgement.outcome == Class::retry && repeatable() &&
                     retry_after(response.headers, calendar());
  if (waits || judgement.outcome == Class::rate_limited) {
    return throttled(std::move(response), std::move(judgement));
  }
  switch (judgement.outcome) {
    case Class::retry: return retry_answer(std::move(response), std::move(judgement));
    case Class::quota: return use_up_quota(response, judgement);
    case Class::auth:
    case Class::auth_expired:
      if (renew_token()) return admit();
      break;
    default: break;
  }
  finish(std::move(response), std::move(judgement));
}

void Exchange::redirect(HttpResponse response, Judgement judgement) {
  const std::string_view location = response.headers.get("location");
  const bool readable = request_.method == "GET" || request_.method == "HEAD";
  if (location.empty() || !readable || redirects_ >= kMostRedirects) {
    judgement.error.message += location.empty() ? "; it names no location"
                               : !readable      ? "; only GET and HEAD follow redirects"
                                                : "; it redirects in circles";
    return finish(std::move(response), std::move(judgement));
  }
  ++redirects_;
  const std::string url = resolve_location(target_, location);
  auto next = target_.link != nullptr ? link_target(*target_.link, context_.account, url)
                                      : context_.endpoints.reduce(url, request_.endpoint);
  if (!next) {
    next.error().message =
        fmt::format("{} {} was redirected: {}", request_.method, place(), next.error().message);
    next.error().status = response.status;
    return finish(std::move(next).error());
  }
  target_ = std::move(*next);
  admit();
}

void Exchange::throttled(HttpResponse response, Judgement judgement) {
  ++context_.counts.throttled;
  const auto told = retry_after(response.headers, calendar());
  if (!limited()) {  // another host's limit: wait like after any failure
    judgement.error.retry_after = told ? std::optional(to_millis(*told)) : std::nullopt;
    return retry_answer(std::move(response), std::move(judgement));
  }
  Micros wait = told.value_or(Micros(0));
  if (wait <= Micros(0)) wait = context_.limiter.held(draw(), tick());
  if (wait <= Micros(0)) {
    const auto& policy = context_.account.retry;
    wait = std::min(policy.cap, policy.base * (std::int64_t{1} << std::min(throttles_, 20)));
  }
  context_.limiter.pause(draw(), tick() + wait, judgement.whole_account);
  if (wait > patience()) {
    return yield(wait, "the product refuses further requests");
  }
  if (++throttles_ > kMostThrottles) {
    judgement.error.code = Code::rate_limited;
    judgement.error.retry_after = to_millis(wait);
    return finish(std::move(response), std::move(judgement));
  }
  admit();
}

void Exchange::retry_answer(HttpResponse response, Judgement judgement) {
  const auto told = retry_after(response.headers, calendar());
  const bool safe = repeatable() || judgement.outcome == Class::rate_limited;
  if (told && *told > patience() && safe) {
    return yield(*told, "the product asks to be left alone");
  }
  if (!safe || !may_retry()) {
    if (told) judgement.error.retry_after = to_millis(*told);
    if (attempts_ > 1) judgement.error.message += fmt::format(" (tried {} times)", attempts_);
    return finish(std::move(response), std::move(judgement));
  }
  retry_after_backoff(told, judgement.error.message);
}

void Exchange::use_up_quota(const HttpResponse& response, const Judgement& judgement) {
  Micros wait = retry_after(response.headers, calendar()).value_or(Micros(0));
  if (wait <= Micros(0)) wait = context_.limiter.held(draw(), tick());
  if (wait <= Micros(0)) {
    const LimitRule* rule = most_specific_rule();
    wait = rule != nullptr ? std::min<Micros>(rule->per, kLongestHold) : kUnknownQuotaWait;
  }
  context_.limiter.pause(draw(), tick() + wait, judgement.whole_account);
  yield(wait, fmt::format("quota is used up ({})", judgement.error.message));
}

bool Exchange::renew_token() {
  if (token_used_ == 0 || token_renewed_) return false;
  token_renewed_ = true;
  context_.tokens->drop(token_used_);
  return true;
}

bool Exchange::may_retry() const {
  const RetryPolicy& policy = context_.account.retry;
  return retries_ < policy.max_retries &&
         policy.affords(context_.counts.retries, context_.counts.requests);
}

void Exchange::retry_after_backoff(std::optional<Micros> told, std::string_view why) {
  const Micros backoff = context_.account.retry.backoff(retries_, context_.random);
  ++retries_;
  ++context_.counts.retries;
  const Micros time = std::max(backoff, told.value_or(Micros(0)));
  TrafficWait what{.reason = TrafficWait::Reason::retry,
                   .why = context_.log.redactor().redact(why),
                   .until = tick() + time};
  log_wait(time, what);
  wait(time, std::move(what), &Exchange::admit);
}

void Exchange::log_answer(const HttpResponse& response) const {
  if (!context_.log.enabled(LogLevel::debug)) return;
  context_.log.write(
      LogLevel::debug,
      fmt::format("{} {} {} in {} ms, {} bytes", request_.method, shown_url_, response.status,
                  to_millis(tick() - sent_).count(), response.body.size()),
      {{"integration", context_.account.integration},
       {"attempt", std::to_string(attempts_)},
       {"sent_bytes", std::to_string(request_.body.size())},
       {"sent", shown_headers_},
       // Where a link leads on to is as secret as the link.
       {"received", target_.link != nullptr ? "" : loggable_headers(response.headers)}});
}

void Exchange::log_failure(const TransportError& failure) const {
  if (!context_.log.enabled(LogLevel::debug)) return;
  context_.log.write(LogLevel::debug,
                     fmt::format("{} {} failed in {} ms: {}", request_.method, shown_url_,
                                 to_millis(tick() - sent_).count(), failure.error.message),
                     {{"integration", context_.account.integration},
                      {"attempt", std::to_string(attempts_)},
                      {"sent_bytes", std::to_string(request_.body.size())},
                      {"sent", shown_headers_}});
}

void Exchange::log_wait(Micros time, const TrafficWait& what) const {
  using Reason = TrafficWait::Reason;
  log_line(fmt::format("{} {} waits {}{}", request_.method, place(), human_duration(time),
                       what.reason == Reason::retry     ? " to try again: " + what.why
                       : what.reason == Reason::refused ? ", refused for rate"
                       : what.why.empty()               ? " for quota"
                                                        : " for quota of " + what.why));
}

void Exchange::log_line(std::string_view message) const {
  context_.log.write(LogLevel::debug, message, {{"integration", context_.account.integration}});
}

}  // namespace earshot::core

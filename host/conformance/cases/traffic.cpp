/// Traffic: what is asked, how often, and who waits.

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "conformance/case.hpp"
#include "conformance/trial.hpp"

namespace earshot::conformance {

using core::HttpRequest;
using core::RunOutcome;

namespace {

constexpr Needs kFirstRun{.provides = "feedback", .cassettes = "first_run"};
constexpr std::size_t kMostTried = 4;
/// The first attempt and the host's three repetitions.
constexpr std::size_t kMostAttempts = 4;

Answer refused_for_rate(const std::string& retry_after) {
  Answer answer = answer_with(429, R"({"error":"too many requests"})");
  answer.result.response->headers.add("Retry-After", retry_after);
  return answer;
}

/// Once in place of the answer to `whose`.
PlayedProduct::Script once(const Subject& subject, const HttpRequest& whose, const Answer& answer) {
  const core::Time begun = subject.recorded_at();
  return [asked = wording(whose, begun), begun, answer, done = std::make_shared<bool>(false)](
             std::size_t, const HttpRequest& request) -> std::optional<Answer> {
    if (*done || wording(request, begun) != asked) return std::nullopt;
    *done = true;
    return answer;
  };
}

/// Kept if the run is whole although `answer` came once, in place of each answer in turn.
Verdict rides_out(const Subject& subject, const WholeRun& whole, const Answer& answer,
                  const std::string& what, std::size_t most = kMostTried) {
  for (const std::size_t index : spread(whole.requests.size(), most)) {
    EAR_TRY(const Trial trial, fetched(subject, subject.good("first_run"),
                                       once(subject, whole.requests[index], answer)));
    const std::string apart = difference(whole.contents, trial.contents);
    if (trial.complete.outcome == Outcome::pass && apart.empty()) continue;
    return failed("{} once in place of {}: {}", what, answer_name(whole, index),
                  apart.empty() ? trial.complete.seen : apart);
  }
  return passed();
}

Verdict waits_out_refusals(const Subject& subject) {
  EAR_TRY(const WholeRun whole, whole_run(subject));
  const std::string soon = core::http_date(subject.recorded_at() + std::chrono::seconds(20));
  const std::string past = core::http_date(subject.recorded_at() - std::chrono::hours(20));
  EAR_KEPT(rides_out(subject, whole, refused_for_rate("2"), "a 429 with Retry-After: 2"));
  for (const std::string& when : {soon, past, std::string("0"), std::string("soon")}) {
    EAR_KEPT(
        rides_out(subject, whole, refused_for_rate(when), "a 429 with Retry-After: " + when, 1));
  }
  return passed();
}

Verdict yields_to_long_refusals(const Subject& subject) {
  EAR_TRY(const WholeRun whole, whole_run(subject));
  const std::string date = core::http_date(subject.recorded_at() + std::chrono::hours(6));
  for (const std::string& when : {std::string("7200"), date, std::string(40, '9')}) {
    EAR_TRY(const auto rehearsal, Rehearsal::open(subject));
    PlayedProduct product(subject.good("first_run"), subject.corpus(),
                          answering(subject, whole.requests.back(), refused_for_rate(when)));
    const core::RunSummary run = rehearsal->sync(product);
    EAR_KEPT(ended_well(run, product));
    if (run.outcome != RunOutcome::yielded) {
      return failed("a 429 with Retry-After: {} in place of the last answer: the run {}", when,
                    to_string(run.outcome));
    }
  }
  return passed();
}

Verdict rides_out_failures(const Subject& subject) {
  EAR_TRY(const WholeRun whole, whole_run(subject));
  for (const int status : {408, 500, 502, 503}) {
    EAR_KEPT(rides_out(subject, whole, answer_with(status, R"({"error":"try again"})"),
                       fmt::format("a {}", status), 2));
  }
  return rides_out(subject, whole, broken_connection(), "a broken connection",
                   whole.requests.size());
}

bool asks_the_same(const HttpRequest& a, const HttpRequest& b) {
  return a.method == b.method && a.target == b.target && a.body == b.body;
}

/// How often the request is sent that is sent most often.
std::size_t most_attempts(const Trial& trial) {
  std::size_t most = 0;
  for (const HttpRequest& whose : trial.requests) {
    const auto same =
        std::count_if(trial.requests.begin(), trial.requests.end(),
                      [&](const HttpRequest& request) { return asks_the_same(request, whose); });
    most = std::max(most, static_cast<std::size_t>(same));
  }
  return most;
}

Verdict leaves_repeating_to_the_host(const Subject& subject) {
  EAR_TRY(const WholeRun whole, whole_run(subject));
  const std::vector<std::pair<const char*, Answer>> failures{
      {"fails", answer_with(503, R"({"error":"be right back"})")},
      {"breaks the connection", broken_connection()},
      {"does not answer", timed_out()}};
  for (const auto& [what, answer] : failures) {
    for (const std::size_t index : spread(whole.requests.size(), kMostTried)) {
      EAR_TRY(const Trial trial, fetched(subject, subject.good("first_run"),
                                         answering(subject, whole.requests[index], answer)));
      const std::size_t asked = most_attempts(trial);
      if (asked > kMostAttempts) {
        return failed("a product that {} is asked {} times for {}; the host asks {} times", what,
                      asked, answer_name(whole, index), kMostAttempts);
      }
    }
  }
  return passed();
}

Verdict asks_for_nothing_twice(const Subject& subject) {
  EAR_TRY(const WholeRun whole, whole_run(subject));
  for (std::size_t i = 0; i < whole.requests.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      if (asks_the_same(whole.requests[i], whole.requests[k]))
        return failed("request {} is request {} again: {} {}", i + 1, k + 1,
                      whole.requests[i].method, whole.requests[i].target);
    }
  }
  return passed();
}

constexpr Case kCases[] = {
    {.id = "traffic.waits_out_refusals",
     .promise = "A refusal for rate is waited out as the product says, and the run is whole.",
     .clause = "TRAFFIC-2",
     .needs = kFirstRun,
     .run = waits_out_refusals},
    {.id = "traffic.yields_to_long_refusals",
     .promise = "A refusal for longer than a call may wait leaves the run for later.",
     .clause = "TRAFFIC-2",
     .needs = kFirstRun,
     .run = yields_to_long_refusals},
    {.id = "traffic.rides_out_failures",
     .promise = "A failure that passes is repeated: what only reads says so, also where it posts.",
     .clause = "TRAFFIC-3",
     .needs = kFirstRun,
     .run = rides_out_failures},
    {.id = "traffic.leaves_repeating_to_the_host",
     .promise = "A request that failed is repeated by the host alone.",
     .clause = "TRAFFIC-1",
     .needs = kFirstRun,
     .run = leaves_repeating_to_the_host},
    {.id = "traffic.asks_for_nothing_twice",
     .promise = "A run asks for nothing twice.",
     .clause = "TRAFFIC-4",
     .needs = kFirstRun,
     .run = asks_for_nothing_twice},
};

}  // namespace

std::span<const Case> traffic_cases() noexcept {
  return kCases;
}

}  // namespace earshot::conformance

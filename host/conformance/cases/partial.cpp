/// A product whose answers come in part, or late.

#include <array>
#include <string>
#include <utility>

#include "conformance/case.hpp"
#include "conformance/trial.hpp"

namespace earshot::conformance {

using core::HttpRequest;
using core::HttpResponse;

namespace {

constexpr Needs kFirstRun{.provides = "feedback", .cassettes = "first_run"};
/// A little less than the host waits for a byte.
constexpr core::Micros kSlow = std::chrono::seconds(29);

Verdict truncated_json(const Subject& subject) {
  return survives(subject, [](const HttpResponse& recorded) -> std::optional<Answer> {
    if (recorded.status / 100 != 2) return std::nullopt;
    return answer_with(recorded.status, recorded.body.substr(0, recorded.body.size() / 2));
  });
}

/// What is left of a body, in words.
struct Rest {
  const char* what;
  std::string (*of)(const std::string& body);
};

constexpr std::array kRests{
    Rest{"one byte", [](const std::string& body) { return body.substr(0, 1); }},
    Rest{"all but the last byte",
         [](const std::string& body) { return body.substr(0, body.size() - 1); }},
    Rest{"half of a character of two bytes",
         [](const std::string& /*body*/) { return std::string("{\"added\":\"\xC3"); }},
    Rest{"half of an escape",
         [](const std::string& body) { return body.substr(0, body.find('"') + 1) + "\\u00"; }}};

Verdict answer_breaks_off(const Subject& subject) {
  for (const Rest& rest : kRests) {
    const Verdict verdict =
        survives(subject, [&rest](const HttpResponse& recorded) -> std::optional<Answer> {
          if (recorded.status / 100 != 2 || recorded.body.empty()) return std::nullopt;
          return answer_with(recorded.status, rest.of(recorded.body));
        });
    if (verdict.outcome != Outcome::pass)
      return failed("{} of a body came: {}", rest.what, verdict.seen);
  }
  return passed();
}

Verdict empty_body(const Subject& subject) {
  return survives(subject, [](const HttpResponse& recorded) -> std::optional<Answer> {
    if (recorded.status / 100 != 2) return std::nullopt;
    return answer_with(recorded.status, "");
  });
}

Verdict too_large_an_answer(const Subject& subject) {
  return survives(subject, [](const HttpResponse&) { return oversized(); });
}

Verdict slow_answers(const Subject& subject) {
  EAR_TRY(const WholeRun whole, whole_run(subject));
  PlayedProduct recorded(subject.good("first_run"), subject.corpus());
  EAR_TRY(const Trial trial, fetched(subject, subject.good("first_run"),
                                     [&recorded](std::size_t, const HttpRequest& request) {
                                       Answer answer = recorded.answer(request);
                                       answer.delay = kSlow;
                                       return std::optional(std::move(answer));
                                     }));
  EAR_KEPT(trial.complete);
  const std::string apart = difference(whole.contents, trial.contents);
  return apart.empty() ? passed() : failed("{}", apart);
}

constexpr Case kCases[] = {
    {.id = "hostile.truncated_json",
     .promise = "JSON that breaks off is a failure or is asked for again, never an empty page.",
     .clause = "DATA-1",
     .needs = kFirstRun,
     .run = truncated_json},
    {.id = "hostile.answer_breaks_off",
     .promise = "Wherever an answer breaks off, also within a character, that is a failure.",
     .clause = "DATA-1",
     .needs = kFirstRun,
     .run = answer_breaks_off},
    {.id = "hostile.empty_body",
     .promise = "An empty body in the place of JSON is a failure, never an empty page.",
     .clause = "DATA-1",
     .needs = kFirstRun,
     .run = empty_body},
    {.id = "hostile.too_large_an_answer",
     .promise = "An answer larger than the host takes, as it comes or unpacked, is a failure, "
                "never an empty page.",
     .clause = "DATA-1",
     .needs = kFirstRun,
     .run = too_large_an_answer},
    {.id = "hostile.slow_answers",
     .promise = "Answers that take as long as the host waits are waited for.",
     .clause = "TRAFFIC-5",
     .needs = kFirstRun,
     .run = slow_answers},
};

}  // namespace

std::span<const Case> partial_cases() noexcept {
  return kCases;
}

}  // namespace earshot::conformance

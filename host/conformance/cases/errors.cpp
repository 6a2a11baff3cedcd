/// Errors: each has its code and its words.

#include <algorithm>
#include <functional>
#include <initializer_list>

#include <earshot/core/base/text.hpp>

#include "conformance/case.hpp"
#include "conformance/derived.hpp"
#include "conformance/trial.hpp"

namespace earshot::conformance {

using core::Code;
using core::RunOutcome;

namespace {

constexpr Needs kFirstRun{.provides = "feedback", .cassettes = "first_run"};
constexpr std::size_t kLongestQuote = 400;
constexpr std::size_t kShownOfABody = 40;
constexpr const char* kNoWords = "the plugin gave no reason";

Answer refusal(int status) {
  return answer_with(status, R"({"error":"refused, says the product"})");
}

using Codes = std::initializer_list<Code>;

/// Kept if the run says so: it failed with one of the codes, or completed with problems.
Verdict tells(const Trial& trial, Codes codes) {
  EAR_KEPT(trial.orderly);
  if (trial.claims_all()) return failed("the run completed as if nothing had happened");
  if (trial.run.outcome == RunOutcome::completed) return passed();
  const bool named = std::any_of(codes.begin(), codes.end(), [&](Code code) {
    return trial.run.error_code == to_string(code);
  });
  if (named) return passed();
  return failed("the run {} with '{}' instead of '{}': {}", to_string(trial.run.outcome),
                trial.run.error_code, to_string(*codes.begin()), trial.run.error);
}

/// Kept unless the run completes as if all were there while items are missing.
Verdict hides_nothing(const WholeRun& whole, const Trial& trial) {
  EAR_KEPT(trial.orderly);
  if (!trial.claims_all()) return passed();
  for (const auto& entry : whole.contents) {
    if (!trial.contents.contains(entry.first))
      return failed("the run completed without {} as if nothing had happened", entry.first);
  }
  return passed();
}

using Judge = std::function<Verdict(const Trial&)>;

/// `answer` in place of that of whole.requests[index].
Verdict judged_at(const Subject& subject, const WholeRun& whole, std::size_t index,
                  const Answer& answer, const Judge& judge) {
  EAR_TRY(const Trial trial, fetched(subject, subject.good("first_run"),
                                     answering(subject, whole.requests[index], answer)));
  const Verdict verdict = judge(trial);
  if (verdict.outcome == Outcome::pass) return verdict;
  const std::string what = answer.result.response
                               ? fmt::format("a {}", answer.result.response->status)
                               : answer.result.error->error.message;
  return failed("{} in place of {}: {}", what, answer_name(whole, index), verdict.seen);
}

/// In place of every answer in turn.
Verdict told(const Subject& subject, std::initializer_list<Answer> answers, Codes codes) {
  EAR_TRY(const WholeRun whole, whole_run(subject));
  for (const Answer& answer : answers) {
    for (const std::size_t index : spread(whole.requests.size(), kMostAnswers))
      EAR_KEPT(judged_at(subject, whole, index, answer,
                         [&](const Trial& trial) { return tells(trial, codes); }));
  }
  return passed();
}

/// True for a page behind another one: the same was asked for before, elsewhere in its data.
bool goes_on(const WholeRun& whole, std::size_t index) {
  const auto place = [&](std::size_t i) {
    const core::HttpRequest& request = whole.requests[i];
    return request.method + request.target.substr(0, request.target.find('?'));
  };
  for (std::size_t i = 0; i < index; ++i) {
    if (place(i) == place(index)) return true;
  }
  return false;
}

/// The first answer decides what becomes of the run. What is asked for later may be refused for a
/// reason of its own, or be gone by then; but a page behind another one is never the end of them.
Verdict told_at_first(const Subject& subject, const Answer& answer, Codes codes, bool may_be_gone) {
  EAR_TRY(const WholeRun whole, whole_run(subject));
  EAR_KEPT(judged_at(subject, whole, 0, answer,
                     [&](const Trial& trial) { return tells(trial, codes); }));
  for (const std::size_t index : spread(whole.requests.size(), kMostAnswers)) {
    if (index == 0 || (may_be_gone && !goes_on(whole, index))) continue;
    EAR_KEPT(judged_at(subject, whole, index, answer,
                       [&](const Trial& trial) { return hides_nothing(whole, trial); }));
  }
  return passed();
}

Verdict refused_credentials(const Subject& subject) {
  return told(subject, {refusal(401)}, {Code::auth, Code::auth_expired});
}

Verdict lacking_permission(const Subject& subject) {
  return told(subject, {refusal(403)}, {Code::forbidden});
}

Verdict absent_account(const Subject& subject) {
  return told_at_first(subject, refusal(404), {Code::not_found}, true);
}

Verdict refused_request(const Subject& subject) {
  for (const int status : {400, 422})
    EAR_KEPT(told_at_first(subject, refusal(status), {Code::upstream, Code::config}, false));
  return told_at_first(subject, refusal(409), {Code::conflict}, false);
}

Verdict failing_product(const Subject& subject) {
  return told(subject, {refusal(408), refusal(500), refusal(502), refusal(503)}, {Code::upstream});
}

Verdict silent_product(const Subject& subject) {
  return told(subject, {broken_connection(), timed_out()}, {Code::network});
}

Verdict codes_go_up_unchanged(const Subject& subject) {
  return told(subject, {oversized()}, {Code::limit});
}

/// JSON without anything that is documented, in the place of every answer in turn.
Verdict of_nothing_documented(const Subject& subject, const std::string& body,
                              Verdict (*judge)(const core::RunSummary& run)) {
  EAR_TRY(const WholeRun whole, whole_run(subject));
  for (const std::size_t index : spread(whole.requests.size(), kMostAnswers)) {
    EAR_TRY(const Trial trial,
            fetched(subject, subject.good("first_run"),
                    answering(subject, whole.requests[index], answer_with(200, body))));
    const Verdict verdict = judge(trial.run);
    if (verdict.outcome != Outcome::pass)
      return failed("{} in place of {}: {}", core::shorten(body, kShownOfABody),
                    answer_name(whole, index), verdict.seen);
  }
  return passed();
}

Verdict failures_have_words(const Subject& subject) {
  return of_nothing_documented(subject, "{}", [](const core::RunSummary& run) {
    if (run.outcome != RunOutcome::failed || (!run.error.empty() && run.error != kNoWords))
      return passed();
    return failed("the run failed with '{}' and no word about it", run.error_code);
  });
}

Verdict codes_are_known(const Subject& subject) {
  return of_nothing_documented(subject, "{}", [](const core::RunSummary& run) {
    if (run.error_code != to_string(Code::internal)) return passed();
    return failed("the run failed with a code that says nothing: {}", run.error);
  });
}

Verdict messages_hold_no_body(const Subject& subject) {
  static constexpr std::string_view kFiller = "filler-of-a-long-body ";
  std::string body = R"({"undocumented":")";
  while (body.size() < 10'000) body += kFiller;
  return of_nothing_documented(subject, body + "\"}", [](const core::RunSummary& run) {
    std::string words = run.error;
    for (const std::string& problem : run.problems) words += problem;
    std::size_t length = 0;
    for (std::size_t at = words.find(kFiller); at != std::string::npos;
         at = words.find(kFiller, at + 1))
      length += kFiller.size();
    if (length <= kLongestQuote) return passed();
    return failed("the message holds {} bytes of the product's body", length);
  });
}

constexpr Case kCases[] = {
    {.id = "errors.refused_credentials",
     .promise = "Credentials that are refused while fetching end the run as EAR_AUTH.",
     .clause = "ERROR-1",
     .needs = kFirstRun,
     .run = refused_credentials},
    {.id = "errors.lacking_permission",
     .promise = "A permission that is lacking ends the run as EAR_FORBIDDEN, or is a problem.",
     .clause = "ERROR-1",
     .needs = kFirstRun,
     .run = lacking_permission},
    {.id = "errors.absent_account",
     .promise =
         "An account that is not there ends the run as EAR_NOT_FOUND; a page that is not there "
         "is not the last one.",
     .clause = "ERROR-1",
     .needs = kFirstRun,
     .run = absent_account},
    {.id = "errors.refused_request",
     .promise = "A request that the product refuses as wrong is a failure, never an empty page.",
     .clause = "ERROR-1",
     .needs = kFirstRun,
     .run = refused_request},
    {.id = "errors.failing_product",
     .promise = "A product that goes on failing ends the run as EAR_UPSTREAM.",
     .clause = "ERROR-1",
     .needs = kFirstRun,
     .run = failing_product},
    {.id = "errors.silent_product",
     .promise = "A product that does not answer ends the run as EAR_NETWORK.",
     .clause = "ERROR-1",
     .needs = kFirstRun,
     .run = silent_product},
    {.id = "errors.codes_go_up_unchanged",
     .promise = "A code that a host function answered is what the plugin returns.",
     .clause = "ERROR-3",
     .needs = kFirstRun,
     .run = codes_go_up_unchanged},
    {.id = "errors.failures_have_words",
     .promise = "A plugin that finds a fault of its own says so with `fail`.",
     .clause = "ERROR-1",
     .needs = kFirstRun,
     .run = failures_have_words},
    {.id = "errors.codes_are_known",
     .promise = "A plugin returns no code that abi.h does not have, and none that says nothing.",
     .clause = "ERROR-3",
     .needs = kFirstRun,
     .run = codes_are_known},
    {.id = "errors.messages_hold_no_body",
     .promise = "A message does not quote what the product sent at length.",
     .clause = "ERROR-2",
     .needs = kFirstRun,
     .run = messages_hold_no_body},
};

}  // namespace

std::span<const Case> error_cases() noexcept {
  return kCases;
}

}  // namespace earshot::conformance

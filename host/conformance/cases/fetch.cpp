/// Fetching: everything, once, and on from where it stopped.

#include <fmt/ranges.h>

#include "conformance/case.hpp"
#include "conformance/whole_run.hpp"

namespace earshot::conformance {

using core::HttpRequest;
using core::RunSummary;

namespace {

constexpr Needs kFirstRun{.provides = "feedback", .cassettes = "first_run"};

Verdict takes_everything(const Subject& subject) {
  EAR_TRY(const auto rehearsal, Rehearsal::open(subject));
  PlayedProduct product(subject.cassette("first_run"), subject.corpus());
  const RunSummary run = rehearsal->sync(product);
  EAR_KEPT(completed(run, product));
  const std::vector<std::string> unused = product.unused();
  if (!unused.empty()) return failed("it never asks for {}", fmt::join(unused, ", "));
  if (run.counts.fetched() == 0) return failed("nothing was fetched");
  if (run.counts.rejected != 0)
    return failed("{} of {} items cannot be mapped", run.counts.rejected, run.counts.fetched());
  return passed();
}

Verdict resumes_from_every_checkpoint(const Subject& subject) {
  EAR_TRY(const WholeRun whole, whole_run(subject));
  if (whole.checkpoints == 0) return failed("it makes no checkpoint");
  for (std::uint64_t last = 1; last <= whole.checkpoints; ++last) {
    EAR_TRY(const auto rehearsal, Rehearsal::open(subject));
    PlayedProduct product(subject.good("first_run"), subject.corpus());
    static_cast<void>(rehearsal->sync_until(product, last));
    const Verdict verdict = recovers(*rehearsal, subject, whole);
    if (verdict.outcome != Outcome::pass)
      return failed("stopped behind checkpoint {}: {}", last, verdict.seen);
  }
  return passed();
}

/// The first answer of a place in the product again and again, whatever is asked for there.
PlayedProduct circling_product(const Subject& subject, PlayedProduct& first) {
  return {subject.good("first_run"), subject.corpus(),
          [&first, firsts = std::map<std::string, Answer>()](
              std::size_t, const HttpRequest& request) mutable -> std::optional<Answer> {
            const std::string place =
                request.method + request.target.substr(0, request.target.find('?'));
            const auto known = firsts.find(place);
            if (known != firsts.end()) return known->second;
            return firsts.emplace(place, first.answer(request)).first->second;
          }};
}

Verdict ends_where_pages_repeat(const Subject& subject) {
  EAR_TRY(const auto rehearsal, Rehearsal::open(subject));
  PlayedProduct first(subject.good("first_run"), subject.corpus());
  PlayedProduct product = circling_product(subject, first);
  const RunSummary run = rehearsal->sync(product);
  return ended_well(run, product);
}

constexpr Case kCases[] = {
    {.id = "fetch.takes_everything",
     .promise = "A fetch asks for every page there is and takes every item on it.",
     .clause = "FETCH-1",
     .needs = kFirstRun,
     .run = takes_everything},
    {.id = "fetch.resumes_from_every_checkpoint",
     .promise = "Stopped behind any checkpoint, the next run makes the whole complete.",
     .clause = "FETCH-4",
     .needs = kFirstRun,
     .run = resumes_from_every_checkpoint},
    {.id = "fetch.ends_where_pages_repeat",
     .promise = "A product that gives the same page again and again is not asked for ever.",
     .clause = "FETCH-7",
     .needs = kFirstRun,
     .run = ends_where_pages_repeat},
};

}  // namespace

std::span<const Case> fetch_cases() noexcept {
  return kCases;
}

}  // namespace earshot::conformance

/// Fetching: everything, once, and on from where it stopped.

#include <algorithm>

#include <fmt/ranges.h>

#include "conformance/case.hpp"
#include "conformance/derived.hpp"
#include "conformance/trial.hpp"

namespace earshot::conformance {

using core::HttpRequest;
using core::RunSummary;

namespace {

constexpr Needs kFirstRun{.provides = "feedback", .cassettes = "first_run"};
constexpr Needs kBothRuns{.provides = "feedback", .cassettes = "first_run second_run"};

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

Verdict takes_each_item_once(const Subject& subject) {
  EAR_TRY(const Trial trial, fetched(subject, subject.good("first_run")));
  EAR_KEPT(trial.complete);
  const std::uint64_t handed_over = trial.run.counts.fetched();
  const std::size_t listed = listed_items(subject, trial);
  if (handed_over <= std::max(trial.records.size(), listed)) return passed();
  return failed("{} items were handed over, but there are {}", handed_over,
                std::max(trial.records.size(), listed));
}

Verdict reads_the_same_twice(const Subject& subject) {
  EAR_TRY(const auto rehearsal, Rehearsal::open(subject));
  for (const bool full : {false, true}) {
    PlayedProduct product(subject.good("first_run"), subject.corpus());
    const RunSummary run = rehearsal->sync(product, {.full = full});
    EAR_KEPT(completed(run, product));
    if (full && run.counts.created + run.counts.updated != 0) {
      return failed("the same product read again, as a full run: {} items are new, {} changed",
                    run.counts.created, run.counts.updated);
    }
  }
  return passed();
}

Verdict takes_an_empty_account(const Subject& subject) {
  EAR_TRY(const Trial trial, fetched(subject, emptied(subject.good("first_run"))));
  EAR_KEPT(trial.complete);
  return trial.records.empty() ? passed() : failed("{} records of no items", trial.records.size());
}

std::vector<std::string> asked_of(const Subject& subject, const PlayedProduct& product) {
  std::vector<std::string> asked;
  for (const HttpRequest& request : product.requests())
    asked.push_back(wording(request, subject.recorded_at()));
  return asked;
}

Verdict second_run_asks_for_news(const Subject& subject) {
  EAR_TRY(const auto rehearsal, Rehearsal::open(subject));
  PlayedProduct first(subject.good("first_run"), subject.corpus());
  EAR_KEPT(completed(rehearsal->sync(first), first));
  PlayedProduct second(subject.good("second_run"), subject.corpus());
  EAR_KEPT(completed(rehearsal->sync(second), second));
  if (const auto unused = second.unused(); !unused.empty())
    return failed("the second run never asks for {}", fmt::join(unused, ", "));
  EAR_TRY(const auto stranger, Rehearsal::open(subject));
  PlayedProduct again(subject.good("second_run"), subject.corpus());
  static_cast<void>(stranger->sync(again));
  if (second.requests().empty()) return failed("the second run asks for nothing");
  if (asked_of(subject, second) != asked_of(subject, again)) return passed();
  return failed("the second run asks what a first one asks: {} {}",
                second.requests().front().method, second.requests().front().target);
}

Verdict goes_on_behind_its_pages(const Subject& subject) {
  EAR_TRY(const WholeRun whole, whole_run(subject));
  const std::size_t asked = whole.requests.size();
  if (asked < 2) return too_thin("first_run is a single request");
  EAR_TRY(const auto rehearsal, Rehearsal::open(subject));
  PlayedProduct broken(subject.good("first_run"), subject.corpus(),
                       answering(subject, whole.requests.back(), broken_connection()));
  EAR_KEPT(ended_well(rehearsal->sync(broken), broken));
  PlayedProduct product(subject.good("first_run"), subject.corpus());
  EAR_KEPT(ended_well(rehearsal->sync(product), product));
  if (product.requests().size() < asked) return passed();
  return failed("broken off at the last of {} requests, the next run sends {} again", asked,
                product.requests().size());
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
  EAR_TRY(const WholeRun whole, whole_run(subject));
  EAR_TRY(const auto rehearsal, Rehearsal::open(subject));
  PlayedProduct first(subject.good("first_run"), subject.corpus());
  PlayedProduct product = circling_product(subject, first);
  const RunSummary run = rehearsal->sync(product);
  EAR_KEPT(ended_well(run, product));
  if (run.outcome != core::RunOutcome::completed || !run.problems.empty()) return passed();
  EAR_TRY(const auto contents, rehearsal->contents());
  const std::string apart = difference(whole.contents, contents);
  if (apart.empty()) return passed();
  return failed("where every page is the first one, the run completed as if it were all; {}",
                apart);
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
    {.id = "fetch.goes_on_behind_its_pages",
     .promise = "There is a checkpoint behind every page, so that no run begins from nothing.",
     .clause = "FETCH-8",
     .needs = kFirstRun,
     .run = goes_on_behind_its_pages},
    {.id = "fetch.takes_each_item_once",
     .promise = "No item is handed over twice where nothing changes.",
     .clause = "FETCH-1",
     .needs = kFirstRun,
     .run = takes_each_item_once},
    {.id = "fetch.reads_the_same_twice",
     .promise = "The same product, read again as a whole, gives the same records.",
     .clause = "RECORD-1",
     .needs = kFirstRun,
     .run = reads_the_same_twice},
    {.id = "fetch.second_run_asks_for_news",
     .promise = "The second run asks from the stored cursor on, not for everything again.",
     .clause = "FETCH-2",
     .needs = kBothRuns,
     .run = second_run_asks_for_news},
    {.id = "fetch.takes_an_empty_account",
     .promise = "An account without items completes with none.",
     .clause = "FETCH-6",
     .needs = kFirstRun,
     .run = takes_an_empty_account},
    {.id = "fetch.ends_where_pages_repeat",
     .promise =
         "A product that gives the same page again and again is not asked for ever, nor believed.",
     .clause = "FETCH-7",
     .needs = kFirstRun,
     .run = ends_where_pages_repeat},
};

}  // namespace

std::span<const Case> fetch_cases() noexcept {
  return kCases;
}

}  // namespace earshot::conformance

/// Fetching: limit and window, which are hints.

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <limits>
#include <string>
#include <utility>

#include "conformance/case.hpp"
#include "conformance/trial.hpp"

namespace earshot::conformance {

using core::HttpRequest;
using core::RunSummary;
using core::Time;

namespace {

constexpr Needs kFirstRun{.provides = "feedback", .cassettes = "first_run"};

/// Within a page, at its end, at the end of all, and beyond.
std::set<std::uint64_t> limits_of(std::uint64_t all) {
  return {1, 2, 3, std::max<std::uint64_t>(all, 2) - 1, all, all + 1};
}

/// The time by which a window takes a record or leaves it.
Time window_time(const Subject& subject, const core::StoredRecord& one) {
  for (const core::JsonValue mapping : subject.manifest().records()) {
    const core::JsonValue named = mapping.member("kind");
    const std::string_view kind = named.exists() ? named.text() : mapping.key();
    if (kind == to_string(one.record.kind) && mapping.member("window").text() == "created_at")
      return one.record.created_at;
  }
  return one.record.updated_at;
}

/// Two runs make one whole, the first of them with a limit.
Verdict limit_loses_nothing(const Subject& subject) {
  EAR_TRY(const WholeRun whole, whole_run(subject));
  for (const std::uint64_t limit : limits_of(whole.contents.size())) {
    EAR_TRY(const auto rehearsal, Rehearsal::open(subject));
    PlayedProduct product(subject.good("first_run"), subject.corpus());
    const RunSummary run = rehearsal->sync(product, {.limit = limit});
    EAR_KEPT(ended_well(run, product));
    const Verdict verdict = recovers(*rehearsal, subject, whole);
    if (verdict.outcome != Outcome::pass) return failed("limit {}: {}", limit, verdict.seen);
  }
  return passed();
}

Verdict limit_gives_as_many(const Subject& subject) {
  EAR_TRY(const Trial whole, fetched(subject, subject.good("first_run")));
  EAR_KEPT(whole.complete);
  const std::uint64_t all = whole.run.counts.fetched();
  for (const std::uint64_t limit : limits_of(all)) {
    EAR_TRY(const Trial trial, fetched(subject, subject.good("first_run"), {}, {.limit = limit}));
    EAR_KEPT(trial.complete);
    const std::uint64_t due = std::min(limit, all);
    if (trial.run.counts.fetched() != due)
      return failed("limit {}: {} items instead of {}", limit, trial.run.counts.fetched(), due);
  }
  return passed();
}

Verdict keeps_the_window(const Subject& subject) {
  EAR_TRY(const Trial whole, fetched(subject, subject.good("first_run")));
  EAR_KEPT(whole.complete);
  std::set<Time> times;
  for (const core::StoredRecord& one : whole.records) times.insert(window_time(subject, one));
  if (times.size() < 3) return too_thin("first_run has items of fewer than three times");
  const Time from = *std::next(times.begin());
  const Time to = *times.rbegin();
  std::map<std::string, std::string> due;
  for (const core::StoredRecord& one : whole.records) {
    const Time at = window_time(subject, one);
    if (at >= from && at < to) due.merge(contents_of({one}));
  }
  EAR_TRY(const Trial trial,
          fetched(subject, subject.good("first_run"), {}, {.from = from, .to = to}));
  EAR_KEPT(trial.complete);
  const std::string apart = difference(due, trial.contents);
  return apart.empty() ? passed()
                       : failed("from {} to {}: {}", core::rfc3339(from), core::rfc3339(to), apart);
}

/// What a limit comes to as a number of 32 or 64 bits, with a sign or without.
std::set<std::string> sizes_of(std::uint64_t limit) {
  return {std::to_string(limit), std::to_string(static_cast<std::int64_t>(limit)),
          std::to_string(static_cast<std::uint32_t>(limit)),
          std::to_string(static_cast<std::int32_t>(limit))};
}

/// The recorded product, which refuses such numbers where it was never asked with them: no product
/// gives pages of that size.
PlayedProduct::Script refusing(const Subject& subject, const std::set<std::string>& sizes) {
  std::set<std::string> usual;
  for (const core::CassetteEntry& entry : subject.good("first_run")) {
    for (const auto& word : words_of(entry.target, entry.request_body)) usual.insert(word.second);
  }
  return [sizes, usual](std::size_t, const HttpRequest& request) -> std::optional<Answer> {
    for (const auto& [name, value] : words_of(request.target, request.body)) {
      if (sizes.contains(value) && !usual.contains(value))
        return answer_with(400, R"({"error":"no pages of that size"})");
    }
    return std::nullopt;
  };
}

/// Every other case fetches with a limit of 0, which is none.
Verdict takes_any_limit(const Subject& subject) {
  EAR_TRY(const WholeRun whole, whole_run(subject));
  for (const std::uint64_t limit :
       {std::uint64_t{5'000'000'000}, std::numeric_limits<std::uint64_t>::max()}) {
    EAR_TRY(const Trial trial, fetched(subject, subject.good("first_run"),
                                       refusing(subject, sizes_of(limit)), {.limit = limit}));
    const std::string apart = difference(whole.contents, trial.contents);
    if (trial.complete.outcome == Outcome::pass && apart.empty()) continue;
    return failed("limit {}: {}", limit, apart.empty() ? trial.complete.seen : apart);
  }
  return passed();
}

constexpr Case kCases[] = {
    {.id = "fetch.limit_gives_as_many",
     .promise = "A limit gives so many items, if there are so many.",
     .clause = "FETCH-5",
     .needs = kFirstRun,
     .run = limit_gives_as_many},
    {.id = "fetch.limit_loses_nothing",
     .promise = "What a limit cuts off, the next run gets.",
     .clause = "FETCH-5",
     .needs = kFirstRun,
     .run = limit_loses_nothing},
    {.id = "fetch.keeps_the_window",
     .promise = "A window gives what changed in it, its first moment included.",
     .clause = "FETCH-5",
     .needs = kFirstRun,
     .run = keeps_the_window},
    {.id = "fetch.takes_any_limit",
     .promise = "A limit beyond all there is asks for pages as large as without one.",
     .clause = "FETCH-5",
     .needs = kFirstRun,
     .run = takes_any_limit},
};

}  // namespace

std::span<const Case> hint_cases() noexcept {
  return kCases;
}

}  // namespace earshot::conformance

#include "conformance/whole_run.hpp"

#include <algorithm>
#include <utility>

#include <fmt/ranges.h>

namespace earshot::conformance {

using core::HttpRequest;
using core::Result;
using core::RunOutcome;
using core::RunSummary;

namespace {

/// More would take long and show nothing new.
constexpr std::size_t kMostDamaged = 12;

bool asks_the_same(const HttpRequest& a, const HttpRequest& b) {
  return a.method == b.method && a.target == b.target && a.body == b.body;
}

/// The recorded answers, but where `whose` is asked again, a damaged one.
PlayedProduct damaged_product(const Subject& subject, const HttpRequest& whose,
                              const Damage& damage, PlayedProduct& intact) {
  return {subject.good("first_run"), subject.corpus(),
          [&whose, &damage, &intact](std::size_t, const HttpRequest& request) {
            if (!asks_the_same(request, whose)) return std::optional<Answer>();
            const Answer recorded = intact.answer(request);
            return recorded.result.response ? damage(*recorded.result.response)
                                            : std::optional<Answer>();
          }};
}

Verdict survives_one(const Subject& subject, const WholeRun& whole, const HttpRequest& whose,
                     const Damage& damage) {
  EAR_TRY(const auto rehearsal, Rehearsal::open(subject));
  PlayedProduct intact(subject.good("first_run"), subject.corpus());
  PlayedProduct product = damaged_product(subject, whose, damage, intact);
  const RunSummary run = rehearsal->sync(product);
  EAR_KEPT(ended_well(run, product));
  if (run.outcome == RunOutcome::completed && run.problems.empty()) {
    EAR_TRY(const auto contents, rehearsal->contents());
    const std::string apart = difference(whole.contents, contents);
    if (!apart.empty()) return failed("the run completed as if nothing had happened; {}", apart);
  }
  return recovers(*rehearsal, subject, whole);
}

}  // namespace

Result<WholeRun> whole_run(const Subject& subject) {
  EAR_TRY(const auto rehearsal, Rehearsal::open(subject));
  PlayedProduct product(subject.good("first_run"), subject.corpus());
  const RunSummary run = rehearsal->sync(product);
  const Verdict verdict = completed(run, product);
  if (verdict.outcome != Outcome::pass) {
    return core::Error{.code = core::Code::bad_data,
                       .message = "the cassette first_run cannot be fetched: " + verdict.seen};
  }
  EAR_TRY(auto contents, rehearsal->contents());
  return WholeRun{.contents = std::move(contents),
                  .requests = product.requests(),
                  .checkpoints = rehearsal->checkpoints()};
}

Verdict completed(const RunSummary& run, const PlayedProduct& product) {
  if (product.endless()) return failed("it asks without end");
  if (!product.unrecorded().empty()) {
    return failed("it asks for what was not recorded: {}",
                  fmt::join(product.unrecorded().begin(), product.unrecorded().begin() + 1, ", "));
  }
  if (run.outcome != RunOutcome::completed)
    return failed("the run {}: {} ({})", to_string(run.outcome), run.error, run.error_code);
  if (!run.problems.empty()) return failed("the run had problems: {}", run.problems.front());
  return passed();
}

Verdict ended_well(const RunSummary& run, const PlayedProduct& product) {
  if (product.endless()) return failed("it asks without end");
  if (run.error_code == "misuse" || run.error_code == "internal")
    return failed("the run failed by a fault of the plugin: {} ({})", run.error, run.error_code);
  return passed();
}

Verdict recovers(Rehearsal& rehearsal, const Subject& subject, const WholeRun& whole) {
  PlayedProduct product(subject.good("first_run"), subject.corpus());
  const RunSummary run = rehearsal.sync(product);
  EAR_KEPT(ended_well(run, product));
  EAR_TRY(const auto contents, rehearsal.contents());
  const std::string apart = difference(whole.contents, contents);
  if (!apart.empty()) return failed("after one more run, with all well, {}", apart);
  return product.unrecorded().empty() ? completed(run, product) : passed();
}

Verdict survives(const Subject& subject, const Damage& damage) {
  EAR_TRY(const WholeRun whole, whole_run(subject));
  const std::size_t most = std::min(whole.requests.size(), kMostDamaged);
  for (std::size_t i = 0; i < most; ++i) {
    const HttpRequest& whose = whole.requests[i];
    Verdict verdict = survives_one(subject, whole, whose, damage);
    if (verdict.outcome == Outcome::pass) continue;
    verdict.seen =
        fmt::format("answer {} ({} {}): {}", i + 1, whose.method, whose.target, verdict.seen);
    return verdict;
  }
  return passed();
}

}  // namespace earshot::conformance

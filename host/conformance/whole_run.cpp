#include "conformance/whole_run.hpp"

#include <algorithm>
#include <cctype>
#include <set>
#include <utility>

#include <fmt/ranges.h>

#include <earshot/core/base/text.hpp>

namespace earshot::conformance {

using core::HttpRequest;
using core::Result;
using core::RunOutcome;
using core::RunSummary;

namespace {

/// What a plugin leaves out at the end, since it may still change.
constexpr core::Micros kNow = std::chrono::minutes(10);

/// The recorded answers, but where `whose` is asked again, a damaged one.
PlayedProduct damaged_product(const Subject& subject, const HttpRequest& whose,
                              const Damage& damage, PlayedProduct& intact) {
  return {subject.good("first_run"), subject.corpus(),
          [asked = wording(whose, subject.recorded_at()), begun = subject.recorded_at(), &damage,
           &intact](std::size_t, const HttpRequest& request) {
            if (wording(request, begun) != asked) return std::optional<Answer>();
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

std::vector<std::size_t> spread(std::size_t count, std::size_t most) {
  std::set<std::size_t> chosen;
  const std::size_t steps = std::min(count, most);
  for (std::size_t i = 0; i < steps; ++i)
    chosen.insert(steps == 1 ? 0 : i * (count - 1) / (steps - 1));
  return {chosen.begin(), chosen.end()};
}

std::string answer_name(const WholeRun& whole, std::size_t index) {
  const HttpRequest& request = whole.requests[index];
  return fmt::format("answer {} ({} {})", index + 1, request.method, request.target);
}

std::string wording(const HttpRequest& request, core::Time begun) {
  std::string wording = request.method + " ";
  std::string word;
  for (const char c : core::percent_decode(request.target) + " " + request.body + " ") {
    const bool colon = c == ':' && !word.empty();
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || colon || c == '-' || c == '+') {
      word += c;
      continue;
    }
    const std::optional<core::Time> time = core::parse_time(word);
    const bool sent = time && *time > begun - kNow && *time < begun + std::chrono::hours(24);
    (wording += sent ? "now" : word) += c;
    word.clear();
  }
  return wording;
}

Result<WholeRun> whole_run(const Subject& subject) {
  EAR_TRY(const auto rehearsal, Rehearsal::open(subject));
  PlayedProduct product(subject.good("first_run"), subject.corpus());
  const RunSummary run = rehearsal->sync(product);
  const Verdict verdict = completed(run, product);
  if (verdict.outcome != Outcome::pass) {
    return core::Error{.code = core::Code::bad_data,
                       .message = "the cassette first_run cannot be fetched: " + verdict.seen};
  }
  if (product.requests().empty()) {
    return core::Error{.code = core::Code::bad_data,
                       .message = "fetching the cassette first_run asks for nothing"};
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
  for (const std::size_t index : spread(whole.requests.size(), kMostAnswers)) {
    Verdict verdict = survives_one(subject, whole, whole.requests[index], damage);
    if (verdict.outcome == Outcome::pass) continue;
    verdict.seen = fmt::format("{}: {}", answer_name(whole, index), verdict.seen);
    return verdict;
  }
  return passed();
}

}  // namespace earshot::conformance

/// Fetching: cursors and tokens that lead nowhere.

#include <algorithm>
#include <utility>

#include <earshot/core/base/text.hpp>

#include "conformance/case.hpp"
#include "conformance/derived.hpp"
#include "conformance/positions.hpp"
#include "conformance/rig.hpp"
#include "conformance/trial.hpp"

namespace earshot::conformance {

using core::ErrorRule;
using core::HttpRequest;
using core::JsonValue;
using core::RunSummary;

namespace {

constexpr Needs kFirstRun{.provides = "feedback", .cassettes = "first_run"};
constexpr std::size_t kShownOfAnItem = 80;

std::string path_of(const std::string& target) {
  return target.substr(0, target.find('?'));
}

/// At every place of the product its first two answers in turn, whatever is asked for there.
class Circle {
 public:
  explicit Circle(const Recording& recording) {
    for (const core::CassetteEntry& entry : recording) {
      std::vector<core::HttpResponse>& pages = pages_[entry.method + path_of(entry.target)];
      if (pages.size() < 2) pages.push_back(entry.response);
    }
  }
  [[nodiscard]] bool turns() const {
    return std::any_of(pages_.begin(), pages_.end(),
                       [](const auto& place) { return place.second.size() > 1; });
  }
  std::optional<Answer> operator()(std::size_t /*number*/, const HttpRequest& request) {
    const std::string place = request.method + path_of(request.target);
    const auto pages = pages_.find(place);
    if (pages == pages_.end()) return std::nullopt;
    const core::HttpResponse& page = pages->second[asked_[place]++ % pages->second.size()];
    return Answer{.result = {.response = page, .error = std::nullopt}};
  }

 private:
  std::map<std::string, std::vector<core::HttpResponse>> pages_;
  std::map<std::string, std::size_t> asked_;
};

Verdict ends_where_pages_circle(const Subject& subject) {
  const Circle circle(subject.good("first_run"));
  if (!circle.turns()) return too_thin("no place of the product has two pages in first_run");
  EAR_TRY(const Trial trial, fetched(subject, subject.good("first_run"), circle));
  return trial.orderly;
}

/// JSON that has `value` at that pointer.
std::string nested(const std::string& pointer, const std::string& value) {
  if (pointer.empty()) return value;
  const std::size_t end = std::min(pointer.find('/', 1), pointer.size());
  const std::string name = pointer.substr(1, end - 1);
  const std::string inner = nested(pointer.substr(end), value);
  return name == "0" ? "[" + inner + "]" : "{" + json_text(name) + ":" + inner + "}";
}

/// What the product says to a cursor that it does not know: as the manifest expects it.
Answer refusal_of_a_cursor(const core::Manifest& manifest) {
  for (const ErrorRule& rule : manifest.errors) {
    const int status = rule.status.value_or(400);
    for (const auto& [code, outcome] : rule.codes) {
      if (outcome == ErrorRule::Class::bad_cursor)
        return answer_with(status, nested(rule.code_at, json_text(code)));
    }
    if (rule.outcome != ErrorRule::Class::bad_cursor) continue;
    if (!rule.at.empty())
      return answer_with(status, nested(rule.at, rule.equals.value_or(json_text("bad cursor"))));
    return answer_with(status, nested("/error", json_text("bad cursor " + rule.body_contains)));
  }
  return answer_with(400, nested("/error", json_text("bad cursor")));
}

bool tells_of_cursors(const core::Manifest& manifest) {
  return std::any_of(manifest.errors.begin(), manifest.errors.end(), [](const ErrorRule& rule) {
    const bool by_code = std::any_of(rule.codes.begin(), rule.codes.end(), [](const auto& code) {
      return code.second == ErrorRule::Class::bad_cursor;
    });
    return by_code || rule.outcome == ErrorRule::Class::bad_cursor;
  });
}

/// First run on a product that refuses what it never handed out, with cursors that nobody wrote.
Verdict begins_anew_with(const Subject& subject, const WholeRun& whole,
                         const std::map<std::string, std::string>& streams,
                         const std::string& garbage) {
  EAR_TRY(const auto rehearsal, Rehearsal::open(subject));
  for (const auto& stream : streams) EAR_CHECK(rehearsal->put_cursor(stream.first, garbage));
  PlayedProduct intact(subject.good("first_run"), subject.corpus());
  const Answer refusal = refusal_of_a_cursor(subject.manifest());
  PlayedProduct product({}, "", [&](std::size_t, const HttpRequest& request) {
    const std::size_t unknown = intact.unrecorded().size();
    Answer answer = intact.answer(request);
    return std::optional(intact.unrecorded().size() == unknown ? std::move(answer) : refusal);
  });
  const RunSummary run = rehearsal->sync(product);
  EAR_KEPT(completed(run, product));
  EAR_TRY(const auto contents, rehearsal->contents());
  const std::string apart = difference(whole.contents, contents);
  return apart.empty() ? passed() : failed("{}", apart);
}

Verdict begins_anew_without_a_readable_cursor(const Subject& subject) {
  EAR_TRY(const WholeRun whole, whole_run(subject));
  EAR_TRY(const auto rehearsal, Rehearsal::open(subject));
  PlayedProduct product(subject.good("first_run"), subject.corpus());
  EAR_KEPT(completed(rehearsal->sync(product), product));
  EAR_TRY(const auto streams, rehearsal->cursors());
  if (streams.empty()) return failed("it keeps no cursor");
  for (const std::string& garbage :
       {std::string("garbage"), std::string(R"({"v":99,"from":"elsewhere"})"),
        std::string("\xff\xfe\x01"), std::string(3000, 'x')}) {
    const Verdict verdict = begins_anew_with(subject, whole, streams, garbage);
    if (verdict.outcome != Outcome::pass && !tells_of_cursors(subject.manifest())) {
      return warned(
          "the manifest has no rule of the class bad_cursor, so that a cursor which the "
          "product refuses fails every run from then on: {}",
          verdict.seen);
    }
    if (verdict.outcome != Outcome::pass) {
      return failed("with the cursor {}: {}", json_text(garbage.substr(0, 40)), verdict.seen);
    }
  }
  return passed();
}

/// What a URL, a form, JSON and C take for something else.
constexpr std::string_view kOddPosition = " +%2B&=#?/;\\\"'<\xC3\xA9\xE4\xBD\xA0>";
constexpr std::size_t kLongPosition = 600;

/// Fetches as a whole, and on from every checkpoint, from a product that knows those positions
/// alone.
Verdict goes_on_at(const Subject& subject, const WholeRun& whole,
                   const std::map<std::string, std::string>& others) {
  const Recording recording = with_positions(subject.good("first_run"), others);
  std::string corpus = subject.corpus();
  for (const auto& other : others) corpus += other.second + "\n";
  for (std::uint64_t stop = 0; stop <= whole.checkpoints; ++stop) {
    EAR_TRY(const auto rehearsal, Rehearsal::open(subject));
    PlayedProduct first(recording, corpus);
    if (stop != 0) static_cast<void>(rehearsal->sync_until(first, stop));
    PlayedProduct product(recording, corpus);
    const RunSummary run = rehearsal->sync(product);
    EAR_KEPT(stop == 0 ? completed(run, product) : ended_well(run, product));
    EAR_TRY(const auto contents, rehearsal->contents());
    const std::string apart = difference(whole.contents, contents);
    if (!apart.empty() && stop == 0) return failed("{}", apart);
    if (!apart.empty()) return failed("on from checkpoint {}: {}", stop, apart);
  }
  return passed();
}

Verdict keeps_positions(const Subject& subject) {
  EAR_TRY(const WholeRun whole, whole_run(subject));
  std::map<std::string, std::string> odd;
  std::map<std::string, std::string> longer;
  for (const std::string& position : positions_in(subject.good("first_run"))) {
    odd.emplace(position, position + std::string(kOddPosition));
    longer.emplace(position, position + std::string(kLongPosition, 'x'));
  }
  if (odd.empty()) return skipped("no answer in first_run holds a position that is text");
  const Verdict verdict = goes_on_at(subject, whole, odd);
  if (verdict.outcome != Outcome::pass)
    return failed("with positions that end in {}: {}", json_text(kOddPosition), verdict.seen);
  const Verdict other = goes_on_at(subject, whole, longer);
  if (other.outcome == Outcome::pass) return passed();
  return failed("with positions of {} bytes: {}", longer.begin()->second.size(), other.seen);
}

/// The recording with nothing, or no text, where the last page names what comes behind it.
std::vector<Recording> without_last_positions(const Recording& recording) {
  std::vector<Recording> made{recording, emptied(recording), shrunk(recording)};
  const std::set<std::string> places = places_of_positions(recording);
  const std::set<std::string> asked = positions_in(recording);
  for (const char* nothing : {"\"\"", "null", ""}) {
    made.push_back(edited(recording, [&](const std::string& pointer, JsonValue value) {
      const bool last =
          places.contains(place_of(pointer)) && !asked.contains(std::string(value.text()));
      return last ? std::optional<std::string>(nothing) : std::nullopt;
    }));
  }
  return made;
}

Verdict keeps_no_empty_cursor(const Subject& subject) {
  EAR_TRY(const auto rig, Rig::open(subject));
  for (const Recording& recording : without_last_positions(subject.good("first_run"))) {
    if (rig->fetch_from(recording).empty_cursors != 0)
      return failed("where the product names no next page, it hands over an empty cursor");
  }
  return passed();
}

/// A fetch whose `which`-th emit fails, and one of another instance from the cursors that it kept.
Deeds fetched_with_a_failing_emit(const Subject& subject, const Rig& rig, std::uint64_t which) {
  PlayedProduct product(subject.good("first_run"), subject.corpus());
  std::uint64_t emits = 0;
  Manner manner;
  manner.answers = [&emits, which](std::uint64_t, std::string_view function) {
    return function == "emit" && ++emits == which ? EAR_LIMIT : EAR_OK;
  };
  return rig.visit(product, std::move(manner), [](Visit& visit) {
    for (int times = 0; times < 2; ++times) {
      if (visit.open() != EAR_OK) return;
      static_cast<void>(visit.fetch());
      visit.close();
    }
  });
}

Verdict keeps_cursors_behind_their_items(const Subject& subject) {
  EAR_TRY(const auto rig, Rig::open(subject));
  std::uint64_t emits = 0;
  Manner counting;
  counting.answers = [&emits](std::uint64_t, std::string_view function) {
    emits += function == "emit" ? 1 : 0;
    return EAR_OK;
  };
  const Deeds whole = rig->fetch(std::move(counting));
  for (const std::size_t which : spread(emits, kMostAnswers)) {
    const Deeds deeds = fetched_with_a_failing_emit(subject, *rig, which + 1);
    std::set<std::string> kept;
    for (const HandedOver& one : deeds.items) kept.insert(one.item);
    for (const HandedOver& one : whole.items) {
      if (!kept.contains(one.item))
        return failed("the {}. `emit` failed, and the next fetch goes on behind {}", which + 1,
                      core::shorten(one.item, kShownOfAnItem));
    }
  }
  return passed();
}

constexpr Case kCases[] = {
    {.id = "fetch.ends_where_pages_circle",
     .promise = "Pages that lead to each other in a circle come to an end.",
     .clause = "FETCH-7",
     .needs = kFirstRun,
     .run = ends_where_pages_circle},
    {.id = "fetch.begins_anew_without_a_readable_cursor",
     .promise =
         "A cursor that cannot be read is EAR_BAD_CURSOR: the run begins anew, and is whole.",
     .clause = "FETCH-9",
     .needs = kFirstRun,
     .run = begins_anew_without_a_readable_cursor},
    {.id = "fetch.keeps_cursors_behind_their_items",
     .promise = "Where an `emit` fails, no cursor moves beyond its items.",
     .clause = "FETCH-3",
     .needs = kFirstRun,
     .run = keeps_cursors_behind_their_items},
    {.id = "fetch.keeps_no_empty_cursor",
     .promise = "Where the product names no next page, no empty cursor is kept.",
     .clause = "FETCH-10",
     .needs = kFirstRun,
     .run = keeps_no_empty_cursor},
    {.id = "fetch.keeps_positions_as_they_are",
     .promise =
         "What the product hands out as a position goes back byte for byte, also from a cursor.",
     .clause = "FETCH-11",
     .needs = kFirstRun,
     .run = keeps_positions},
};

}  // namespace

std::span<const Case> cursor_cases() noexcept {
  return kCases;
}

}  // namespace earshot::conformance

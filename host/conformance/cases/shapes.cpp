/// A product whose JSON has another shape than the documented one, one value after another.

#include "conformance/case.hpp"
#include "conformance/derived.hpp"
#include "conformance/trial.hpp"

namespace earshot::conformance {

namespace {

constexpr Needs kFirstRun{.provides = "feedback", .cassettes = "first_run"};
/// More places would take long; which are left out follows from the seed.
constexpr std::size_t kMostPlaces = 16;

std::vector<std::string> chosen_places(const Subject& subject, const Recording& recording) {
  const std::set<std::string> all = places_in(recording);
  std::vector<std::string> places(all.begin(), all.end());
  std::vector<std::string> chosen;
  for (const std::size_t index : spread(places.size(), kMostPlaces))
    chosen.push_back(places[(index + subject.seed() - 1) % places.size()]);
  return chosen;
}

/// `wrong` at one place of all answers after another. What is not there may be the end of pages or
/// an absent field, so that null is only survived; anything else must not pass for the end.
Verdict survives_everywhere(const Subject& subject, const std::string& wrong) {
  EAR_TRY(const WholeRun whole, whole_run(subject));
  const Recording good = subject.good("first_run");
  for (const std::string& place : chosen_places(subject, good)) {
    EAR_TRY(const Trial trial, fetched(subject, confused(good, place, wrong)));
    if (trial.orderly.outcome != Outcome::pass)
      return failed("{} at {}: {}", wrong, place, trial.orderly.seen);
    if (wrong != "null" && trial.claims_all() &&
        trial.run.counts.fetched() < whole.contents.size()) {
      return failed("{} at {}: the run completed with {} of {} items as if nothing had happened",
                    wrong, place, trial.run.counts.fetched(), whole.contents.size());
    }
  }
  return passed();
}

Verdict null_anywhere(const Subject& subject) {
  return survives_everywhere(subject, "null");
}

Verdict list_anywhere(const Subject& subject) {
  return survives_everywhere(subject, "[]");
}

Verdict object_anywhere(const Subject& subject) {
  return survives_everywhere(subject, "{}");
}

Verdict number_anywhere(const Subject& subject) {
  return survives_everywhere(subject, "-98765432109876543210987654321");
}

Verdict flag_anywhere(const Subject& subject) {
  return survives_everywhere(subject, "true");
}

Verdict text_anywhere(const Subject& subject) {
  return survives_everywhere(subject, "\"confused\"");
}

constexpr Case kCases[] = {
    {.id = "hostile.null_anywhere",
     .promise = "null in the place of any value is survived.",
     .clause = "DATA-2",
     .needs = kFirstRun,
     .run = null_anywhere},
    {.id = "hostile.list_anywhere",
     .promise = "A list in the place of any value is survived, and is no end of pages.",
     .clause = "DATA-2",
     .needs = kFirstRun,
     .run = list_anywhere},
    {.id = "hostile.object_anywhere",
     .promise = "An object in the place of any value is survived, and is no end of pages.",
     .clause = "DATA-2",
     .needs = kFirstRun,
     .run = object_anywhere},
    {.id = "hostile.number_anywhere",
     .promise = "A huge number in the place of any value is survived, and is no end of pages.",
     .clause = "DATA-2",
     .needs = kFirstRun,
     .run = number_anywhere},
    {.id = "hostile.flag_anywhere",
     .promise = "A boolean in the place of any value is survived, and is no end of pages.",
     .clause = "DATA-2",
     .needs = kFirstRun,
     .run = flag_anywhere},
    {.id = "hostile.text_anywhere",
     .promise = "Text in the place of any other value is survived, and is no end of pages.",
     .clause = "DATA-2",
     .needs = kFirstRun,
     .run = text_anywhere},
};

}  // namespace

std::span<const Case> shape_cases() noexcept {
  return kCases;
}

}  // namespace earshot::conformance

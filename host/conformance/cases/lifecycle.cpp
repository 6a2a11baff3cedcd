/// Instances: opened, called from any thread, closed.

#include <functional>
#include <thread>

#include <fmt/ranges.h>

#include "conformance/allocated.hpp"
#include "conformance/case.hpp"
#include "conformance/rig.hpp"

namespace earshot::conformance {

namespace {

constexpr Needs kFirstRun{.provides = "feedback", .cassettes = "first_run"};
constexpr std::uint64_t kOpens = 100;
constexpr std::uint64_t kMostPlaces = 12;

Verdict same(const Deeds& expected, const Deeds& found) {
  if (found.rc != expected.rc)
    return failed("it returns {}, not {}: {}", code_name(found.rc), code_name(expected.rc),
                  found.message());
  const std::string other = otherwise(expected, found);
  return other.empty() ? passed() : failed("{}", other);
}

Verdict open_sends_nothing(const Subject& subject) {
  EAR_TRY(const auto rig, Rig::open(subject));
  PlayedProduct product(subject.good("first_run"), subject.corpus());
  const Deeds deeds = rig->visit(product, {}, [](Visit& visit) {
    if (visit.open() == EAR_OK) visit.close();
  });
  if (!deeds.requests.empty()) return failed("`open` sends {}", deeds.requests.front());
  return deeds.rc == EAR_OK ? passed()
                            : failed("`open` fails: {} {}", code_name(deeds.rc), deeds.message());
}

Verdict close_calls_nothing(const Subject& subject) {
  EAR_TRY(const auto rig, Rig::open(subject));
  const Deeds deeds = rig->fetch();
  return deeds.while_closing.empty() ? passed()
                                     : failed("`close` calls `{}`", deeds.while_closing.front());
}

Verdict keeps_no_call(const Subject& subject) {
  EAR_TRY(const auto rig, Rig::open(subject));
  const Deeds deeds = rig->fetch();
  if (deeds.out_of_call.empty()) return passed();
  return failed("it calls `{}` with the ear_call of an earlier operation",
                deeds.out_of_call.front());
}

Verdict close_gives_back(const Subject& subject) {
  EAR_TRY(const auto rig, Rig::open(subject));
  Verdict verdict = passed();
  PlayedProduct product(Recording{}, subject.corpus());
  const Deeds deeds = rig->visit(product, {}, [&verdict](Visit& visit) {
    verdict = does_not_grow("an instance", kOpens, [&visit] {
      if (visit.open() == EAR_OK) visit.close();
    });
  });
  return deeds.rc == EAR_OK ? verdict
                            : failed("`open` fails: {} {}", code_name(deeds.rc), deeds.message());
}

Verdict failed_open_leaves_nothing(const Subject& subject) {
  EAR_TRY(const auto rig, Rig::open(subject));
  Manner manner;
  manner.config = "{}";
  manner.empty_alloc = 1;
  manner.answers = [](std::uint64_t, std::string_view) { return EAR_LIMIT; };
  bool left = false;
  PlayedProduct product(Recording{}, subject.corpus());
  static_cast<void>(rig->visit(product, std::move(manner), [&left](Visit& visit) {
    left = visit.open() != EAR_OK && visit.has_instance();
  }));
  return left ? failed("`open` fails and leaves an instance") : passed();
}

/// One instance: an operation that fails, then the one that is looked at.
Verdict goes_on_after_a_failure(const Subject& subject) {
  EAR_TRY(const auto rig, Rig::open(subject));
  const Deeds expected = rig->fetch();
  PlayedProduct product(subject.good("first_run"), subject.corpus());
  bool failing = true;
  Manner manner;
  manner.answers = [&failing](std::uint64_t, std::string_view) {
    return failing ? EAR_NETWORK : EAR_OK;
  };
  const Deeds found = rig->visit(product, std::move(manner), [&failing](Visit& visit) {
    if (visit.open() != EAR_OK) failing = false;
    if (!visit.has_instance() && visit.open() != EAR_OK) return;
    static_cast<void>(visit.authenticate());
    static_cast<void>(visit.fetch());
    failing = false;
    visit.deeds() = {};
    const ear_rc rc = visit.fetch();
    visit.close();
    visit.deeds().rc = rc;
  });
  const Verdict verdict = same(expected, found);
  return verdict.outcome == Outcome::pass ? passed() : failed("after a failure, {}", verdict.seen);
}

void elsewhere(const std::function<void()>& step) {
  std::thread(step).join();
}

Verdict moves_between_threads(const Subject& subject) {
  EAR_TRY(const auto rig, Rig::open(subject));
  const Deeds expected = rig->fetch();
  PlayedProduct product(subject.good("first_run"), subject.corpus());
  const Deeds found = rig->visit(product, {}, [](Visit& visit) {
    ear_rc rc = EAR_INTERNAL;
    elsewhere([&] { rc = visit.open(); });
    if (rc != EAR_OK) return;
    elsewhere([&] { rc = visit.fetch(); });
    elsewhere([&] { visit.close(); });
    visit.deeds().rc = rc;
  });
  const Verdict verdict = same(expected, found);
  return verdict.outcome == Outcome::pass
             ? passed()
             : failed("opened on one thread and called on another, {}", verdict.seen);
}

/// While one instance sleeps, another one fetches all, at the first places where it sleeps.
Verdict shares_nothing(const Subject& subject) {
  EAR_TRY(const auto rig, Rig::open(subject));
  const Deeds expected = rig->fetch();
  for (std::uint64_t place = 1; place <= std::min(expected.suspensions, kMostPlaces); ++place) {
    Deeds other;
    Manner manner;
    manner.answers = [&](std::uint64_t number, std::string_view) {
      if (number == place) other = rig->fetch();
      return EAR_OK;
    };
    const Deeds found = rig->fetch(std::move(manner));
    for (const Deeds* one : {&found, static_cast<const Deeds*>(&other)}) {
      const Verdict verdict = same(expected, *one);
      if (verdict.outcome == Outcome::pass) continue;
      return failed("where another instance fetches while it sleeps for the {}. time, {}", place,
                    verdict.seen);
    }
  }
  return passed();
}

constexpr Case kCases[] = {
    {.id = "lifecycle.open_sends_nothing",
     .promise = "`open` sends no request.",
     .clause = "LIFE-1",
     .needs = {},
     .run = open_sends_nothing},
    {.id = "lifecycle.close_calls_nothing",
     .promise = "`close` calls no host function.",
     .clause = "LIFE-2",
     .needs = kFirstRun,
     .run = close_calls_nothing},
    {.id = "lifecycle.keeps_no_call",
     .promise = "An ear_call is not used after its operation returned.",
     .clause = "LIFE-2",
     .needs = kFirstRun,
     .run = keeps_no_call},
    {.id = "lifecycle.close_gives_back",
     .promise = "`close` gives back what `open` took.",
     .clause = "LIFE-2",
     .needs = {},
     .run = close_gives_back},
    {.id = "lifecycle.failed_open_leaves_nothing",
     .promise = "An `open` that fails leaves no instance.",
     .clause = "LIFE-6",
     .needs = {},
     .run = failed_open_leaves_nothing},
    {.id = "lifecycle.goes_on_after_a_failure",
     .promise = "After operations that failed, the next one does all that the first would have.",
     .clause = "LIFE-5",
     .needs = kFirstRun,
     .run = goes_on_after_a_failure},
    {.id = "lifecycle.moves_between_threads",
     .promise = "Each operation of an instance may run on another thread.",
     .clause = "LIFE-4",
     .needs = kFirstRun,
     .run = moves_between_threads},
    {.id = "lifecycle.shares_nothing",
     .promise = "Two instances at once do what each would have done alone.",
     .clause = "LIFE-3",
     .needs = kFirstRun,
     .run = shares_nothing},
};

}  // namespace

std::span<const Case> lifecycle_cases() noexcept {
  return kCases;
}

}  // namespace earshot::conformance

/// Being stopped: wherever the plugin sleeps, and soon.

#include <functional>

#include "conformance/case.hpp"
#include "conformance/rig.hpp"

namespace earshot::conformance {

namespace {

constexpr Needs kFirstRun{.provides = "feedback", .cassettes = "first_run"};
/// More would take long and show nothing new.
constexpr std::uint64_t kMostStops = 80;
constexpr core::Micros kShortSlice = std::chrono::milliseconds(100);
constexpr core::Micros kLongestSlice = std::chrono::seconds(1);

using Check = std::function<Verdict(const Deeds&)>;
using Operation = Deeds (Rig::*)(Manner) const;

/// Does it once for each place where the plugin sleeps, which is answered `rc` there.
Verdict answered_everywhere(const Subject& subject, ear_rc rc, const Check& check,
                            Operation operation = &Rig::fetch) {
  EAR_TRY(const auto rig, Rig::open(subject));
  const Deeds whole = ((*rig).*operation)({});
  if (whole.rc != EAR_OK)
    return failed("it does not complete undisturbed: {} {}", code_name(whole.rc), whole.message());
  for (std::uint64_t stop = 1; stop <= std::min(whole.suspensions, kMostStops); ++stop) {
    std::string where;
    Manner manner;
    manner.answers = [&](std::uint64_t number, std::string_view function) {
      if (number == stop) where = function;
      return number == stop ? rc : EAR_OK;
    };
    Verdict verdict = check(((*rig).*operation)(std::move(manner)));
    if (verdict.outcome == Outcome::pass) continue;
    verdict.seen = fmt::format("where it sleeps for the {}. time, `{}` answered {}: {}", stop,
                               where, code_name(rc), verdict.seen);
    return verdict;
  }
  return passed();
}

Verdict is_passed_on(const Subject& subject, ear_rc rc, Operation operation = &Rig::fetch) {
  return answered_everywhere(
      subject, rc,
      [rc](const Deeds& deeds) {
        return deeds.rc == rc ? passed() : failed("it returns {}", code_name(deeds.rc));
      },
      operation);
}

Verdict cancel_is_passed_on(const Subject& subject) {
  return is_passed_on(subject, EAR_CANCELLED);
}
Verdict deadline_is_passed_on(const Subject& subject) {
  return is_passed_on(subject, EAR_DEADLINE);
}
Verdict closed_sink_is_passed_on(const Subject& subject) {
  return is_passed_on(subject, EAR_SINK_CLOSED);
}
Verdict spent_quota_is_passed_on(const Subject& subject) {
  return is_passed_on(subject, EAR_YIELDED);
}

Verdict returns_soon(const Subject& subject) {
  return answered_everywhere(subject, EAR_CANCELLED, [](const Deeds& deeds) {
    return deeds.after_stop.size() <= 2
               ? passed()
               : failed("it calls {} more functions that sleep", deeds.after_stop.size());
  });
}

Verdict stores_nothing_after(const Subject& subject) {
  return answered_everywhere(subject, EAR_CANCELLED, [](const Deeds& deeds) {
    for (const std::string& function : deeds.after_stop) {
      if (function == "emit" || function == "checkpoint")
        return failed("it calls `{}` after that", function);
    }
    return passed();
  });
}

Verdict makes_up_no_stop(const Subject& subject) {
  for (const ear_rc rc : {EAR_LIMIT, EAR_NETWORK}) {
    EAR_KEPT(answered_everywhere(subject, rc, [](const Deeds& deeds) {
      return is_sticky(deeds.rc)
                 ? failed("it returns {}, which nobody answered", code_name(deeds.rc))
                 : passed();
    }));
  }
  return passed();
}

Verdict stops_authenticating(const Subject& subject) {
  for (const ear_rc rc : {EAR_CANCELLED, EAR_DEADLINE, EAR_YIELDED})
    EAR_KEPT(is_passed_on(subject, rc, &Rig::authenticate));
  return passed();
}

Verdict works_in_short_steps(const Subject& subject) {
  EAR_TRY(const auto rig, Rig::open(subject));
  const core::Micros slice = rig->fetch().longest_slice;
  const std::string seen =
      fmt::format("it computes for {} ms without a look at the host", slice.count() / 1000);
  if (slice > kLongestSlice) return failed("{}", seen);
  return slice > kShortSlice ? warned("{}", seen) : passed();
}

constexpr Case kCases[] = {
    {.id = "cancel.cancel_is_passed_on",
     .promise = "Wherever a fetch is cancelled, it returns EAR_CANCELLED.",
     .clause = "CANCEL-1",
     .needs = kFirstRun,
     .run = cancel_is_passed_on},
    {.id = "cancel.deadline_is_passed_on",
     .promise = "Wherever a fetch runs out of time, it returns EAR_DEADLINE.",
     .clause = "CANCEL-1",
     .needs = kFirstRun,
     .run = deadline_is_passed_on},
    {.id = "cancel.closed_sink_is_passed_on",
     .promise = "Wherever the host has enough, a fetch returns EAR_SINK_CLOSED.",
     .clause = "CANCEL-1",
     .needs = kFirstRun,
     .run = closed_sink_is_passed_on},
    {.id = "cancel.spent_quota_is_passed_on",
     .promise = "Wherever quota is used up, a fetch returns EAR_YIELDED.",
     .clause = "CANCEL-1",
     .needs = kFirstRun,
     .run = spent_quota_is_passed_on},
    {.id = "cancel.returns_soon",
     .promise = "Once stopped, a fetch calls at most two more functions that may sleep.",
     .clause = "CANCEL-1",
     .needs = kFirstRun,
     .run = returns_soon},
    {.id = "cancel.stores_nothing_after",
     .promise = "Once stopped, a fetch emits nothing and makes no checkpoint.",
     .clause = "CANCEL-2",
     .needs = kFirstRun,
     .run = stores_nothing_after},
    {.id = "cancel.makes_up_no_stop",
     .promise = "A failure of the host is not returned as a stop that nobody asked for.",
     .clause = "CANCEL-3",
     .needs = kFirstRun,
     .run = makes_up_no_stop},
    {.id = "cancel.stops_authenticating",
     .promise = "Wherever authenticating is stopped, it returns the code that it was stopped with.",
     .clause = "CANCEL-1",
     .needs = {.provides = "", .cassettes = "authenticate"},
     .run = stops_authenticating},
    {.id = "cancel.works_in_short_steps",
     .promise = "A fetch computes for less than 100 ms between two host functions.",
     .clause = "CANCEL-4",
     .needs = kFirstRun,
     .run = works_in_short_steps},
};

}  // namespace

std::span<const Case> cancel_cases() noexcept {
  return kCases;
}

}  // namespace earshot::conformance

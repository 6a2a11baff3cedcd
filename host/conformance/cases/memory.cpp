/// Memory: what is lent, what is asked for, what is given back.

#include <fmt/ranges.h>

#include "conformance/allocated.hpp"
#include "conformance/case.hpp"
#include "conformance/rig.hpp"
#include "conformance/trial.hpp"

namespace earshot::conformance {

namespace {

constexpr Needs kFirstRun{.provides = "feedback", .cassettes = "first_run"};
constexpr std::uint64_t kMostAllocations = 80;
constexpr std::uint64_t kFetches = 8;
constexpr std::size_t kMostFailures = 8;

/// Fetches with guarded memory, where a forbidden touch ends the case, and without.
Verdict touches_only(const Subject& subject, Loans::Guards guards) {
  EAR_TRY(const auto rig, Rig::open(subject));
  Manner manner;
  manner.guards = guards;
  const Deeds guarded = rig->fetch(std::move(manner));
  const Deeds plain = rig->fetch();
  if (guarded.rc != plain.rc)
    return failed("it returns {} where what is lent is guarded, not {}: {}", code_name(guarded.rc),
                  code_name(plain.rc), guarded.message());
  const std::string other = otherwise(plain, guarded);
  return other.empty() ? passed() : failed("where what is lent is guarded, {}", other);
}

Verdict reads_no_further(const Subject& subject) {
  return touches_only(subject, {.ends = true});
}
Verdict reads_no_answer_late(const Subject& subject) {
  return touches_only(subject, {.answers = true});
}
Verdict reads_no_argument_late(const Subject& subject) {
  return touches_only(subject, {.arguments = true});
}

Verdict lives_without_memory(const Subject& subject) {
  EAR_TRY(const auto rig, Rig::open(subject));
  const Deeds whole = rig->fetch();
  for (std::uint64_t which = 1; which <= std::min(whole.allocations, kMostAllocations); ++which) {
    Manner manner;
    manner.empty_alloc = which;
    const Deeds deeds = rig->fetch(std::move(manner));
    if (is_sticky(deeds.rc) || deeds.rc == EAR_MISUSE)
      return failed("where the {}. `alloc` gave NULL, it returns {}", which, code_name(deeds.rc));
    const std::string other = deeds.rc == EAR_OK ? otherwise(whole, deeds) : std::string();
    if (!other.empty())
      return failed("where the {}. `alloc` gave NULL, it returns EAR_OK though {}", which, other);
  }
  return passed();
}

Verdict gives_back(const Subject& subject) {
  EAR_TRY(const auto rig, Rig::open(subject));
  return does_not_grow("a fetch", kFetches, [&rig] { static_cast<void>(rig->fetch()); });
}

Verdict gives_back_the_account(const Subject& subject) {
  EAR_TRY(const auto rig, Rig::open(subject));
  return does_not_grow("authenticating", kFetches,
                       [&rig] { static_cast<void>(rig->authenticate()); });
}

/// Fetches with each of the codes at each of a few places where the plugin sleeps, and from a
/// product whose answers are none.
void fail_everywhere(const Subject& subject, const Rig& rig, std::uint64_t suspensions) {
  for (const ear_rc rc : {EAR_NETWORK, EAR_LIMIT, EAR_CANCELLED}) {
    for (const std::size_t stop : spread(suspensions, kMostFailures)) {
      Manner manner;
      manner.answers = [rc, stop](std::uint64_t number, std::string_view) {
        return number == stop + 1 ? rc : EAR_OK;
      };
      static_cast<void>(rig.fetch(std::move(manner)));
    }
  }
  PlayedProduct product({}, subject.corpus(), [](std::size_t, const core::HttpRequest&) {
    return answer_with(200, "{}");
  });
  static_cast<void>(rig.visit(product, {}, [](Visit& visit) {
    if (visit.open() != EAR_OK) return;
    static_cast<void>(visit.fetch());
    visit.close();
  }));
}

Verdict gives_back_after_failures(const Subject& subject) {
  EAR_TRY(const auto rig, Rig::open(subject));
  const std::uint64_t suspensions = rig->fetch().suspensions;
  return does_not_grow("a fetch that fails, tried in several ways,", 1,
                       [&] { fail_everywhere(subject, *rig, suspensions); });
}

Verdict tells_true_sizes(const Subject& subject) {
  EAR_TRY(const auto rig, Rig::open(subject));
  const Deeds deeds = rig->fetch();
  return deeds.untrue_sizes.empty() ? passed() : failed("{}", deeds.untrue_sizes.front());
}

constexpr Case kCases[] = {
    {.id = "memory.reads_no_further",
     .promise = "Text that a host function lent ends with its size; nothing behind it is read.",
     .clause = "MEMORY-4",
     .needs = kFirstRun,
     .run = reads_no_further},
    {.id = "memory.reads_no_answer_late",
     .promise = "What a host function lent is copied before its time is over.",
     .clause = "MEMORY-1",
     .needs = kFirstRun,
     .run = reads_no_answer_late},
    {.id = "memory.reads_no_argument_late",
     .promise = "What an operation was given is not read after it returned.",
     .clause = "MEMORY-1",
     .needs = kFirstRun,
     .run = reads_no_argument_late},
    {.id = "memory.lives_without_memory",
     .promise = "Wherever `alloc` gives NULL, a fetch fails with a code.",
     .clause = "MEMORY-2",
     .needs = kFirstRun,
     .run = lives_without_memory},
    {.id = "memory.gives_back",
     .promise = "Fetching again and again takes no more memory than the first times.",
     .clause = "MEMORY-3",
     .needs = kFirstRun,
     .run = gives_back},
    {.id = "memory.gives_back_after_failures",
     .promise = "Fetches that fail take no more memory than the first times.",
     .clause = "MEMORY-3",
     .needs = kFirstRun,
     .run = gives_back_after_failures},
    {.id = "memory.gives_back_the_account",
     .promise = "Authenticating again and again takes no more memory than the first times.",
     .clause = "MEMORY-3",
     .needs = {.provides = "", .cassettes = "authenticate"},
     .run = gives_back_the_account},
    {.id = "memory.tells_true_sizes",
     .promise = "The `size` of a structure is that of the structure.",
     .clause = "MEMORY-4",
     .needs = kFirstRun,
     .run = tells_true_sizes},
};

}  // namespace

std::span<const Case> memory_cases() noexcept {
  return kCases;
}

}  // namespace earshot::conformance

/// Records: which item is which, and how it is told that one changed.

#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "conformance/case.hpp"
#include "conformance/rig.hpp"
#include "conformance/trial.hpp"

namespace earshot::conformance {

using core::JsonValue;
using core::StoredRecord;

namespace {

constexpr Needs kFirstRun{.provides = "feedback", .cassettes = "first_run"};
constexpr Needs kBothRuns{.provides = "feedback", .cassettes = "first_run second_run"};

/// What the plugin says a field is, else what stands where the mapping takes it straight from.
std::string field_of(const HandedOver& one, JsonValue mapping, std::string_view field) {
  for (const core::ComputedField& computed : one.fields) {
    if (computed.name == field) return computed.value;
  }
  const JsonValue form = mapping.member(field);
  const std::string_view place = form.is_object() ? form.member("at").text() : form.text();
  const auto item = core::JsonDocument::parse(one.item);
  if (!item || !place.starts_with('/')) return {};
  return std::string((*item)->root().at(place).text());
}

/// An item that comes twice was created once.
Verdict ids_are_unique(const Subject& subject) {
  EAR_TRY(const auto rig, Rig::open(subject));
  std::map<std::string, std::string> created;
  for (const HandedOver& one : rig->fetch().items) {
    const JsonValue mapping = subject.manifest().records().member(one.mapping);
    const std::string id = field_of(one, mapping, "source_id");
    const std::string at = field_of(one, mapping, "created_at");
    if (id.empty() || at.empty()) continue;
    const auto [known, fresh] = created.emplace(one.mapping + " " + id, at);
    if (!fresh && known->second != at)
      return failed("two items are both {}: one was created at {}, the other at {}", known->first,
                    known->second, at);
  }
  return passed();
}

using Versions = std::map<std::string, StoredRecord>;

core::Result<Versions> versions_of(Rehearsal& rehearsal) {
  EAR_TRY(const auto records, rehearsal.records());
  Versions versions;
  for (const StoredRecord& one : records) {
    if (one.record.status != core::RecordStatus::deleted)
      versions.emplace(contents_of({one}).begin()->first, one);
  }
  return versions;
}

/// Some products change an item without a word in its times, so that one that tells is enough.
Verdict told_by_their_times(const Versions& before, const Versions& after) {
  std::string silent;
  bool told = false;
  for (const auto& [name, then] : before) {
    const auto now = after.find(name);
    if (now == after.end() || now->second.raw == then.raw) continue;
    if (now->second.record.created_at != then.record.created_at)
      return failed("{} changed, and with it when it was created: {}, and before {}", name,
                    core::rfc3339(now->second.record.created_at),
                    core::rfc3339(then.record.created_at));
    if (now->second.record.updated_at > then.record.updated_at)
      told = true;
    else
      silent = name;
  }
  if (told) return passed();
  if (silent.empty()) return too_thin("no item of first_run comes again, changed, in second_run");
  return failed("{} changed, but not when it was updated", silent);
}

Verdict changes_show_in_times(const Subject& subject) {
  EAR_TRY(const auto rehearsal, Rehearsal::open(subject));
  PlayedProduct first(subject.good("first_run"), subject.corpus());
  EAR_KEPT(completed(rehearsal->sync(first), first));
  EAR_TRY(const Versions before, versions_of(*rehearsal));
  PlayedProduct second(subject.good("second_run"), subject.corpus());
  EAR_KEPT(completed(rehearsal->sync(second), second));
  EAR_TRY(const Versions after, versions_of(*rehearsal));
  return told_by_their_times(before, after);
}

constexpr Case kCases[] = {
    {.id = "records.ids_are_unique",
     .promise = "No two items of a kind have the same id.",
     .clause = "RECORD-1",
     .needs = kFirstRun,
     .run = ids_are_unique},
    {.id = "records.changes_show_in_times",
     .promise = "An item that changed was updated later than before, and created when it was.",
     .clause = "RECORD-2",
     .needs = kBothRuns,
     .run = changes_show_in_times},
};

}  // namespace

std::span<const Case> version_cases() noexcept {
  return kCases;
}

}  // namespace earshot::conformance

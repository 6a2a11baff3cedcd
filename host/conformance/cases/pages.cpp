/// Fetching: pages of every size and order, and items that change while they are read.

#include <utility>

#include "conformance/case.hpp"
#include "conformance/derived.hpp"
#include "conformance/trial.hpp"

namespace earshot::conformance {

using core::JsonValue;

namespace {

constexpr Needs kFirstRun{.provides = "feedback", .cassettes = "first_run"};
constexpr std::size_t kMostEmptied = 4;
/// Text that would do in any field.
constexpr const char* kNewText = "changed-meanwhile@example.com";

Verdict takes_pages_of_one(const Subject& subject) {
  EAR_TRY(const WholeRun whole, whole_run(subject));
  return fetches_what_is_listed(subject, whole, shrunk(subject.good("first_run")));
}

Verdict takes_empty_pages(const Subject& subject) {
  EAR_TRY(const WholeRun whole, whole_run(subject));
  const Recording good = subject.good("first_run");
  for (const std::size_t index : spread(good.size(), kMostEmptied)) {
    const Verdict verdict = fetches_what_is_listed(subject, whole, emptied(good, index));
    if (verdict.outcome != Outcome::pass)
      return failed("with answer {} of {} empty: {}", index + 1, good.size(), verdict.seen);
  }
  return passed();
}

Verdict takes_items_in_any_order(const Subject& subject) {
  EAR_TRY(const WholeRun whole, whole_run(subject));
  return fetches_the_same(subject, whole, reversed(subject.good("first_run")));
}

Verdict takes_items_that_come_twice(const Subject& subject) {
  EAR_TRY(const WholeRun whole, whole_run(subject));
  return fetches_the_same(subject, whole, overlapping(subject.good("first_run")));
}

/// A record that is mapped straight from an item of a list.
struct Listed {
  std::size_t answer = 0;
  std::string pointer;  ///< Of the list.
  std::string item;     ///< Its JSON.
  const core::StoredRecord* stored = nullptr;
};

/// Where the mappings take fields of text from, as far as that is straight from an item.
std::set<std::string> places_of_texts(const core::Manifest& manifest) {
  std::set<std::string> places;
  for (const char* field : {"title", "content", "customer_email", "customer_name"}) {
    places.merge(places_of(manifest, field));
  }
  return places;
}

bool says(const core::Record& record, std::string_view text) {
  return record.title == text || record.content == text || record.customer_email == text ||
         record.customer_name == text;
}

std::set<std::string> times_of(const core::Manifest& manifest) {
  std::set<std::string> places = places_of(manifest, "updated_at");
  places.merge(places_of(manifest, "version"));
  return places;
}

void add_items(const Subject& subject, const Trial& whole, std::size_t answer, JsonValue list,
               std::vector<Listed>& found) {
  for (const JsonValue item : list) {
    const std::string name = record_of(subject, whole.contents, item);
    for (const core::StoredRecord& one : whole.records) {
      if (!name.empty() && contents_of({one}).contains(name))
        found.push_back({answer, "/" + std::string(list.key()), item.dump(), &one});
    }
  }
}

std::vector<Listed> listed_items(const Subject& subject, const Trial& whole,
                                 const Recording& recording) {
  std::vector<Listed> found;
  for (std::size_t i = 0; i < recording.size(); ++i) {
    const auto document = core::JsonDocument::parse(recording[i].response.body);
    if (!document) continue;
    for (const JsonValue list : (*document)->root()) {
      if (list.is_array()) add_items(subject, whole, i, list, found);
    }
  }
  return found;
}

/// The item with other texts, and later by an hour; empty where it has nothing at those places.
std::string changed(const Listed& one, const std::map<std::string, std::string>& changes,
                    const core::Manifest& manifest) {
  const auto document = core::JsonDocument::parse(one.item);
  const bool there = document && (*document)->root().at(changes.begin()->first).is_string();
  return there ? later((*document)->root(), changes, times_of(manifest)) : std::string();
}

/// The recording with one more item at the front of that list.
Recording with_item(Recording recording, std::size_t answer, const std::string& pointer,
                    const std::string& item) {
  std::string& body = recording[answer].response.body;
  body = edited(body, [&](const std::string& at, JsonValue list) {
    if (at != pointer || !list.is_array()) return std::optional<std::string>();
    const std::string rest = list.dump().substr(1);
    return std::optional("[" + item + (list.size() == 0 ? "" : ",") + rest);
  });
  return recording;
}

std::optional<std::size_t> next_page(const Recording& recording, std::size_t answer) {
  const auto path = [&](std::size_t i) {
    return recording[i].target.substr(0, recording[i].target.find('?'));
  };
  for (std::size_t i = answer + 1; i < recording.size(); ++i) {
    if (path(i) == path(answer)) return i;
  }
  return std::nullopt;
}

/// The item once more on a later page, with another text.
Verdict is_taken_again(const Subject& subject, const Listed& one, const Recording& again) {
  EAR_TRY(const Trial trial, fetched(subject, again));
  EAR_KEPT(trial.complete);
  for (const core::StoredRecord& now : trial.records) {
    if (now.record.source_id == one.stored->record.source_id && !says(now.record, kNewText))
      return failed("{} came once more, changed, on a later page, but nothing of it says so",
                    now.record.source_id);
  }
  return passed();
}

/// Of items that are records as they are listed; where details are asked for, those decide.
Verdict takes_what_changed(const Subject& subject) {
  EAR_TRY(const Trial whole, fetched(subject, subject.good("first_run")));
  const Recording recording = subject.good("first_run");
  bool concerned = false;
  for (const std::string& place : places_of_texts(subject.manifest())) {
    for (const Listed& one : listed_items(subject, whole, recording)) {
      const std::string item = changed(one, {{place, kNewText}}, subject.manifest());
      const bool live = one.stored->record.status != core::RecordStatus::deleted;
      if (item.empty() || !live || one.stored->raw != one.item) continue;
      concerned = true;
      if (const auto page = next_page(recording, one.answer))
        return is_taken_again(subject, one, with_item(recording, *page, one.pointer, item));
    }
  }
  return concerned ? too_thin("first_run has no second page of items")
                   : skipped("no text of an item is taken straight from a list");
}

/// The words that the manifest takes for "deleted", by where they stand.
std::map<std::string, std::string> words_for_gone(const core::Manifest& manifest) {
  std::map<std::string, std::string> words;
  for (const JsonValue record : manifest.records()) {
    for (const JsonValue word : record.member("status").member("map")) {
      if (word.text() == "deleted")
        words.emplace(record.member("status").member("at").text(), word.key());
    }
  }
  return words;
}

/// Reads the product, then once more where one item is gone.
Verdict notes_as_gone(const Subject& subject, const Listed& one, const Recording& later_on) {
  EAR_TRY(const auto rehearsal, Rehearsal::open(subject));
  PlayedProduct before(subject.good("first_run"), subject.corpus());
  EAR_KEPT(completed(rehearsal->sync(before), before));
  PlayedProduct after(later_on, subject.corpus());
  EAR_KEPT(completed(rehearsal->sync(after, {.full = true}), after));
  EAR_TRY(const auto records, rehearsal->records());
  for (const core::StoredRecord& now : records) {
    if (now.record.source_id != one.stored->record.source_id) continue;
    if (now.record.status == core::RecordStatus::deleted && now.record.content.empty())
      return passed();
    return failed("{} is gone in the product, but stays '{}'", now.record.source_id,
                  to_string(now.record.status));
  }
  return failed("{} is not there any more", one.stored->record.source_id);
}

Verdict notes_what_is_gone(const Subject& subject) {
  EAR_TRY(const Trial whole, fetched(subject, subject.good("first_run")));
  const Recording recording = subject.good("first_run");
  const std::map<std::string, std::string> words = words_for_gone(subject.manifest());
  for (const auto& [place, word] : words) {
    for (const Listed& one : listed_items(subject, whole, recording)) {
      const std::string item = changed(one, {{place, word}}, subject.manifest());
      if (item.empty() || one.stored->record.status == core::RecordStatus::deleted) continue;
      const Recording later_on = with_lists(recording, [&](JsonValue list) {
        std::string text = list.dump();
        const std::size_t at = text.find(one.item);
        if (at == std::string::npos) return std::optional<std::string>();
        return std::optional(text.replace(at, one.item.size(), item));
      });
      return notes_as_gone(subject, one, later_on);
    }
  }
  return words.empty() ? skipped("the manifest has no word for items that are gone")
                       : skipped("items on a list in first_run do not say whether they are gone");
}

constexpr Case kCases[] = {
    {.id = "fetch.takes_pages_of_one",
     .promise = "A page with a single item is taken like any other.",
     .clause = "FETCH-1",
     .needs = kFirstRun,
     .run = takes_pages_of_one},
    {.id = "fetch.takes_empty_pages",
     .promise = "A page without items, the last one or another, is no failure.",
     .clause = "FETCH-6",
     .needs = kFirstRun,
     .run = takes_empty_pages},
    {.id = "fetch.takes_items_in_any_order",
     .promise = "The order of items within a page decides nothing.",
     .clause = "FETCH-1",
     .needs = kFirstRun,
     .run = takes_items_in_any_order},
    {.id = "fetch.takes_items_that_come_twice",
     .promise = "An item that slips onto the next page as well changes nothing.",
     .clause = "FETCH-1",
     .needs = kFirstRun,
     .run = takes_items_that_come_twice},
    {.id = "fetch.takes_what_changed_meanwhile",
     .promise = "An item that comes again, changed, on a later page is taken as it is then.",
     .clause = "FETCH-1",
     .needs = kFirstRun,
     .run = takes_what_changed},
    {.id = "fetch.notes_what_is_gone",
     .promise = "An item that the product calls deleted becomes a tombstone.",
     .clause = "FETCH-1",
     .needs = kFirstRun,
     .run = notes_what_is_gone},
};

}  // namespace

std::span<const Case> page_cases() noexcept {
  return kCases;
}

}  // namespace earshot::conformance

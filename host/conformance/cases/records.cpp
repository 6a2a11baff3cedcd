/// Records: what they say, and that it is the product's.

#include <algorithm>
#include <memory>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

#include <earshot/core/base/text.hpp>

#include "conformance/case.hpp"
#include "conformance/derived.hpp"
#include "conformance/rig.hpp"
#include "conformance/trial.hpp"

namespace earshot::conformance {

using core::JsonValue;
using core::RecordStatus;
using core::StoredRecord;

namespace {

constexpr Needs kFirstRun{.provides = "feedback", .cassettes = "first_run"};
/// Turkish, Chinese, an emoji of several code points, right to left, combining, quotes.
constexpr const char* kScripts =
    " \u015e \u4f60\u597d \U0001F469\u200D\U0001F680 \u05e9\u05dc\u05d5\u05dd e\u0301 \"'\\/ end";
constexpr const char* kNewWord = "a_word_of_tomorrow";

core::Result<Trial> first_run(const Subject& subject) {
  EAR_TRY(Trial trial, fetched(subject, subject.good("first_run")));
  if (trial.complete.outcome == Outcome::pass) return trial;
  return core::Error{.code = core::Code::bad_data, .message = trial.complete.seen};
}

Verdict ids_belong_to_items(const Subject& subject) {
  EAR_TRY(const Trial whole, first_run(subject));
  std::map<std::string, std::set<std::string>> ids;
  for (const StoredRecord& one : whole.records) ids[one.raw].insert(one.record.source_id);
  for (const Recording& other :
       {reversed(subject.good("first_run")), shrunk(subject.good("first_run"))}) {
    EAR_TRY(const Trial trial, fetched(subject, other));
    EAR_KEPT(trial.complete);
    for (const StoredRecord& one : trial.records) {
      const auto found = ids.find(one.raw);
      if (one.raw.empty() || found == ids.end()) continue;
      if (found->second.contains(one.record.source_id)) continue;
      return failed("{} is {} where its page has other items or another order",
                    *found->second.begin(), one.record.source_id);
    }
  }
  return passed();
}

Verdict times_are_plausible(const Subject& subject) {
  const core::Time oldest = core::parse_time("1990-01-01").value_or(core::Time{});
  const core::Time newest = subject.recorded_at() + std::chrono::hours(24);
  EAR_TRY(const Trial trial, first_run(subject));
  for (const StoredRecord& one : trial.records) {
    const core::Record& record = one.record;
    const std::string created = core::rfc3339(record.created_at);
    const std::string updated = core::rfc3339(record.updated_at);
    const bool live = record.status != RecordStatus::deleted;
    if (live && record.created_at > record.updated_at)
      return failed("{} was updated at {}, before it was created at {}", record.source_id, updated,
                    created);
    if (record.updated_at > newest || record.updated_at < oldest)
      return failed("{} was updated at {}", record.source_id, updated);
    if (live && record.created_at < oldest)
      return failed("{} was created at {}", record.source_id, created);
  }
  return passed();
}

Verdict ratings_are_in_range(const Subject& subject) {
  EAR_TRY(const Trial trial, first_run(subject));
  for (const StoredRecord& one : trial.records) {
    const auto& rating = one.record.rating;
    if (rating && (rating->value < 0 || rating->value > rating->max))
      return failed("{} is rated {} of {}", one.record.source_id, rating->value, rating->max);
  }
  return passed();
}

Verdict words_are_known(const Subject& subject) {
  EAR_TRY(const Trial trial, first_run(subject));
  return trial.run.notes.empty() ? passed() : warned("{}", trial.run.notes.front());
}

void add_objects(JsonValue value, std::set<std::string>& objects) {
  if (value.is_object()) objects.insert(value.dump());
  for (const JsonValue child : value) add_objects(child, objects);
}

Verdict raw_is_the_products(const Subject& subject) {
  std::set<std::string> objects;
  for (const core::CassetteEntry& entry : subject.good("first_run")) {
    const auto document = core::JsonDocument::parse(entry.response.body);
    if (document) add_objects((*document)->root(), objects);
  }
  EAR_TRY(const Trial trial, first_run(subject));
  for (const StoredRecord& one : trial.records) {
    if (one.record.status == RecordStatus::deleted) continue;
    if (one.raw.empty()) return failed("{} has no raw item", one.record.source_id);
    if (!objects.contains(one.raw))
      return failed("the raw item of {} is none that the product gave", one.record.source_id);
  }
  return passed();
}

Verdict added_members_change_nothing(const Subject& subject) {
  EAR_TRY(const WholeRun whole, whole_run(subject));
  return fetches_the_same(subject, whole, enriched(subject.good("first_run")));
}

/// Every word that the manifest translates becomes one that it does not know; but not those by
/// which the configuration says what is wanted.
Recording with_new_words(const core::Manifest& manifest, const std::string& config,
                         Recording recording) {
  std::map<std::string, std::set<std::string>> words;
  for (const JsonValue record : manifest.records()) {
    for (const JsonValue form : record) {
      const std::string_view at = form.member("at").text();
      for (const JsonValue word : form.member("map")) {
        if (config.find(json_text(word.key())) == std::string::npos)
          words[std::string(at)].emplace(word.key());
      }
    }
  }
  return edited(std::move(recording), [&](const std::string& pointer, JsonValue value) {
    for (const auto& [place, known] : words) {
      const bool there = !place.empty() && pointer.ends_with(place) && value.is_string();
      if (there && known.contains(std::string(value.text())))
        return std::optional(json_text(kNewWord));
    }
    return std::optional<std::string>();
  });
}

Verdict new_words_do_not_fail(const Subject& subject) {
  EAR_TRY(const WholeRun whole, whole_run(subject));
  EAR_TRY(const core::IntegrationSettings settings, subject.settings());
  EAR_TRY(const Trial trial,
          fetched(subject, with_new_words(subject.manifest(), settings.config->root().dump(),
                                          subject.good("first_run"))));
  EAR_KEPT(trial.complete);
  for (const auto& entry : whole.contents) {
    if (!trial.contents.contains(entry.first))
      return failed("{} is lost where a field has a new word", entry.first);
  }
  return passed();
}

using Items = std::vector<std::unique_ptr<core::JsonDocument>>;

/// The items that were handed over for that mapping.
Items items_of(const Deeds& deeds, std::string_view mapping) {
  Items items;
  const std::string before = std::string(mapping) + " {";
  for (const std::string& one : deeds.emitted) {
    if (!one.starts_with(before)) continue;
    auto document = core::JsonDocument::parse(one.substr(mapping.size() + 1));
    if (document) items.push_back(*std::move(document));
  }
  return items;
}

/// The pointer into the item that a form begins with; empty where it begins elsewhere.
std::string_view place_in_item(JsonValue form) {
  if (form.is_string()) return form.text();
  for (const char* source : {"at", "join", "find"}) {
    if (form.is_object() && form.member(source).is_string()) return form.member(source).text();
  }
  return {};
}

/// True where the form looks into the items, and none of them has anything there.
bool finds_nothing(JsonValue form, const Items& items) {
  if (const JsonValue several = form.is_object() ? form.member("first") : form;
      several.is_array()) {
    for (const JsonValue one : several)
      if (!finds_nothing(one, items)) return false;
    return true;
  }
  const std::string_view place = place_in_item(form);
  if (!place.starts_with('/')) return false;
  return std::none_of(items.begin(), items.end(),
                      [place](const auto& item) { return item->root().at(place).exists(); });
}

/// Of fields that hardly any item lacks. What is null in an item is there.
Verdict mapped_places_exist(const Subject& subject) {
  EAR_TRY(const auto rig, Rig::open(subject));
  const Deeds deeds = rig->fetch();
  for (const JsonValue mapping : subject.manifest().records()) {
    const Items items = items_of(deeds, mapping.key());
    for (const char* field : {"source_id", "title", "content", "created_at", "updated_at"}) {
      const JsonValue form = mapping.member(field);
      if (items.empty() || !form.exists() || !finds_nothing(form, items)) continue;
      return warned("'{}' takes `{}` from {}, where none of the {} items in first_run has anything",
                    mapping.key(), field, form.dump(), items.size());
    }
  }
  return passed();
}

void add_texts(JsonValue value, std::set<std::string>& texts) {
  if (value.is_string()) texts.emplace(value.text());
  for (const JsonValue child : value) add_texts(child, texts);
}

/// How many titles and contents stand in the answers as they are in the records.
std::size_t fields_to_grow(const Trial& whole, const Recording& recording) {
  std::set<std::string> texts;
  for (const core::CassetteEntry& entry : recording) {
    const auto document = core::JsonDocument::parse(entry.response.body);
    if (document) add_texts((*document)->root(), texts);
  }
  std::size_t count = 0;
  for (const StoredRecord& one : whole.records) {
    for (const std::string& text : {one.record.title, one.record.content})
      if (!text.empty() && texts.contains(text)) ++count;
  }
  return count;
}

Verdict text_is_kept(const Subject& subject) {
  EAR_TRY(const Trial whole, first_run(subject));
  std::map<std::string, std::string> longer;
  for (const StoredRecord& one : whole.records) {
    for (const std::string& text : {one.record.title, one.record.content})
      if (!text.empty()) longer.emplace(text, text + kScripts);
  }
  EAR_TRY(const Trial trial, fetched(subject, replaced(subject.good("first_run"), longer)));
  EAR_KEPT(trial.complete);
  std::size_t kept = 0;
  for (const StoredRecord& one : trial.records) {
    for (const std::string& text : {one.record.title, one.record.content})
      if (text.find(kScripts) != std::string::npos) ++kept;
  }
  const std::size_t due = fields_to_grow(whole, subject.good("first_run"));
  if (kept >= due) return passed();
  return failed("of {} titles and contents with a text in several scripts, {} are whole", due,
                kept);
}

constexpr Case kCases[] = {
    {.id = "records.ids_belong_to_items",
     .promise = "An item has the same id wherever it stands.",
     .clause = "RECORD-1",
     .needs = kFirstRun,
     .run = ids_belong_to_items},
    {.id = "records.times_are_plausible",
     .promise = "Nothing was updated before it was created, or in the future.",
     .clause = "RECORD-2",
     .needs = kFirstRun,
     .run = times_are_plausible},
    {.id = "records.ratings_are_in_range",
     .promise = "A rating is at least 0 and at most its maximum.",
     .clause = "RECORD-5",
     .needs = kFirstRun,
     .run = ratings_are_in_range},
    {.id = "records.words_are_known",
     .promise = "The mapping has a word for every word that the product documents.",
     .clause = "RECORD-5",
     .needs = kFirstRun,
     .run = words_are_known},
    {.id = "records.raw_is_the_products",
     .promise = "The raw item is what the product gave, and nothing else.",
     .clause = "RECORD-6",
     .needs = kFirstRun,
     .run = raw_is_the_products},
    {.id = "records.added_members_change_nothing",
     .promise = "Members that the product adds to its answers change nothing.",
     .clause = "RECORD-3",
     .needs = kFirstRun,
     .run = added_members_change_nothing},
    {.id = "records.new_words_do_not_fail",
     .promise = "A status, kind or priority that the product adds costs no item.",
     .clause = "RECORD-3",
     .needs = kFirstRun,
     .run = new_words_do_not_fail},
    {.id = "records.text_is_kept",
     .promise = "Text is kept whole, in whatever script.",
     .clause = "RECORD-4",
     .needs = kFirstRun,
     .run = text_is_kept},
    {.id = "records.mapped_places_exist",
     .promise = "Where a mapping takes id, title, content and times from, some item has something.",
     .clause = "RECORD-7",
     .needs = kFirstRun,
     .run = mapped_places_exist},
};

}  // namespace

std::span<const Case> record_cases() noexcept {
  return kCases;
}

}  // namespace earshot::conformance

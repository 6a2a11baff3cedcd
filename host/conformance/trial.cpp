#include "conformance/trial.hpp"

#include <algorithm>
#include <utility>

namespace earshot::conformance {

using core::HttpRequest;
using core::JsonValue;
using core::Result;

namespace {

std::string all_answers(const Recording& recording) {
  std::string text;
  for (const core::CassetteEntry& entry : recording) (text += entry.response.body) += '\n';
  return text;
}

void add_listed(const Subject& subject, const std::map<std::string, std::string>& records,
                const std::string& body, std::multiset<std::string>& names) {
  const auto document = core::JsonDocument::parse(body);
  if (!document) return;
  for (const JsonValue list : (*document)->root()) {
    for (const JsonValue item : list) {
      const std::string name = list.is_array() ? record_of(subject, records, item) : std::string();
      if (!name.empty()) names.insert(name);
    }
  }
}

std::multiset<std::string> listed(const Subject& subject,
                                  const std::map<std::string, std::string>& records,
                                  const Recording& recording) {
  std::multiset<std::string> names;
  for (const core::CassetteEntry& entry : recording)
    add_listed(subject, records, entry.response.body, names);
  return names;
}

}  // namespace

Result<Trial> fetched(const Subject& subject, Recording recording,
                      const PlayedProduct::Script& script, const core::RunOptions& options) {
  EAR_TRY(const auto rehearsal, Rehearsal::open(subject));
  const std::string corpus = subject.corpus() + all_answers(recording);
  PlayedProduct product(std::move(recording), corpus, script);
  Trial trial;
  trial.run = rehearsal->sync(product, options);
  EAR_TRY(trial.records, rehearsal->records());
  trial.contents = contents_of(trial.records);
  trial.requests = product.requests();
  trial.answered = product.answered();
  trial.complete = completed(trial.run, product);
  trial.orderly = ended_well(trial.run, product);
  return trial;
}

Verdict fetches_the_same(const Subject& subject, const WholeRun& whole, Recording recording) {
  EAR_TRY(const Trial trial, fetched(subject, std::move(recording)));
  EAR_KEPT(trial.complete);
  const std::string apart = difference(whole.contents, trial.contents);
  return apart.empty() ? passed() : failed("{}", apart);
}

Verdict fetches_what_is_listed(const Subject& subject, const WholeRun& whole, Recording recording) {
  EAR_TRY(const Trial trial, fetched(subject, std::move(recording)));
  EAR_KEPT(trial.complete);
  for (const std::string& name : listed(subject, whole.contents, trial.answered)) {
    if (!trial.contents.contains(name)) return failed("{} is on a page but was not taken", name);
  }
  for (const auto& entry : trial.contents) {
    if (!whole.contents.contains(entry.first))
      return failed("{} was taken but is none of the product's", entry.first);
  }
  return passed();
}

std::set<std::string> places_of(const core::Manifest& manifest, const std::string& field) {
  std::set<std::string> places;
  for (const JsonValue record : manifest.records()) {
    JsonValue form = record.member(field);
    if (form.member("first").size() != 0) form = *form.member("first").begin();
    const JsonValue place = form.is_object() ? form.member("at") : form;
    if (place.text().starts_with('/')) places.emplace(place.text());
  }
  return places;
}

std::string record_of(const Subject& subject, const std::map<std::string, std::string>& records,
                      JsonValue item) {
  for (const JsonValue mapping : subject.manifest().records()) {
    const JsonValue kind = mapping.member("kind");
    const std::string_view id = item.at(mapping.member("source_id").text()).text();
    const std::string name = fmt::format("{} {}", kind.exists() ? kind.text() : mapping.key(), id);
    if (!id.empty() && records.contains(name)) return name;
  }
  return {};
}

std::size_t listed_items(const Subject& subject, const Trial& trial) {
  return listed(subject, trial.contents, trial.answered).size();
}

PlayedProduct::Script answering(const Subject& subject, const HttpRequest& whose,
                                const Answer& answer) {
  const core::Time begun = subject.recorded_at();
  return [asked = wording(whose, begun), begun, answer](std::size_t, const HttpRequest& request) {
    return wording(request, begun) == asked ? std::optional(answer) : std::nullopt;
  };
}

}  // namespace earshot::conformance

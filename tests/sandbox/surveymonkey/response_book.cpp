#include "sandbox/surveymonkey/response_book.hpp"

#include <string_view>
#include <utility>

namespace earshot::sandbox {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::uint64_t kTraitEvery = 7;
static_assert(kResponseTraits.size() * kTraitEvery <= 200, "200 responses show every trait");

/// Responses around each multiple of kTieEvery share one second; and one import brings more into
/// one second of one survey than a page of a hundred holds.
constexpr std::uint64_t kTieEvery = 50;
constexpr std::uint64_t kTieLength = 8;
constexpr std::uint64_t kImport = 130;
constexpr std::uint64_t kImportFrom = 200;  ///< Smaller accounts had none.
constexpr std::size_t kImportedSurvey = 1;

bool is_heavy(ResponseTrait trait) {
  return trait == ResponseTrait::long_text || trait == ResponseTrait::long_thread;
}

bool is_imported(std::uint64_t rank, std::uint64_t items) {
  const std::uint64_t first = items / 4;
  return items >= kImportFrom && rank >= first && rank < first + kImport;
}

/// The rank whose time the response of `rank` shares.
std::uint64_t tied_rank(std::uint64_t rank, std::uint64_t items) {
  if (is_imported(rank, items)) return items / 4;
  const std::uint64_t phase = rank % kTieEvery;
  return rank < kTieEvery || phase >= kTieLength ? rank : rank - phase;
}

/// Surveys have their shares of every hundred responses, well mixed.
std::size_t survey_at(std::uint64_t rank, ResponseTrait trait, bool imported) {
  const bool needs_choices =
      trait == ResponseTrait::removed_choice || trait == ResponseTrait::other_answer;
  if (needs_choices) return 0;
  if (imported) return kImportedSurvey;
  std::uint64_t left = rank * 37 % 100;
  std::size_t survey = 0;
  while (left >= survey_plans()[survey].share) left -= survey_plans()[survey++].share;
  return survey;
}

std::string_view status_of(ResponseTrait trait) {
  switch (trait) {
    case ResponseTrait::partial: return "partial";
    case ResponseTrait::overquota: return "overquota";
    case ResponseTrait::disqualified: return "disqualified";
    default: return "completed";
  }
}

/// Survey dates have whole minutes and no offset.
std::string survey_date(std::int64_t seconds) {
  return date_string(seconds - seconds % 60).substr(0, "2026-03-02T10:15:00"sv.size());
}

}  // namespace

ResponseBook::ResponseBook(const ProductSetup& setup)
    : random_(setup.seed ^ 0x5a4e7), orders_(survey_plans().size()) {
  const Past past(setup.now);
  begin_ = past.first;
  newest_ = past.last;
  responses_.reserve(setup.items);
  for (std::uint64_t rank = 0; rank < setup.items; ++rank) {
    insert(made(rank, past.at(tied_rank(rank, setup.items), setup.items),
                trait_at(rank, kTraitEvery, kResponseTraits, is_heavy),
                is_imported(rank, setup.items)));
  }
}

SurveyResponse ResponseBook::made(std::uint64_t rank, std::int64_t modified, ResponseTrait trait,
                                  bool imported) {
  SurveyResponse response;
  response.id = next_id_;
  next_id_ += 1 + static_cast<std::int64_t>(random_.below(9));
  response.seed = random_.next();
  response.trait = trait;
  response.status = status_of(trait);
  response.survey = survey_at(rank, trait, imported);
  response.modified = modified;
  response.created = modified - 20 - static_cast<std::int64_t>(response.seed % 2'400);
  return response;
}

void ResponseBook::insert(SurveyResponse response) {
  by_id_[response.id] = responses_.size();
  orders_[response.survey][{response.modified, response.id}] = responses_.size();
  responses_.push_back(std::move(response));
}

void ResponseBook::edit(SurveyResponse& response, std::int64_t modified) {
  ItemOrder& order = orders_[response.survey];
  auto node = order.extract({response.modified, response.id});
  node.key() = {modified, response.id};
  order.insert(std::move(node));
  response.modified = modified;
  ++response.changes;
  response.rendered.clear();
}

void ResponseBook::remove(const SurveyResponse& response) {
  orders_[response.survey].erase({response.modified, response.id});
  by_id_.erase(response.id);
}

const SurveyResponse* ResponseBook::find(std::size_t survey, std::int64_t id) const noexcept {
  const auto found = by_id_.find(id);
  if (found == by_id_.end() || responses_[found->second].survey != survey) return nullptr;
  return &responses_[found->second];
}

const std::string& ResponseBook::simple_json(std::size_t index) {
  SurveyResponse& response = responses_[index];
  if (response.rendered.empty()) response.rendered = json_of(response, true);
  return response.rendered;
}

void ResponseBook::render_all() {
  for (std::size_t index = 0; index < responses_.size(); ++index) simple_json(index);
}

SurveyFacts ResponseBook::facts(std::size_t survey) const {
  return {.responses = orders_[survey].size(),
          .created = survey_date(begin_),
          .modified = survey_date(begin_ + kDay)};
}

template <typename Wanted>
std::vector<std::size_t> ResponseBook::choose(std::uint64_t count, Wanted wanted) {
  std::vector<std::size_t> found;
  for (const ItemOrder& order : orders_) {
    for (const auto& entry : order) {
      if (wanted(responses_[entry.second])) found.push_back(entry.second);
    }
  }
  return drawn(std::move(found), count, random_);
}

Changed ResponseBook::change(const Change& change) {
  Changed out;
  Stamps stamps(newest_);
  const auto can_change = [](const SurveyResponse& response) {
    return response.counts() && response.trait != ResponseTrait::skipped;
  };
  for (const std::size_t index : choose(change.update, can_change)) {
    edit(responses_[index], stamps.next());
    out.updated.push_back(std::to_string(responses_[index].id));
  }
  const auto never_completed = [](const SurveyResponse& response) { return !response.counts(); };
  for (const std::size_t index : choose(change.remove, never_completed)) {
    remove(responses_[index]);
    out.removed.push_back(std::to_string(responses_[index].id));
  }
  for (std::uint64_t added = 0; added < change.add; ++added) {
    insert(made(responses_.size(), stamps.next(), ResponseTrait::none, false));
    out.added.push_back(std::to_string(responses_.back().id));
  }
  return out;
}

}  // namespace earshot::sandbox

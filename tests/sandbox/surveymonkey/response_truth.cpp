/// What a complete and correct fetch comes to: completed responses that are no previews.

#include "sandbox/surveymonkey/response_book.hpp"
#include "sandbox/truth.hpp"

namespace earshot::sandbox {
namespace {

constexpr std::size_t kImportTies = 100;

}  // namespace

std::string ResponseBook::truth() const {
  Truth truth;
  std::map<std::string, std::size_t> sorted;
  for (const ItemOrder& order : orders_) {
    truth.note_ties(order, "import", kImportTies);
    sort_by_text_id(order, sorted);
  }
  for (const auto& [id, index] : sorted) {
    const SurveyResponse& response = responses_[index];
    truth.note_trait(kResponseTraits, response.trait, id);
    if (!response.counts()) continue;
    truth.add(id, {.status = "closed",
                   .updated = response.modified,
                   .title = survey_plans()[response.survey].title,
                   .content = content_of(response)});
  }
  return truth.take();
}

}  // namespace earshot::sandbox

/// What a complete and correct fetch comes to: completed responses that are no previews.

#include <map>

#include <earshot/core/base/time.hpp>
#include <earshot/core/json/writer.hpp>

#include "sandbox/checksum.hpp"
#include "sandbox/surveymonkey/response_book.hpp"

namespace earshot::sandbox {
namespace {

using IdsByTrait = std::map<std::string, std::vector<std::string>, std::less<>>;

constexpr std::size_t kIdsPerTrait = 1'000;
constexpr std::size_t kImportTies = 100;

void note(IdsByTrait& traits, std::string_view name, const std::string& id) {
  std::vector<std::string>& ids = traits[std::string(name)];
  if (ids.size() < kIdsPerTrait) ids.push_back(id);
}

void note_tied(IdsByTrait& traits, const std::vector<std::string>& tied) {
  if (tied.size() < 2) return;
  for (const std::string& id : tied) {
    note(traits, "time_ties", id);
    if (tied.size() >= kImportTies) note(traits, "import", id);
  }
}

/// Groups what shares a second of one survey.
void note_ties(IdsByTrait& traits, const ResponseBook::Order& order) {
  std::vector<std::string> tied;
  std::int64_t second = -1;
  for (const auto& entry : order) {
    if (entry.first.first != second) {
      note_tied(traits, tied);
      tied.clear();
      second = entry.first.first;
    }
    tied.push_back(std::to_string(entry.first.second));
  }
  note_tied(traits, tied);
}

void write_ids(core::JsonWriter& out, std::string_view name, const std::vector<std::string>& ids) {
  out.key(name);
  out.begin_array();
  for (const std::string& id : ids) out.string(id);
  out.end_array();
}

std::string updated_at(const SurveyResponse& response) {
  return core::rfc3339(core::Time(std::chrono::seconds(response.modified)));
}

}  // namespace

std::string ResponseBook::truth() const {
  std::map<std::string, std::size_t> by_text_id;
  IdsByTrait traits;
  for (const Order& order : orders_) {
    note_ties(traits, order);
    for (const auto& entry : order)
      by_text_id.emplace(std::to_string(entry.first.second), entry.second);
  }
  std::vector<std::string> ids;
  Checksum sum;
  for (const auto& [id, index] : by_text_id) {
    const SurveyResponse& response = responses_[index];
    for (const ResponseTraitSpec& spec : kResponseTraits) {
      if (spec.trait == response.trait) note(traits, spec.name, id);
    }
    if (!response.counts()) continue;
    sum.add(id, "closed", updated_at(response), survey_plans()[response.survey].title,
            content_of(response));
    ids.push_back(id);
  }

  core::JsonWriter out;
  out.begin_object();
  out.member("count", static_cast<std::uint64_t>(ids.size()));
  write_ids(out, "ids", ids);
  write_ids(out, "deleted", {});
  out.member("checksum", sum.finish());
  out.key("traits");
  out.begin_object();
  for (const auto& [name, with] : traits) write_ids(out, name, with);
  out.end_object();
  out.end_object();
  return out.take();
}

}  // namespace earshot::sandbox

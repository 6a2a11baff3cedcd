#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <earshot/core/base/random.hpp>

#include "sandbox/product.hpp"
#include "sandbox/surveymonkey/survey_response.hpp"

namespace earshot::sandbox {

/// Where a response stands in a survey: by date_modified, then id.
using ResponsePosition = std::pair<std::int64_t, std::int64_t>;

/// All responses of the account, made from the seed over the 90 days before `now`. The last six
/// hours stay free, and changes are stamped one after the other into them. [one thread at a time]
class ResponseBook {
 public:
  using Order = std::map<ResponsePosition, std::size_t>;

  explicit ResponseBook(const ProductSetup& setup);

  /// The responses of a survey, oldest change first, as indexes for `at`.
  [[nodiscard]] const Order& of_survey(std::size_t survey) const { return orders_[survey]; }
  [[nodiscard]] const SurveyResponse& at(std::size_t index) const { return responses_[index]; }
  /// With the texts of questions and answers in it (simple=true), rendered once.
  const std::string& simple_json(std::size_t index);
  /// Null if the survey has none of that id.
  [[nodiscard]] const SurveyResponse* find(std::size_t survey, std::int64_t id) const noexcept;
  [[nodiscard]] SurveyFacts facts(std::size_t survey) const;

  /// Updates edit completed responses. What is removed was never completed: nobody who fetches can
  /// see a response go.
  Changed change(const Change& change);
  void render_all();
  /// The truth document, of what a fetch with the plugin's defaults comes to.
  [[nodiscard]] std::string truth() const;

 private:
  SurveyResponse made(std::uint64_t rank, std::int64_t modified, ResponseTrait trait,
                      bool imported);
  void insert(SurveyResponse response);
  void edit(SurveyResponse& response, std::int64_t modified);
  void remove(const SurveyResponse& response);
  template <typename Wanted>
  std::vector<std::size_t> choose(std::uint64_t count, Wanted wanted);
  /// When the next of a batch of changes happens; five share a second.
  std::int64_t stamp(std::uint64_t& batch);

  core::Random random_;
  std::int64_t begin_ = 0;
  std::int64_t newest_ = 0;
  std::int64_t next_id_ = 13'376'000'001;
  std::vector<SurveyResponse> responses_;
  std::unordered_map<std::int64_t, std::size_t> by_id_;  ///< Those that are still there.
  std::vector<Order> orders_;                            ///< One a survey.
};

}  // namespace earshot::sandbox

#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include <earshot/core/base/random.hpp>

#include "sandbox/history.hpp"
#include "sandbox/product.hpp"
#include "sandbox/surveymonkey/survey_response.hpp"

namespace earshot::sandbox {

/// All responses of the account, those of a survey by date_modified, then id.
/// [one thread at a time]
class ResponseBook {
 public:
  explicit ResponseBook(const ProductSetup& setup);

  /// The responses of a survey, oldest change first, as indexes for `at`.
  [[nodiscard]] const ItemOrder& of_survey(std::size_t survey) const { return orders_[survey]; }
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

  core::Random random_;
  std::int64_t begin_ = 0;
  std::int64_t newest_ = 0;
  std::int64_t next_id_ = 13'376'000'001;
  std::vector<SurveyResponse> responses_;
  std::unordered_map<std::int64_t, std::size_t> by_id_;  ///< Those that are still there.
  std::vector<ItemOrder> orders_;                        ///< One a survey.
};

}  // namespace earshot::sandbox

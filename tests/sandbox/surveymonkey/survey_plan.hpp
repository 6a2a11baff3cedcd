#pragma once

/// The surveys of the simulated account: what they ask, and under which ids.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace earshot::sandbox {

/// What a question offers: a choice, a row or a column.
struct OptionPlan {
  std::string_view text;   ///< As the product has it: perhaps with HTML.
  std::string_view plain;  ///< As people read it.
  int weight = 0;          ///< Of a choice of a rating.
  bool not_applicable = false;
  std::string_view kind{};  ///< Of a field of a contact question; it is read where `text` is empty.
};

/// A column of a matrix of menus.
struct ColumnPlan {
  std::string_view text;
  std::vector<std::string_view> choices;
};

struct QuestionPlan {
  std::string_view family;
  std::string_view subtype;
  std::string_view heading;
  std::string_view plain;  ///< The heading as people read it.
  std::vector<OptionPlan> choices{};
  std::vector<OptionPlan> rows{};
  std::vector<ColumnPlan> columns{};
  std::string_view other{};           ///< Label of the field for another answer, or empty.
  std::string_view display{};         ///< "emoji", "slider", "file_upload" or empty.
  std::string_view second_heading{};  ///< What half of the respondents are asked instead.
};

struct SurveyPlan {
  std::string_view title;
  std::string_view nickname;
  std::string_view language;
  std::uint64_t share;  ///< Of a hundred responses.
  std::vector<std::vector<QuestionPlan>> pages;
  bool quiz = false;
};
[[nodiscard]] const std::vector<SurveyPlan>& survey_plans();

/// Ids, all of them numbers as text, from the places of things in the plans.
struct QuestionPlace {
  std::size_t survey;
  std::size_t number;  ///< Within the survey, over all pages.
};
[[nodiscard]] std::string survey_id(std::size_t survey);
[[nodiscard]] std::string page_id(std::size_t survey, std::size_t page);
[[nodiscard]] std::string collector_id(std::size_t survey);
[[nodiscard]] std::string question_id(QuestionPlace place);
[[nodiscard]] std::string choice_id(QuestionPlace place, std::size_t choice);
[[nodiscard]] std::string row_id(QuestionPlace place, std::size_t row);
[[nodiscard]] std::string column_id(QuestionPlace place, std::size_t column);
[[nodiscard]] std::string menu_choice_id(QuestionPlace place, std::size_t column,
                                         std::size_t choice);
[[nodiscard]] std::string other_id(QuestionPlace place);
/// Of the first or second heading where a question has two.
[[nodiscard]] std::string variable_id(QuestionPlace place, std::size_t heading);
/// A choice that was taken out of its question after some had picked it.
[[nodiscard]] std::string removed_choice_id(QuestionPlace place);
inline constexpr std::string_view kRemovedChoice = "A choice that is no more";

/// A survey that another team owns and does not share.
inline constexpr std::string_view kForeignSurvey = "318799999";

/// Which survey has that id.
[[nodiscard]] std::optional<std::size_t> find_survey(std::string_view id);

/// A survey as lists show it; `more` adds what `include` may ask for.
struct SurveyFacts {
  std::uint64_t responses = 0;
  std::string created;  ///< "2026-03-02T10:15:00": no offset, whole minutes.
  std::string modified;
};
[[nodiscard]] std::string listed_survey_json(std::size_t survey, const SurveyFacts& facts,
                                             const std::vector<std::string_view>& include);
/// GET /v3/surveys/{id}/details, with its pages, and /v3/surveys/{id} without.
[[nodiscard]] std::string survey_json(std::size_t survey, const SurveyFacts& facts,
                                      bool with_pages);

/// SurveyMonkey writes every slash as "\/".
[[nodiscard]] std::string with_escaped_slashes(std::string_view json);

}  // namespace earshot::sandbox

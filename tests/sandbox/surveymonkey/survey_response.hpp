#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/content.hpp"
#include "sandbox/surveymonkey/survey_plan.hpp"

namespace earshot::sandbox {

/// What is out of the ordinary about a response; each has at most one.
enum class ResponseTrait : std::uint8_t {
  none,
  html,
  emoji,
  right_to_left,
  east_asian,
  long_text,
  nested_quotes,
  long_thread,
  line_separators,
  combining_marks,
  long_word,
  escapes,
  formula,
  whitespace,
  partial,            ///< begun and not completed
  overquota,          ///< turned away: enough others answered
  disqualified,       ///< turned away by an answer
  preview,            ///< the author trying the survey out
  anonymous,          ///< no address, recipient or custom value
  recipient_only,     ///< a recipient's id without an address
  contact_metadata,   ///< the contact stands in `metadata`
  custom_value,       ///< known by a custom value alone
  customer_plan,      ///< a custom variable says which plan
  skipped,            ///< completed without one answer
  removed_choice,     ///< picked what the survey has no longer
  other_answer,       ///< wrote into the field for another answer
  offset_timestamps,  ///< "+02:00" instead of "+00:00"
};

struct ResponseTraitSpec {
  ResponseTrait trait;
  std::string_view name;
  Oddity oddity = Oddity::none;
};
inline constexpr std::array kResponseTraits = {
    ResponseTraitSpec{ResponseTrait::html, "html", Oddity::html},
    ResponseTraitSpec{ResponseTrait::emoji, "emoji", Oddity::emoji},
    ResponseTraitSpec{ResponseTrait::partial, "partial"},
    ResponseTraitSpec{ResponseTrait::right_to_left, "right_to_left", Oddity::right_to_left},
    ResponseTraitSpec{ResponseTrait::anonymous, "anonymous"},
    ResponseTraitSpec{ResponseTrait::long_text, "long_text", Oddity::long_text},
    ResponseTraitSpec{ResponseTrait::recipient_only, "recipient_only"},
    ResponseTraitSpec{ResponseTrait::nested_quotes, "nested_quotes", Oddity::nested_quotes},
    ResponseTraitSpec{ResponseTrait::removed_choice, "removed_choice"},
    ResponseTraitSpec{ResponseTrait::long_thread, "long_thread", Oddity::long_thread},
    ResponseTraitSpec{ResponseTrait::disqualified, "disqualified"},
    ResponseTraitSpec{ResponseTrait::line_separators, "line_separators", Oddity::line_separators},
    ResponseTraitSpec{ResponseTrait::other_answer, "other_answer"},
    ResponseTraitSpec{ResponseTrait::combining_marks, "combining_marks", Oddity::combining_marks},
    ResponseTraitSpec{ResponseTrait::overquota, "overquota"},
    ResponseTraitSpec{ResponseTrait::long_word, "long_word", Oddity::long_word},
    ResponseTraitSpec{ResponseTrait::contact_metadata, "contact_metadata"},
    ResponseTraitSpec{ResponseTrait::escapes, "escapes", Oddity::escapes},
    ResponseTraitSpec{ResponseTrait::preview, "preview"},
    ResponseTraitSpec{ResponseTrait::formula, "formula", Oddity::formula},
    ResponseTraitSpec{ResponseTrait::custom_value, "custom_value"},
    ResponseTraitSpec{ResponseTrait::whitespace, "whitespace", Oddity::whitespace},
    ResponseTraitSpec{ResponseTrait::customer_plan, "customer_plan"},
    ResponseTraitSpec{ResponseTrait::east_asian, "east_asian", Oddity::east_asian},
    ResponseTraitSpec{ResponseTrait::skipped, "skipped"},
    ResponseTraitSpec{ResponseTrait::offset_timestamps, "offset_timestamps"}};

/// A response as it is remembered; all else follows from its seed.
struct SurveyResponse {
  std::int64_t id = 0;
  std::size_t survey = 0;
  std::uint64_t seed = 0;
  std::int64_t created = 0;  ///< Unix seconds, as the next
  std::int64_t modified = 0;
  std::uint32_t changes = 0;  ///< How often it was edited since the account was made.
  ResponseTrait trait = ResponseTrait::none;
  std::string_view status;  ///< The product's word, a literal.
  std::string rendered;     ///< Its JSON with simple=true, empty until asked for.

  /// What a fetch with the plugin's defaults brings.
  [[nodiscard]] bool counts() const noexcept {
    return status == "completed" && trait != ResponseTrait::preview;
  }
};

/// One answer to a question: what was picked, by its place in the plan, and what was written.
struct AnswerFacts {
  std::optional<std::size_t> row{};
  std::optional<std::size_t> column{};
  std::optional<std::size_t> choice{};
  bool other = false;    ///< Written into the field for another answer.
  bool removed = false;  ///< Picked the choice that is no more.
  std::string text{};
  std::string file_url{};
};

struct QuestionFacts {
  std::size_t page = 0;
  std::size_t number = 0;   ///< Within the survey.
  std::size_t heading = 0;  ///< Which of two headings was shown.
  std::vector<AnswerFacts> answers;
};
/// Every question that was answered, in order.
[[nodiscard]] std::vector<QuestionFacts> answers_of(const SurveyResponse& response);

/// Who answered. Empty texts are what the product has where it does not know.
struct RespondentFacts {
  std::string first_name;
  std::string last_name;
  std::string email;
  std::string recipient;
  std::string custom_value;
  std::string plan;  ///< A custom variable, or empty.
};
[[nodiscard]] RespondentFacts respondent_of(const SurveyResponse& response);

/// What a person reads: each answered question, its answers on the lines below.
[[nodiscard]] std::string content_of(const SurveyResponse& response);
/// One answer as a person reads it.
[[nodiscard]] std::string line_of(const QuestionPlan& plan, const AnswerFacts& answer);
[[nodiscard]] const QuestionPlan& plan_of(const SurveyResponse& response,
                                          const QuestionFacts& question);

/// The response's JSON; with `simple` the texts of questions and answers stand in it.
[[nodiscard]] std::string json_of(const SurveyResponse& response, bool simple);

/// Unix seconds as "2026-03-02T10:15:29+00:00".
[[nodiscard]] std::string date_string(std::int64_t seconds);

}  // namespace earshot::sandbox

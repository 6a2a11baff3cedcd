#pragma once

/// What a survey asks, and what a response answers to it.

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <earshot/sdk/call.hpp>

namespace earshot::plugins {

/// What can be picked or filled in: a choice, row, column or "other" field of a question.
struct Option {
  std::string text;             ///< As people read it.
  std::string kind;             ///< Of a field of a contact question, such as "email".
  std::optional<double> score;  ///< Of a choice of a rating question.
};

struct Question {
  std::string id;
  /// By the id of the random assignment that a response names; "" is what everybody else reads.
  std::map<std::string, std::string> headings;
  std::map<std::string, Option> options;  ///< By their ids, which are unique within a survey.
  double highest = 0;                     ///< Score of a rating question; 0 for any other.
  bool nps = false;  ///< "How likely is it that you would recommend ...", 0 to 10.
};

struct Survey {
  std::vector<Question> questions;  ///< In the order in which they are asked.
};

/// What one rating question was answered with; of several rows, their mean.
struct Rating {
  std::string question;
  double value = 0;
  double max = 0;
  bool nps = false;
};

/// The answered questions of a response by their ids.
using Answers = std::map<std::string, sdk::Value, std::less<>>;

/// Reads an answer of /surveys/{id}/details.
[[nodiscard]] Survey read_survey(sdk::Call& call, const sdk::Page& details);

[[nodiscard]] Answers read_answers(const sdk::Value& response);

/// Every answered question with its answers on the lines below, in the survey's order. What the
/// survey has no longer is named as the response itself names it (simple=true).
[[nodiscard]] std::string content_of(sdk::Call& call, const Survey& survey, Answers answers);
/// Every rating question that was answered, in the survey's order.
[[nodiscard]] std::vector<Rating> ratings_of(const Survey& survey, const Answers& answers);
/// What was filled in for that kind of field ("email", "name") of a contact question, or empty.
[[nodiscard]] std::string contact_of(const Survey& survey, const Answers& answers,
                                     std::string_view kind);

}  // namespace earshot::plugins

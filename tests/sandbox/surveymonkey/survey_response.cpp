#include "sandbox/surveymonkey/survey_response.hpp"

#include <utility>

#include <fmt/format.h>

#include <earshot/core/base/random.hpp>
#include <earshot/core/base/time.hpp>

namespace earshot::sandbox {
namespace {

using core::Random;

/// Answers and respondents are drawn apart, so that each can be had without the other.
constexpr std::uint64_t kRespondentStream = 0x4e59041d;
constexpr std::uint64_t kCustomers = 5'000;
constexpr std::array kPlans = {"enterprise", "business", "professional", "free"};

Oddity oddity_of(ResponseTrait trait) {
  for (const ResponseTraitSpec& spec : kResponseTraits) {
    if (spec.trait == trait) return spec.oddity;
  }
  return Oddity::none;
}

std::string essay_text(const SurveyResponse& response, Random& random) {
  const Oddity oddity = oddity_of(response.trait);
  std::string text = oddity == Oddity::none ? message(random, 80 + random.below(600))
                                            : odd_message(oddity, random);
  if (response.changes > 0) text += fmt::format("\n(edit {})", response.changes);
  return text;
}

AnswerFacts written(std::string text) {
  return {.text = std::move(text)};
}

AnswerFacts picked(std::size_t choice) {
  return {.choice = choice};
}

std::vector<AnswerFacts> single_choice(const SurveyResponse& response, const QuestionPlan& plan,
                                       Random& random) {
  const std::size_t choice = random.below(plan.choices.size());
  if (response.trait == ResponseTrait::other_answer && !plan.other.empty()) {
    return {{.other = true, .text = "A <podcast> & a \"friend\""}};
  }
  if (response.trait == ResponseTrait::removed_choice && !plan.other.empty()) {
    return {{.removed = true}};
  }
  return {picked(choice)};
}

std::vector<AnswerFacts> multiple_choice(const QuestionPlan& plan, Random& random) {
  std::vector<AnswerFacts> answers;
  const std::uint64_t mask = random.below(std::uint64_t{1} << plan.choices.size());
  for (std::size_t choice = 0; choice < plan.choices.size(); ++choice) {
    if ((mask >> choice & 1) != 0) answers.push_back(picked(choice));
  }
  return answers;
}

std::vector<AnswerFacts> matrix(const QuestionPlan& plan, Random& random) {
  std::vector<AnswerFacts> answers;
  const std::size_t turn = random.below(std::max<std::size_t>(plan.choices.size(), 1));
  for (std::size_t row = 0; row < plan.rows.size(); ++row) {
    if (plan.columns.empty()) {
      const bool ranks = plan.subtype == "ranking";
      const std::size_t choice =
          ranks ? (row + turn) % plan.choices.size() : random.below(plan.choices.size());
      answers.push_back({.row = row, .choice = choice});
    }
    for (std::size_t column = 0; column < plan.columns.size(); ++column) {
      answers.push_back({.row = row,
                         .column = column,
                         .choice = random.below(plan.columns[column].choices.size())});
    }
  }
  return answers;
}

std::string field_text(const QuestionPlan& plan, const OptionPlan& row, Random& random) {
  if (plan.subtype == "numerical") return std::to_string(random.below(500));
  if (plan.family == "datetime") return fmt::format("03/{:02}/2026 10:30 AM", 1 + random.below(28));
  const std::uint64_t number = random.below(kCustomers);
  const Person somebody = person(random, number);
  if (row.kind == "email") return somebody.email;
  if (row.kind == "name") return somebody.name;
  return subject(random);
}

std::vector<AnswerFacts> fields(const QuestionPlan& plan, Random& random) {
  std::vector<AnswerFacts> answers;
  for (std::size_t row = 0; row < plan.rows.size(); ++row) {
    answers.push_back({.row = row, .text = field_text(plan, plan.rows[row], random)});
  }
  return answers;
}

std::vector<AnswerFacts> open_ended(const SurveyResponse& response, const QuestionPlan& plan,
                                    Random& random) {
  if (plan.display == "slider") return {written(std::to_string(1 + random.below(100)))};
  if (plan.display == "file_upload") {
    return {{.text = "screen shot.png",
             .file_url = fmt::format("https://files.example.com/{}/shot.png", response.id)}};
  }
  if (!plan.rows.empty()) return fields(plan, random);
  if (plan.subtype == "essay") return {written(essay_text(response, random))};
  return {written(subject(random))};
}

std::vector<AnswerFacts> answers_to(const SurveyResponse& response, const QuestionPlan& plan,
                                    Random& random) {
  if (plan.family == "single_choice") return single_choice(response, plan, random);
  if (plan.family == "multiple_choice") return multiple_choice(plan, random);
  if (plan.family == "matrix") return matrix(plan, random);
  if (plan.family == "open_ended") return open_ended(response, plan, random);
  if (plan.family == "presentation") return {};
  return fields(plan, random);
}

/// Essays say what is odd; of other questions every fourth is left out.
bool is_left_out(const SurveyResponse& response, const QuestionPlan& plan, Random& random) {
  const bool drawn = random.below(4) == 0;
  if (response.trait == ResponseTrait::skipped) return true;
  const bool needed = plan.subtype == "essay" || !plan.other.empty();
  return drawn && !needed;
}

void append(std::string& text, std::string_view separator, std::string_view part) {
  if (part.empty()) return;
  if (!text.empty()) text += separator;
  text += part;
}

std::string_view plain_of(const OptionPlan& option) {
  return option.plain;
}

}  // namespace

const QuestionPlan& plan_of(const SurveyResponse& response, const QuestionFacts& question) {
  std::size_t number = question.number;
  const auto& pages = survey_plans()[response.survey].pages;
  for (std::size_t page = 0; page < question.page; ++page) number -= pages[page].size();
  return pages[question.page][number];
}

std::vector<QuestionFacts> answers_of(const SurveyResponse& response) {
  std::vector<QuestionFacts> out;
  Random random(response.seed);
  std::size_t number = 0;
  const auto& pages = survey_plans()[response.survey].pages;
  for (std::size_t page = 0; page < pages.size(); ++page) {
    if (page > 0 && response.status != "completed") break;
    for (const QuestionPlan& plan : pages[page]) {
      QuestionFacts facts{.page = page, .number = number++, .answers = {}};
      const bool left_out = is_left_out(response, plan, random);
      facts.heading = plan.second_heading.empty() ? 0 : random.below(2);
      facts.answers = answers_to(response, plan, random);
      if (!left_out && !facts.answers.empty()) out.push_back(std::move(facts));
    }
  }
  return out;
}

RespondentFacts respondent_of(const SurveyResponse& response) {
  Random random(response.seed ^ kRespondentStream);
  const std::uint64_t number = random.below(kCustomers);
  const Person somebody = person(random, number);
  const std::size_t space = somebody.name.find(' ');
  RespondentFacts facts{.first_name = somebody.name.substr(0, space),
                        .last_name = somebody.name.substr(space + 1),
                        .email = somebody.email,
                        .recipient = std::to_string(5'647'000'000 + number),
                        .custom_value = "",
                        .plan = ""};
  const bool invited = random.below(2) == 0;
  const std::uint64_t drawn = random.below(kPlans.size() * 2);
  if (drawn < kPlans.size()) facts.plan = kPlans[drawn];
  const RespondentFacts nobody{.first_name = "",
                               .last_name = "",
                               .email = "",
                               .recipient = random.below(2) == 0 ? "" : "0",
                               .custom_value = "",
                               .plan = facts.plan};
  switch (response.trait) {
    case ResponseTrait::anonymous: return nobody;
    case ResponseTrait::contact_metadata: return facts;
    case ResponseTrait::customer_plan: facts.plan = "enterprise"; return facts;
    case ResponseTrait::recipient_only: {
      RespondentFacts known = nobody;
      known.recipient = facts.recipient;
      return known;
    }
    case ResponseTrait::custom_value: {
      RespondentFacts known = nobody;
      known.custom_value = fmt::format("crm-{}", number);
      return known;
    }
    default: return invited ? facts : nobody;
  }
}

std::string line_of(const QuestionPlan& plan, const AnswerFacts& answer) {
  if (answer.removed) return std::string(kRemovedChoice);
  std::string line;
  if (answer.row) append(line, "", plain_of(plan.rows[*answer.row]));
  if (answer.column) append(line, ", ", plan.columns[*answer.column].text);
  if (answer.choice) {
    append(line, ": ",
           answer.column ? plan.columns[*answer.column].choices[*answer.choice]
                         : plain_of(plan.choices[*answer.choice]));
  }
  if (answer.other) append(line, ": ", plan.other);
  append(line, ": ", answer.text);
  if (!answer.file_url.empty()) append(line, " ", "(" + answer.file_url + ")");
  return line;
}

std::string content_of(const SurveyResponse& response) {
  std::string content;
  for (const QuestionFacts& question : answers_of(response)) {
    const QuestionPlan& plan = plan_of(response, question);
    append(content, "\n\n", question.heading == 0 ? plan.plain : plan.second_heading);
    for (const AnswerFacts& answer : question.answers) {
      append(content, "\n", line_of(plan, answer));
    }
  }
  return content;
}

std::string date_string(std::int64_t seconds) {
  std::string text = core::rfc3339(core::Time(std::chrono::seconds(seconds)));
  text.pop_back();
  return text += "+00:00";
}

}  // namespace earshot::sandbox

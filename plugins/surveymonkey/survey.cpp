#include "survey.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>

namespace earshot::plugins {
namespace {

using sdk::Call, sdk::Page, sdk::Value;

constexpr std::size_t kNpsChoices = 11;

/// Texts of surveys may hold HTML; most hold none, and need no look of the host.
std::string plain(Call& call, const Value& text) {
  const std::string_view written = text.view();
  if (written.find_first_of("<&") == std::string_view::npos) return std::string(written);
  return call.html_text(written);
}

std::optional<double> number(const Value& value) {
  const std::optional<std::int64_t> whole = sdk::parse_integer(value.view());
  return whole ? std::optional(static_cast<double>(*whole)) : std::nullopt;
}

void add_options(Call& call, Question& question, const Value& options) {
  for (const Value option : options) {
    Option read{.text = plain(call, option.at("/text")),
                .kind = option.text_or("/type", ""),
                .score = std::nullopt};
    if (read.text.empty()) read.text = read.kind;
    question.options.emplace(option.text_or("/id", ""), std::move(read));
  }
}

/// Choices that say something about the subject, in order: not "N/A".
std::vector<Value> scored_choices(const Value& choices) {
  std::vector<Value> scored;
  for (const Value choice : choices) {
    const auto not_applicable = choice.flag("/is_na");
    if (!not_applicable || !*not_applicable) scored.push_back(choice);
  }
  return scored;
}

/// Weights that make a scale from something above nothing.
bool are_weighted(const std::vector<Value>& choices) {
  return std::all_of(choices.begin(), choices.end(), [](const Value& choice) {
    return number(choice.at("/weight")).value_or(0) > 0;
  });
}

/// The number of an NPS is what its choice says, because weights are -100, 0 and 100 in some
/// accounts; another choice without weights counts by its place.
double score_of(const Value& choice, std::size_t place, bool nps, bool weighted) {
  if (nps) return number(choice.at("/text")).value_or(static_cast<double>(place));
  const auto by_place = static_cast<double>(place + 1);
  return weighted ? number(choice.at("/weight")).value_or(by_place) : by_place;
}

void add_scale(Question& question, const Value& answers) {
  const std::vector<Value> choices = scored_choices(answers.at("/choices"));
  const bool weighted = are_weighted(choices);
  question.nps = answers.at("/rows").size() <= 1 && choices.size() == kNpsChoices;
  for (std::size_t place = 0; place < choices.size(); ++place) {
    Option& option = question.options[choices[place].text_or("/id", "")];
    option.score = score_of(choices[place], place, question.nps, weighted);
    question.highest = std::max(question.highest, *option.score);
    if (option.text.empty()) option.text = std::to_string(static_cast<int>(*option.score));
  }
}

Question read_question(Call& call, const Value& question) {
  Question out;
  out.id = question.text_or("/id", "");
  for (const Value heading : question.at("/headings")) {
    const std::string text = plain(call, heading.at("/heading"));
    out.headings.emplace(heading.text_or("/random_assignment/id", ""), text);
    out.headings.emplace("", text);
  }
  const Value answers = question.at("/answers");
  add_options(call, out, answers.at("/choices"));
  add_options(call, out, answers.at("/rows"));
  add_options(call, out, answers.at("/cols"));
  for (const Value column : answers.at("/cols")) add_options(call, out, column.at("/choices"));
  const Value other = answers.at("/other");
  if (other.is_array()) add_options(call, out, other);
  if (other.is_object()) {
    out.options.emplace(
        other.text_or("/id", ""),
        Option{.text = plain(call, other.at("/text")), .kind = "", .score = std::nullopt});
  }
  const bool rates =
      question.at("/family").view() == "matrix" && question.at("/subtype").view() == "rating";
  if (rates) add_scale(out, answers);
  return out;
}

const Option* find_option(const Question& question, const Value& answer, std::string_view member) {
  const auto found = question.options.find(answer.text_or(member, ""));
  return found == question.options.end() ? nullptr : &found->second;
}

void append(std::string& text, std::string_view separator, std::string_view part) {
  if (part.empty()) return;
  if (!text.empty()) text += separator;
  text += part;
}

/// "Row, column: choice: what was written (file)", of which most answers have one or two parts.
std::string line_of(const Question& question, const Value& answer) {
  std::string line;
  bool known = true;
  const auto add = [&](std::string_view separator, std::string_view member) {
    if (answer.at(member).view().empty()) return;
    const Option* option = find_option(question, answer, member);
    known = known && option != nullptr;
    if (option != nullptr) append(line, separator, option->text);
  };
  add("", "/row_id");
  add(", ", "/col_id");
  add(": ", "/choice_id");
  add(": ", "/other_id");
  const std::string_view simple = answer.at("/simple_text").view();
  if (!known && !simple.empty()) return std::string(simple);
  append(line, ": ", answer.at("/text").view());
  if (const std::string_view url = answer.at("/download_url").view(); !url.empty()) {
    append(line, " ", "(" + std::string(url) + ")");
  }
  return line;
}

std::string heading_of(const Question& question, const Value& answered) {
  const auto assigned = question.headings.find(answered.text_or("/variable_id", ""));
  if (assigned != question.headings.end()) return assigned->second;
  const auto usual = question.headings.find("");
  return usual == question.headings.end() ? std::string() : usual->second;
}

void append_question(std::string& content, std::string_view heading, const Question& question,
                     const Value& answered) {
  std::string lines;
  for (const Value answer : answered.at("/answers")) append(lines, "\n", line_of(question, answer));
  if (lines.empty()) return;
  append(content, "\n\n", heading);
  append(content, heading.empty() ? "\n\n" : "\n", lines);
}

}  // namespace

Survey read_survey(Call& call, const Page& details) {
  Survey survey;
  for (const Value page : details.at("/pages")) {
    for (const Value question : page.at("/questions")) {
      survey.questions.push_back(read_question(call, question));
    }
  }
  return survey;
}

Answers read_answers(const Value& response) {
  Answers answers;
  for (const Value page : response.at("/pages")) {
    for (const Value question : page.at("/questions")) {
      answers.emplace(question.text_or("/id", ""), question);
    }
  }
  return answers;
}

std::string content_of(Call& call, const Survey& survey, Answers answers) {
  std::string content;
  for (const Question& question : survey.questions) {
    const auto answered = answers.find(question.id);
    if (answered == answers.end()) continue;
    append_question(content, heading_of(question, answered->second), question, answered->second);
    answers.erase(answered);
  }
  for (const auto& entry : answers) {  // of questions that the survey has no longer
    append_question(content, plain(call, entry.second.at("/heading")), {}, entry.second);
  }
  return content;
}

std::vector<Rating> ratings_of(const Survey& survey, const Answers& answers) {
  std::vector<Rating> ratings;
  for (const Question& question : survey.questions) {
    const auto answered = answers.find(question.id);
    if (question.highest <= 0 || answered == answers.end()) continue;
    double sum = 0;
    int count = 0;
    for (const Value answer : answered->second.at("/answers")) {
      const Option* choice = find_option(question, answer, "/choice_id");
      if (choice == nullptr || !choice->score) continue;
      sum += *choice->score;
      ++count;
    }
    if (count == 0) continue;
    ratings.push_back({.question = heading_of(question, answered->second),
                       .value = sum / count,
                       .max = question.highest,
                       .nps = question.nps});
  }
  return ratings;
}

std::string contact_of(const Survey& survey, const Answers& answers, std::string_view kind) {
  for (const Question& question : survey.questions) {
    const auto answered = answers.find(question.id);
    if (answered == answers.end()) continue;
    for (const Value answer : answered->second.at("/answers")) {
      const Option* field = find_option(question, answer, "/row_id");
      if (field != nullptr && field->kind == kind) return answer.text_or("/text", "");
    }
  }
  return {};
}

}  // namespace earshot::plugins

/// A response in the shape in which SurveyMonkey's bulk endpoint shows it.

#include <fmt/format.h>

#include <earshot/core/json/writer.hpp>

#include "sandbox/surveymonkey/survey_response.hpp"

namespace earshot::sandbox {
namespace {

using core::JsonWriter;

constexpr std::int64_t kTwoHours = 7'200;

std::string timestamp(const SurveyResponse& response, std::int64_t seconds) {
  if (response.trait != ResponseTrait::offset_timestamps) return date_string(seconds);
  std::string text = date_string(seconds + kTwoHours);
  return text.replace(text.size() - 5, 2, "02");
}

void write_empty_object(JsonWriter& out, std::string_view name) {
  out.key(name);
  out.begin_object();
  out.end_object();
}

void write_contact_field(JsonWriter& out, std::string_view name, const std::string& value) {
  out.key(name);
  out.begin_object();
  out.member("type", "string");
  out.member("value", value);
  out.end_object();
}

void write_metadata(JsonWriter& out, const RespondentFacts& who, bool in_metadata) {
  out.key("metadata");
  out.begin_object();
  out.key("contact");
  out.begin_object();
  if (in_metadata) {
    write_contact_field(out, "first_name", who.first_name);
    write_contact_field(out, "last_name", who.last_name);
    write_contact_field(out, "email", who.email);
  }
  out.end_object();
  out.end_object();
}

void write_respondent(JsonWriter& out, const SurveyResponse& response) {
  const RespondentFacts who = respondent_of(response);
  const bool in_metadata = response.trait == ResponseTrait::contact_metadata;
  const auto shown = [&](const std::string& text) { return in_metadata ? std::string() : text; };
  out.member("recipient_id", who.recipient);
  out.member("custom_value", who.custom_value);
  out.member("first_name", shown(who.first_name));
  out.member("last_name", shown(who.last_name));
  out.member("email_address", shown(who.email));
  out.member("ip_address", fmt::format("203.0.113.{}", 1 + response.seed % 250));
  write_metadata(out, who, in_metadata);
  out.key("custom_variables");
  out.begin_object();
  if (!who.plan.empty()) out.member("plan", who.plan);
  out.end_object();
}

void write_answer(JsonWriter& out, const QuestionPlan& plan, QuestionPlace place,
                  const AnswerFacts& answer, bool simple) {
  out.begin_object();
  if (answer.row) out.member("row_id", row_id(place, *answer.row));
  if (answer.column) out.member("col_id", column_id(place, *answer.column));
  if (answer.choice) {
    out.member("choice_id", answer.column ? menu_choice_id(place, *answer.column, *answer.choice)
                                          : choice_id(place, *answer.choice));
  }
  if (answer.removed) out.member("choice_id", removed_choice_id(place));
  if (answer.other) out.member("other_id", other_id(place));
  if (!answer.text.empty()) {
    if (!answer.row && !answer.other) {
      out.key("tag_data");
      out.begin_array();
      out.end_array();
    }
    out.member("text", answer.text);
  }
  if (!answer.file_url.empty()) {
    out.member("download_url", answer.file_url);
    out.member("content_type", "image/png");
  }
  if (simple) out.member("simple_text", line_of(plan, answer));
  out.end_object();
}

void write_question(JsonWriter& out, const SurveyResponse& response, const QuestionFacts& question,
                    bool simple) {
  const QuestionPlan& plan = plan_of(response, question);
  const QuestionPlace place{response.survey, question.number};
  out.begin_object();
  out.member("id", question_id(place));
  if (!plan.second_heading.empty()) {
    out.member("variable_id", variable_id(place, question.heading));
  }
  if (simple) {
    out.member("family", plan.family);
    out.member("subtype", plan.subtype);
    out.member("heading", question.heading == 0 ? plan.heading : plan.second_heading);
  }
  out.key("answers");
  out.begin_array();
  for (const AnswerFacts& answer : question.answers) {
    write_answer(out, plan, place, answer, simple);
  }
  out.end_array();
  out.end_object();
}

/// Pages that nobody came to are absent in some responses and empty in others.
void write_pages(JsonWriter& out, const SurveyResponse& response, bool simple) {
  const std::vector<QuestionFacts> questions = answers_of(response);
  const std::size_t pages = survey_plans()[response.survey].pages.size();
  const bool shows_empty = response.seed % 2 == 0;
  out.key("pages");
  out.begin_array();
  auto next = questions.begin();
  for (std::size_t page = 0; page < pages; ++page) {
    const bool answered = next != questions.end() && next->page == page;
    if (!answered && !shows_empty) continue;
    out.begin_object();
    out.member("id", page_id(response.survey, page));
    out.key("questions");
    out.begin_array();
    for (; next != questions.end() && next->page == page; ++next) {
      write_question(out, response, *next, simple);
    }
    out.end_array();
    out.end_object();
  }
  out.end_array();
}

void write_quiz(JsonWriter& out, const SurveyResponse& response) {
  if (!survey_plans()[response.survey].quiz) return;
  const int correct = response.seed % 3 == 0 ? 1 : 0;
  out.key("quiz_results");
  out.begin_object();
  out.member("correct", correct);
  out.member("incorrect", 1 - correct);
  out.member("partially_correct", 0);
  out.member("total_questions", 1);
  out.member("score", correct);
  out.member("total_score", 1);
  out.end_object();
}

std::string_view mode_of(const SurveyResponse& response) {
  if (response.trait == ResponseTrait::preview) {
    return response.seed % 2 == 0 ? "preview" : "survey_preview";
  }
  return response.seed % 20 == 0 ? "data_entry" : "default";
}

}  // namespace

std::string json_of(const SurveyResponse& response, bool simple) {
  const std::string id = std::to_string(response.id);
  const std::string survey = survey_id(response.survey);
  JsonWriter out;
  out.begin_object();
  out.member("id", id);
  out.member("collection_mode", mode_of(response));
  out.member("response_status", response.status);
  write_respondent(out, response);
  write_empty_object(out, "logic_path");
  out.key("page_path");
  out.begin_array();
  out.end_array();
  out.member("collector_id", collector_id(response.survey));
  out.member("survey_id", survey);
  out.member("edit_url", "https://www.surveymonkey.com/r/?sm=sandbox_2B" + id);
  out.member("analyze_url",
             fmt::format("https://www.surveymonkey.com/analyze/browse/_2Bsandbox{}_3D?"
                         "respondent_id={}",
                         response.survey, id));
  out.member("total_time", response.modified - response.created);
  out.member("date_modified", timestamp(response, response.modified));
  out.member("date_created", timestamp(response, response.created));
  out.member("href",
             fmt::format("https://api.surveymonkey.com/v3/surveys/{}/responses/{}", survey, id));
  write_quiz(out, response);
  write_pages(out, response, simple);
  out.end_object();
  return with_escaped_slashes(out.take());
}

}  // namespace earshot::sandbox

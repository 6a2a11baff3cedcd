/// Surveys in the shape in which SurveyMonkey shows them.

#include <algorithm>

#include <fmt/format.h>

#include <earshot/core/json/writer.hpp>

#include "sandbox/surveymonkey/survey_plan.hpp"

namespace earshot::sandbox {
namespace {

using core::JsonWriter;

constexpr std::string_view kApi = "https://api.surveymonkey.com/v3/surveys/";

void nulls(JsonWriter& out, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    out.key(name);
    out.null();
  }
}

std::string analyze_url(std::size_t survey) {
  return fmt::format("https://www.surveymonkey.com/analyze/_2Bsandbox{}_3D", survey);
}

std::size_t question_count(const SurveyPlan& plan) {
  std::size_t count = 0;
  for (const auto& page : plan.pages) count += page.size();
  return count;
}

void write_heading(JsonWriter& out, std::string_view text, const std::string& variable) {
  out.begin_object();
  out.member("heading", text);
  if (!variable.empty()) {
    out.key("random_assignment");
    out.begin_object();
    out.member("id", variable);
    out.member("percent", 50);
    out.member("variable_name", "");
    out.end_object();
  }
  out.end_object();
}

void write_headings(JsonWriter& out, const QuestionPlan& plan, QuestionPlace place) {
  const bool either = !plan.second_heading.empty();
  out.key("headings");
  out.begin_array();
  write_heading(out, plan.heading, either ? variable_id(place, 0) : "");
  if (either) write_heading(out, plan.second_heading, variable_id(place, 1));
  out.end_array();
}

void write_option(JsonWriter& out, const OptionPlan& option, const std::string& id,
                  std::size_t position, bool scored) {
  out.begin_object();
  out.member("id", id);
  out.member("position", position + 1);
  out.member("visible", true);
  if (!option.text.empty() || option.kind.empty()) out.member("text", option.text);
  if (!option.kind.empty()) {
    out.member("type", option.kind);
    out.member("required", false);
  }
  if (scored) {
    out.member("weight", option.weight);
    out.member("is_na", option.not_applicable);
  }
  out.end_object();
}

using OptionId = std::string (*)(QuestionPlace place, std::size_t option);

void write_options(JsonWriter& out, std::string_view name, const std::vector<OptionPlan>& options,
                   QuestionPlace place, OptionId id, bool scored) {
  if (options.empty()) return;
  out.key(name);
  out.begin_array();
  for (std::size_t at = 0; at < options.size(); ++at) {
    write_option(out, options[at], id(place, at), at, scored);
  }
  out.end_array();
}

void write_columns(JsonWriter& out, const QuestionPlan& plan, QuestionPlace place) {
  if (plan.columns.empty()) return;
  out.key("cols");
  out.begin_array();
  for (std::size_t column = 0; column < plan.columns.size(); ++column) {
    const ColumnPlan& menu = plan.columns[column];
    out.begin_object();
    out.member("id", column_id(place, column));
    out.member("position", column + 1);
    out.member("text", menu.text);
    out.key("choices");
    out.begin_array();
    for (std::size_t choice = 0; choice < menu.choices.size(); ++choice) {
      const OptionPlan option{.text = menu.choices[choice], .plain = menu.choices[choice]};
      write_option(out, option, menu_choice_id(place, column, choice), choice, false);
    }
    out.end_array();
    out.end_object();
  }
  out.end_array();
}

void write_other(JsonWriter& out, const QuestionPlan& plan, QuestionPlace place) {
  if (plan.other.empty()) return;
  out.key("other");
  out.begin_object();
  out.member("id", other_id(place));
  out.member("text", plan.other);
  out.member("num_chars", 50);
  out.member("num_lines", 1);
  out.member("visible", true);
  out.member("is_answer_choice", true);
  out.member("position", 0);
  out.end_object();
}

/// Open questions of one field have no "answers" at all.
void write_answers(JsonWriter& out, const QuestionPlan& plan, QuestionPlace place) {
  if (plan.choices.empty() && plan.rows.empty() && plan.columns.empty()) return;
  out.key("answers");
  out.begin_object();
  write_options(out, "rows", plan.rows, place, row_id, false);
  write_options(out, "choices", plan.choices, place, choice_id, plan.subtype == "rating");
  write_columns(out, plan, place);
  write_other(out, plan, place);
  out.end_object();
}

void write_display(JsonWriter& out, std::string_view display) {
  if (display.empty()) return;
  out.key("display_options");
  out.begin_object();
  out.member("display_type", display);
  out.member("display_subtype", display == "emoji" ? "star" : "");
  out.member("left_label", "");
  out.member("right_label", "");
  out.end_object();
}

void write_question(JsonWriter& out, const QuestionPlan& plan, QuestionPlace place,
                    const std::string& page_href, std::size_t position) {
  out.begin_object();
  out.member("id", question_id(place));
  out.member("position", position + 1);
  out.member("visible", true);
  out.member("family", plan.family);
  out.member("subtype", plan.subtype);
  nulls(out, {"layout", "sorting", "required", "validation"});
  out.member("forced_ranking", false);
  write_headings(out, plan, place);
  out.member("href", fmt::format("{}/questions/{}", page_href, question_id(place)));
  write_display(out, plan.display);
  write_answers(out, plan, place);
  out.end_object();
}

void write_pages(JsonWriter& out, std::size_t survey) {
  const SurveyPlan& plan = survey_plans()[survey];
  out.key("pages");
  out.begin_array();
  std::size_t number = 0;
  for (std::size_t page = 0; page < plan.pages.size(); ++page) {
    const std::string href =
        fmt::format("{}{}/pages/{}", kApi, survey_id(survey), page_id(survey, page));
    out.begin_object();
    out.member("id", page_id(survey, page));
    out.member("title", "");
    out.member("description", "");
    out.member("position", page + 1);
    out.member("question_count", plan.pages[page].size());
    out.member("href", href);
    out.key("questions");
    out.begin_array();
    for (std::size_t at = 0; at < plan.pages[page].size(); ++at) {
      write_question(out, plan.pages[page][at], {survey, number++}, href, at);
    }
    out.end_array();
    out.end_object();
  }
  out.end_array();
}

void write_buttons(JsonWriter& out) {
  out.key("buttons_text");
  out.begin_object();
  out.member("next_button", "Next");
  out.member("prev_button", "Prev");
  out.member("done_button", "Done");
  out.member("exit_button", "");
  out.end_object();
}

}  // namespace

std::string listed_survey_json(std::size_t survey, const SurveyFacts& facts,
                               const std::vector<std::string_view>& include) {
  const SurveyPlan& plan = survey_plans()[survey];
  const auto asked = [&](std::string_view name) {
    return std::find(include.begin(), include.end(), name) != include.end();
  };
  JsonWriter out;
  out.begin_object();
  out.member("id", survey_id(survey));
  out.member("title", plan.title);
  out.member("nickname", plan.nickname);
  out.member("href", fmt::format("{}{}", kApi, survey_id(survey)));
  if (asked("response_count")) out.member("response_count", facts.responses);
  if (asked("date_created")) out.member("date_created", facts.created);
  if (asked("date_modified")) out.member("date_modified", facts.modified);
  if (asked("language")) out.member("language", plan.language);
  if (asked("question_count")) out.member("question_count", question_count(plan));
  if (asked("analyze_url")) out.member("analyze_url", analyze_url(survey));
  if (asked("preview")) out.member("preview", "https://www.surveymonkey.com/r/Preview/?sm=sandbox");
  out.end_object();
  return out.take();
}

std::string survey_json(std::size_t survey, const SurveyFacts& facts, bool with_pages) {
  const SurveyPlan& plan = survey_plans()[survey];
  JsonWriter out;
  out.begin_object();
  out.member("title", plan.title);
  out.member("nickname", plan.nickname);
  out.member("language", plan.language);
  out.member("folder_id", "0");
  out.member("category", "");
  out.member("question_count", question_count(plan));
  out.member("page_count", plan.pages.size());
  out.member("response_count", facts.responses);
  out.member("date_created", facts.created);
  out.member("date_modified", facts.modified);
  out.member("id", survey_id(survey));
  write_buttons(out);
  out.member("is_owner", true);
  out.member("footer", true);
  out.key("custom_variables");
  out.begin_object();
  out.member("plan", "The customer's plan");
  out.end_object();
  out.member("href", fmt::format("{}{}", kApi, survey_id(survey)));
  out.member("analyze_url", analyze_url(survey));
  out.member("preview", "https://www.surveymonkey.com/r/Preview/?sm=sandbox");
  if (with_pages) write_pages(out, survey);
  out.end_object();
  return out.take();
}

}  // namespace earshot::sandbox

#include "sandbox/surveymonkey/survey_plan.hpp"

#include <utility>

namespace earshot::sandbox {
namespace {

constexpr std::uint64_t kSurveys = 510'203'040;
constexpr std::uint64_t kPages = 192'605'000;
constexpr std::uint64_t kCollectors = 415'838'000;
constexpr std::uint64_t kQuestions = 769'890'000;
constexpr std::uint64_t kOptions = 5'096'000'000;

/// Options of a question are numbered by what they are.
enum : std::uint64_t { kChoice = 0, kRow = 100, kColumn = 200, kOther = 300, kRemoved = 301 };
enum : std::uint64_t { kVariable = 310, kMenuChoice = 400, kPerColumn = 50, kPerQuestion = 1000 };

std::string option_id(QuestionPlace place, std::uint64_t option) {
  const std::uint64_t question = place.survey * 100 + place.number;
  return std::to_string(kOptions + question * kPerQuestion + option);
}

OptionPlan plain_option(std::string_view text) {
  return {.text = text, .plain = text};
}

std::vector<OptionPlan> options(const std::vector<std::string_view>& texts) {
  std::vector<OptionPlan> out;
  for (const std::string_view text : texts) out.push_back(plain_option(text));
  return out;
}

/// "0" to "10", with the weights that some accounts have: detractors, passives, promoters.
std::vector<OptionPlan> nps_choices() {
  static constexpr std::string_view kTexts[] = {"0", "1", "2", "3", "4", "5",
                                                "6", "7", "8", "9", "10"};
  std::vector<OptionPlan> out;
  for (std::size_t number = 0; number < 11; ++number) {
    const int weight = number < 7 ? -100 : number < 9 ? 0 : 100;
    out.push_back({.text = kTexts[number], .plain = kTexts[number], .weight = weight});
  }
  return out;
}

/// Stars have no text; people read how many there are.
std::vector<OptionPlan> stars() {
  static constexpr std::string_view kCounts[] = {"1", "2", "3", "4", "5"};
  std::vector<OptionPlan> out;
  for (int count = 1; count <= 5; ++count) {
    out.push_back({.text = "", .plain = kCounts[count - 1], .weight = count});
  }
  return out;
}

std::vector<OptionPlan> satisfaction() {
  return {{.text = "Dissatisfied", .plain = "Dissatisfied", .weight = 1},
          {.text = "Neither", .plain = "Neither", .weight = 2},
          {.text = "Satisfied", .plain = "Satisfied", .weight = 3},
          {.text = "N/A", .plain = "N/A", .weight = 0, .not_applicable = true}};
}

std::vector<OptionPlan> contact_fields() {
  return {{.text = "Your name", .plain = "Your name", .kind = "name"},
          {.text = "", .plain = "company", .kind = "company"},
          {.text = "", .plain = "city", .kind = "city"},
          {.text = "E-mail", .plain = "E-mail", .kind = "email"}};
}

QuestionPlan question(std::string_view family, std::string_view subtype, std::string_view heading) {
  return {.family = family, .subtype = subtype, .heading = heading, .plain = heading};
}

QuestionPlan with_choices(QuestionPlan plan, std::vector<OptionPlan> choices,
                          std::string_view other = {}) {
  plan.choices = std::move(choices);
  plan.other = other;
  return plan;
}

QuestionPlan matrix(std::string_view subtype, std::string_view heading,
                    std::vector<OptionPlan> rows, std::vector<OptionPlan> choices) {
  QuestionPlan plan = question("matrix", subtype, heading);
  plan.rows = std::move(rows);
  plan.choices = std::move(choices);
  return plan;
}

QuestionPlan with_rows(QuestionPlan plan, std::vector<OptionPlan> rows) {
  plan.rows = std::move(rows);
  return plan;
}

QuestionPlan shown_as(QuestionPlan plan, std::string_view display) {
  plan.display = display;
  return plan;
}

QuestionPlan essay(std::string_view heading) {
  return question("open_ended", "essay", heading);
}

/// Every family of questions that the documents describe.
SurveyPlan product_feedback() {
  QuestionPlan marked_up =
      question("multiple_choice", "vertical", "Which of these do you <b>use</b>? Pick&nbsp;all.");
  marked_up.plain = "Which of these do you use? Pick all.";
  marked_up.choices = {{.text = "Search &amp; filters", .plain = "Search & filters"},
                       {.text = "<i>Weekly</i> report", .plain = "Weekly report"},
                       plain_option("Calendar sync")};
  QuestionPlan menu = question("matrix", "menu", "Which device do you use for what?");
  menu.rows = options({"At work", "At home"});
  menu.columns = {{"Device", {"Laptop", "Phone"}}, {"How often", {"Daily", "Weekly", "Seldom"}}};
  QuestionPlan either = question("open_ended", "single", "What would you change?");
  either.second_heading = "What should we do next?";
  return {
      .title = "Product feedback",
      .nickname = "",
      .language = "en",
      .share = 50,
      .pages = {
          {with_choices(question("single_choice", "vertical", "How did you hear of us?"),
                        options({"A colleague", "Search", "An event"}), "Other (please specify)"),
           marked_up, essay("What is on your mind?")},
          {matrix("single", "When do you use it?", options({"Monday", "Friday"}),
                  options({"Morning", "Evening"})),
           matrix("rating", "How satisfied are you with each of these?",
                  options({"Price", "Speed"}), satisfaction()),
           matrix("ranking", "What matters most?", options({"Features", "Support"}),
                  options({"1", "2"})),
           menu},
          {either,
           with_rows(question("open_ended", "multi", "Name two competitors."),
                     options({"First", "Second"})),
           with_rows(question("open_ended", "numerical", "How many of you use it?"),
                     options({"Admins", "Members"})),
           with_rows(question("demographic", "international", "How can we reach you?"),
                     contact_fields()),
           with_rows(question("datetime", "both", "When may we call?"), options({"At"})),
           shown_as(question("open_ended", "single", "How easy is it, from 1 to 100?"), "slider"),
           shown_as(question("open_ended", "single", "Show us a screenshot."), "file_upload"),
           question("presentation", "descriptive_text", "Thank you for your time!")}}};
}

SurveyPlan recommendation() {
  return {.title = "Would you recommend us? \"NPS\" & more 📣",
          .nickname = "NPS",
          .language = "en",
          .share = 30,
          .pages = {{matrix("rating", "How likely is it that you would recommend us to a friend?",
                            {plain_option("")}, nps_choices()),
                     essay("Why did you choose this number?")}}};
}

SurveyPlan support_rating() {
  return {.title = "Kundendienst-Umfrage",
          .nickname = "Support",
          .language = "de",
          .share = 15,
          .pages = {{shown_as(matrix("rating", "Wie viele Sterne geben Sie uns?",
                                     {plain_option("")}, stars()),
                              "emoji"),
                     essay("Was können wir besser machen?")}}};
}

SurveyPlan quiz() {
  return {.title = "Quiz: capitals of the world",
          .nickname = "",
          .language = "en",
          .share = 5,
          .pages = {{with_choices(question("single_choice", "horiz", "The capital of Peru?"),
                                  options({"Lima", "La Paz"})),
                     essay("How did you like the quiz?")}},
          .quiz = true};
}

SurveyPlan nobody_answered() {
  return {.title = "Not sent yet",
          .nickname = "",
          .language = "en",
          .share = 0,
          .pages = {{essay("What do you think?")}}};
}

}  // namespace

const std::vector<SurveyPlan>& survey_plans() {
  static const std::vector<SurveyPlan> plans = {product_feedback(), recommendation(),
                                                support_rating(), quiz(), nobody_answered()};
  return plans;
}

std::string survey_id(std::size_t survey) {
  return std::to_string(kSurveys + survey * 1'111);
}
std::string page_id(std::size_t survey, std::size_t page) {
  return std::to_string(kPages + survey * 100 + page);
}
std::string collector_id(std::size_t survey) {
  return std::to_string(kCollectors + survey);
}
std::string question_id(QuestionPlace place) {
  return std::to_string(kQuestions + place.survey * 100 + place.number);
}
std::string choice_id(QuestionPlace place, std::size_t choice) {
  return option_id(place, kChoice + choice);
}
std::string row_id(QuestionPlace place, std::size_t row) {
  return option_id(place, kRow + row);
}
std::string column_id(QuestionPlace place, std::size_t column) {
  return option_id(place, kColumn + column);
}
std::string menu_choice_id(QuestionPlace place, std::size_t column, std::size_t choice) {
  return option_id(place, kMenuChoice + column * kPerColumn + choice);
}
std::string other_id(QuestionPlace place) {
  return option_id(place, kOther);
}
std::string variable_id(QuestionPlace place, std::size_t heading) {
  return option_id(place, kVariable + heading);
}
std::string removed_choice_id(QuestionPlace place) {
  return option_id(place, kRemoved);
}

std::optional<std::size_t> find_survey(std::string_view id) {
  for (std::size_t survey = 0; survey < survey_plans().size(); ++survey) {
    if (survey_id(survey) == id) return survey;
  }
  return std::nullopt;
}

std::string with_escaped_slashes(std::string_view json) {
  std::string out;
  out.reserve(json.size() + json.size() / 16);
  for (const char c : json) {
    if (c == '/') out += '\\';
    out += c;
  }
  return out;
}

}  // namespace earshot::sandbox

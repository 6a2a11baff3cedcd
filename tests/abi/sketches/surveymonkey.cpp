/// SurveyMonkey responses: a stream a survey, question texts joined from the survey's details.

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <earshot/sdk/integration.hpp>

namespace earshot::plugins {
namespace {

using sdk::Account, sdk::Call, sdk::Error, sdk::FetchRequest, sdk::Page, sdk::Result, sdk::Value;

/// Texts of questions, choices and rows by their ids, which are unique within a survey.
using Texts = std::map<std::string, std::string>;

void collect(Texts& texts, const Value& entries) {
  for (const Value entry : entries) texts[entry.text_or("/id", "")] = entry.text_or("/text", "");
}

Texts texts_of(const Page& survey) {
  Texts texts;
  for (const Value page : survey.at("/pages")) {
    for (const Value question : page.at("/questions")) {
      texts[question.text_or("/id", "")] = question.text_or("/headings/0/heading", "");
      collect(texts, question.at("/answers/choices"));
      collect(texts, question.at("/answers/rows"));
      collect(texts, question.at("/answers/cols"));
    }
  }
  return texts;
}

std::string text_of(const Texts& texts, const std::string& id) {
  const auto found = texts.find(id);
  return found == texts.end() ? std::string() : found->second;
}

std::string answer_text(const Texts& texts, const Value& answer) {
  std::string text;
  for (const std::string_view member : {"/row_id", "/col_id", "/choice_id"}) {
    const std::string part = text_of(texts, answer.text_or(member, ""));
    if (!part.empty()) (text += text.empty() ? "" : ", ") += part;
  }
  const std::string written = answer.text_or("/text", "");
  if (!written.empty()) (text += text.empty() ? "" : ": ") += written;
  return text;
}

/// "Question" and below it "- answer" for every answered question of a response.
std::string content_of(const Texts& texts, const Value& response) {
  std::string content;
  for (const Value page : response.at("/pages")) {
    for (const Value question : page.at("/questions")) {
      (content += text_of(texts, question.text_or("/id", ""))) += '\n';
      for (const Value answer : question.at("/answers")) {
        ((content += "- ") += answer_text(texts, answer)) += '\n';
      }
    }
  }
  return content;
}

/// All surveys' ids, by pages that a link leads to.
Result<std::vector<std::string>> surveys(Call& call) {
  std::vector<std::string> ids;
  for (std::string path = "/v3/surveys?per_page=1000"; !path.empty();) {
    EAR_TRY(const Page page, call.get(path));
    for (const Value survey : page.at("/data")) {
      EAR_TRY(std::string id, survey.text("/id"));
      ids.push_back(std::move(id));
    }
    path = page.text_or("/links/next", "");
  }
  return ids;
}

class SurveyMonkey final : public sdk::BaseIntegration {
 public:
  Result<Account> authenticate(Call& call) override {
    EAR_TRY(const Page me, call.get("/v3/users/me"));
    EAR_TRY(const std::string id, me.text("/id"));
    return Account{.id = id, .name = me.text_or("/username", id)};
  }

  Result<void> fetch_feedback(Call& call, const FetchRequest& request) override {
    EAR_TRY(const std::vector<std::string> ids, surveys(call));
    for (const std::string& id : ids) {
      const Result<void> fetched = fetch_survey(call, request, id);
      if (!fetched) EAR_CHECK(call.problem(id, fetched.error()));
    }
    return {};
  }

 private:
  /// The cursor is when the last response was modified; what is read twice is stored once.
  static Result<void> fetch_survey(Call& call, const FetchRequest& request, const std::string& id) {
    EAR_TRY(std::string since, call.cursor(id));
    if (since.empty() && request.from) since = sdk::rfc3339(*request.from);
    const std::string base = "/v3/surveys/" + sdk::percent_encode(id);
    std::string path =
        sdk::path(base + "/responses/bulk", {{"per_page", "100"}, {"sort_by", "date_modified"}});
    if (!since.empty()) path = sdk::path(path, {{"start_modified_at", since}});
    EAR_TRY(const Page survey, call.get(base + "/details"));
    const Texts texts = texts_of(survey);
    while (!path.empty()) {
      EAR_TRY(const Page page, call.get(path));
      EAR_TRY(const std::string last, emit_responses(call, survey, texts, page));
      if (!last.empty()) EAR_CHECK(call.checkpoint(id, last));
      path = page.text_or("/links/next", "");
    }
    return {};
  }

  /// Emits a page and gives the time of its last change; empty where it has no response.
  static Result<std::string> emit_responses(Call& call, const Page& survey, const Texts& texts,
                                            const Page& page) {
    std::string last;
    std::size_t index = 0;
    for (const Value response : page.at("/data")) {
      const std::string content = content_of(texts, response);
      const std::string pointer = "/data/" + std::to_string(index++);
      EAR_CHECK(
          call.emit(page, pointer, "response",
                    {.refs = {{"survey", &survey}}, .fields = {sdk::field("content", content)}}));
      EAR_TRY(last, response.text("/date_modified"));
    }
    return last;
  }
};

}  // namespace
}  // namespace earshot::plugins

EARSHOT_PLUGIN(earshot::plugins::SurveyMonkey)

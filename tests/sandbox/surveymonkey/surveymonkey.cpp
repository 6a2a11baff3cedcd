#include "sandbox/surveymonkey/surveymonkey.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include <fmt/format.h>

#include <earshot/core/base/text.hpp>
#include <earshot/core/json/writer.hpp>

#include "sandbox/http_text.hpp"
#include "sandbox/surveymonkey/paging.hpp"
#include "sandbox/surveymonkey/replies.hpp"
#include "sandbox/surveymonkey/responses.hpp"

namespace earshot::sandbox {
namespace {

constexpr std::uint64_t kLargestPage = 1'000;

std::string json_object(
    std::initializer_list<std::pair<std::string_view, std::string_view>> members) {
  core::JsonWriter out;
  out.begin_object();
  for (const auto& [name, text] : members) out.member(name, text);
  out.end_object();
  return out.take();
}

/// True if `path` is `pattern`, of which each {id} stands for one segment.
bool matches(std::string_view pattern, std::string_view path, std::vector<std::string_view>& ids) {
  const std::vector<std::string_view> wanted = core::split(pattern, '/');
  const std::vector<std::string_view> given = core::split(path, '/');
  ids.clear();
  if (wanted.size() != given.size()) return false;
  for (std::size_t at = 0; at < wanted.size(); ++at) {
    if (wanted[at] == "{id}" && !given[at].empty()) {
      ids.push_back(given[at]);
    } else if (wanted[at] != given[at]) {
      return false;
    }
  }
  return true;
}

void add_limit_headers(core::HttpHeaders& headers, std::string_view period,
                       const PeriodLimit::Standing& standing) {
  const std::string prefix = fmt::format("x-ratelimit-app-global-{}-", period);
  headers.add(prefix + "limit", std::to_string(standing.total));
  headers.add(prefix + "remaining", std::to_string(standing.remaining));
  headers.add(prefix + "reset", std::to_string(standing.resets.count()));
}

/// One that knows nobody but a token of a given role.
AccessWay way(const SurveyMonkeyAccess& access, std::string title, std::string_view role) {
  return {std::move(title), "{}", json_object({{"access_token", access.token(role)}})};
}

}  // namespace

SurveyMonkey::SurveyMonkey(const ProductSetup& setup, const core::Clock& clock)
    : setup_(setup), clock_(clock), responses_(setup), access_(setup.seed) {}

std::vector<AccessWay> SurveyMonkey::access() const {
  return {{"Access token", json_object({{"client_id", SurveyMonkeyAccess::kClientId}}),
           json_object({{"access_token", access_.token("full")},
                        {"client_secret", access_.client_secret()}})},
          way(access_, "Access token without the scope users_read", "nameless"),
          way(access_, "Access token without the scope responses_read_detail", "without_details"),
          way(access_, "Access token of an account without a paid plan", "free"),
          way(access_, "Access token without the scopes of webhooks", "reading"),
          way(access_, "Access token of an account in another region", "elsewhere"),
          way(access_, "Access token that expired", "expired"),
          way(access_, "Access token that was revoked", "revoked"),
          way(access_, "Access token whose grant was revoked", "revoked_grant")};
}

const std::vector<SurveyMonkey::Endpoint>& SurveyMonkey::endpoints() {
  static const std::vector<Endpoint> table = {
      {"GET", "/v3/users/me", "users_read", &SurveyMonkey::get_me},
      {"GET", "/v3/surveys", "surveys_read", &SurveyMonkey::list_surveys},
      {"GET", "/v3/surveys/{id}", "surveys_read", &SurveyMonkey::get_survey},
      {"GET", "/v3/surveys/{id}/details", "surveys_read", &SurveyMonkey::get_details},
      {"GET", "/v3/surveys/{id}/collectors", "collectors_read", &SurveyMonkey::get_collectors},
      {"GET", "/v3/surveys/{id}/responses", "responses_read", &SurveyMonkey::get_responses},
      {"GET", "/v3/surveys/{id}/responses/bulk", "responses_read_detail", &SurveyMonkey::get_bulk},
      {"GET", "/v3/surveys/{id}/responses/{id}/details", "responses_read_detail",
       &SurveyMonkey::get_response},
      {"GET", "/v3/webhooks", "webhooks_read", &SurveyMonkey::list_webhooks},
      {"POST", "/v3/webhooks", "webhooks_write", &SurveyMonkey::create_webhook},
      {"GET", "/v3/webhooks/{id}", "webhooks_read", &SurveyMonkey::get_webhook},
      {"PATCH", "/v3/webhooks/{id}", "webhooks_write", &SurveyMonkey::update_webhook},
      {"PUT", "/v3/webhooks/{id}", "webhooks_write", &SurveyMonkey::update_webhook},
      {"DELETE", "/v3/webhooks/{id}", "webhooks_write", &SurveyMonkey::delete_webhook}};
  return table;
}

core::HttpReply SurveyMonkey::handle(const core::HttpIncoming& request) {
  Asked asked{.http = request,
              .path = path_of(request.target),
              .query = query_of(request.target),
              .ids = {}};
  bool known = false;
  for (const Endpoint& endpoint : endpoints()) {
    if (!matches(endpoint.path, asked.path, asked.ids)) continue;
    known = true;
    if (endpoint.method == request.method) return answer(endpoint, std::move(asked));
  }
  return known ? monkey_error(MonkeyError::wrong_method) : no_such_page();
}

core::HttpReply SurveyMonkey::answer(const Endpoint& endpoint, Asked asked) {
  auto who = access_.identify(asked.http.headers);
  if (auto* refusal = std::get_if<core::HttpReply>(&who)) return std::move(*refusal);
  asked.grant = std::get<const MonkeyGrant*>(who);
  if (!setup_.limits) return authorized(endpoint, asked);

  const PeriodLimit::Standing minute = minute_limit_.take(clock_.now());
  const PeriodLimit::Standing day = day_limit_.take(clock_.now());
  core::HttpReply reply = minute.allowed && day.allowed ? authorized(endpoint, asked)
                                                        : monkey_error(MonkeyError::rate_limit);
  add_limit_headers(reply.headers, "minute", minute);
  add_limit_headers(reply.headers, "day", day);
  return reply;
}

core::HttpReply SurveyMonkey::authorized(const Endpoint& endpoint, const Asked& asked) {
  const bool granted = asked.grant->scopes.contains(endpoint.scope);
  const bool plan = asked.grant->paid || endpoint.scope != "responses_read_detail";
  core::HttpReply reply = !plan     ? monkey_error(MonkeyError::plan_required)
                          : granted ? (this->*endpoint.handler)(asked)
                                    : monkey_error(MonkeyError::scope_not_granted);
  reply.headers.add("x-oauth-scopes-granted", granted_scopes(*asked.grant));
  reply.headers.add("x-oauth-scopes-available", available_scopes());
  return reply;
}

core::HttpReply SurveyMonkey::failure(int status, std::chrono::seconds retry_after) {
  if (status == 500) return monkey_error(MonkeyError::server_error);
  core::HttpReply reply =
      monkey_error(status == 429 ? MonkeyError::rate_limit : MonkeyError::unavailable);
  reply.headers.add("retry-after", std::to_string(retry_after.count()));
  return reply;
}

core::HttpReply SurveyMonkey::with_survey(const Asked& asked,
                                          core::HttpReply (SurveyMonkey::*then)(const Asked&,
                                                                                std::size_t)) {
  if (asked.ids.front() == kForeignSurvey) return monkey_error(MonkeyError::no_access);
  const auto survey = find_survey(asked.ids.front());
  return survey ? (this->*then)(asked, *survey) : monkey_error(MonkeyError::not_found);
}

core::HttpReply SurveyMonkey::get_me(const Asked& asked) {
  const auto list = [](const std::string& scopes) {
    std::string out = scopes;
    for (std::size_t at = out.find(','); at != std::string::npos; at = out.find(',', at + 3)) {
      out.replace(at, 1, "\",\"");
    }
    return out;
  };
  return monkey_reply(
      200,
      with_escaped_slashes(fmt::format(
          R"({{"id":"190011223","username":"acmefeedback","first_name":"Test","last_name":"User","email":"ops@acme.example","email_verified":true,"account_type":"{}","language":"en","scopes":{{"available":["{}"],"granted":["{}"]}},"date_created":"2015-12-03T01:23:00+00:00","date_last_login":"2026-02-28T03:49:24.333000+00:00","href":"https://api.surveymonkey.com/v3/users/me"}})",
          asked.grant->paid ? "enterprise_platinum" : "basic", list(available_scopes()),
          list(granted_scopes(*asked.grant)))));
}

core::HttpReply SurveyMonkey::list_surveys(const Asked& asked) {
  const auto page = read_page(asked.query, kLargestPage, setup_.page_cap);
  if (!page || !has_only(asked.query, {"page", "per_page", "include", "title"})) {
    return monkey_error(MonkeyError::bad_parameters);
  }
  const std::vector<std::string_view> include =
      core::split(asked.query.find("include").value_or(""), ',');
  const std::string title = core::lower(asked.query.find("title").value_or(""));
  std::vector<std::string> all;
  for (std::size_t survey = 0; survey < survey_plans().size(); ++survey) {
    if (core::lower(survey_plans()[survey].title).find(title) == std::string::npos) continue;
    all.push_back(
        with_escaped_slashes(listed_survey_json(survey, responses_.facts(survey), include)));
  }
  return page_reply(asked.path, asked.query, *page, all.size(), items_of(*page, all));
}

core::HttpReply SurveyMonkey::get_survey(const Asked& asked) {
  return with_survey(asked, &SurveyMonkey::survey_of);
}
core::HttpReply SurveyMonkey::get_details(const Asked& asked) {
  return with_survey(asked, &SurveyMonkey::details_of);
}
core::HttpReply SurveyMonkey::get_collectors(const Asked& asked) {
  return with_survey(asked, &SurveyMonkey::collectors_of);
}
core::HttpReply SurveyMonkey::get_responses(const Asked& asked) {
  return with_survey(asked, &SurveyMonkey::responses_of);
}
core::HttpReply SurveyMonkey::get_bulk(const Asked& asked) {
  return with_survey(asked, &SurveyMonkey::bulk_of);
}
core::HttpReply SurveyMonkey::get_response(const Asked& asked) {
  return with_survey(asked, &SurveyMonkey::response_of);
}

core::HttpReply SurveyMonkey::survey_of(const Asked& /*asked*/, std::size_t survey) {
  return monkey_reply(200,
                      with_escaped_slashes(survey_json(survey, responses_.facts(survey), false)));
}

core::HttpReply SurveyMonkey::details_of(const Asked& /*asked*/, std::size_t survey) {
  return monkey_reply(200,
                      with_escaped_slashes(survey_json(survey, responses_.facts(survey), true)));
}

core::HttpReply SurveyMonkey::collectors_of(const Asked& asked, std::size_t survey) {
  const auto page = read_page(asked.query, kLargestPage, setup_.page_cap);
  if (!page || !has_only(asked.query, {"page", "per_page"})) {
    return monkey_error(MonkeyError::bad_parameters);
  }
  const std::vector<std::string> all = {with_escaped_slashes(fmt::format(
      R"({{"name":"Web Link 1","id":"{0}","href":"https://api.surveymonkey.net/v3/collectors/{0}","type":"weblink"}})",
      collector_id(survey)))};
  return page_reply(asked.path, asked.query, *page, all.size(), items_of(*page, all));
}

core::HttpReply SurveyMonkey::responses_of(const Asked& asked, std::size_t survey) {
  return list_responses(responses_, survey, false, asked.path, asked.query, setup_.page_cap);
}

core::HttpReply SurveyMonkey::bulk_of(const Asked& asked, std::size_t survey) {
  return list_responses(responses_, survey, true, asked.path, asked.query, setup_.page_cap);
}

core::HttpReply SurveyMonkey::response_of(const Asked& asked, std::size_t survey) {
  if (!has_only(asked.query, {"simple"})) return monkey_error(MonkeyError::bad_parameters);
  const SurveyResponse* response =
      responses_.find(survey, core::parse_integer(asked.ids.back()).value_or(0));
  if (!response) return monkey_error(MonkeyError::not_found);
  return monkey_reply(200, json_of(*response, asked.query.find("simple") == "true"));
}

core::HttpReply SurveyMonkey::list_webhooks(const Asked& asked) {
  return webhooks_.list(asked.path, asked.query);
}
core::HttpReply SurveyMonkey::create_webhook(const Asked& asked) {
  return webhooks_.create(asked.http);
}
core::HttpReply SurveyMonkey::get_webhook(const Asked& asked) {
  return webhooks_.show(asked.ids.front());
}
core::HttpReply SurveyMonkey::update_webhook(const Asked& asked) {
  return webhooks_.update(asked.ids.front(), asked.http);
}
core::HttpReply SurveyMonkey::delete_webhook(const Asked& asked) {
  return webhooks_.remove(asked.ids.front());
}

std::unique_ptr<SimulatedProduct> make_surveymonkey(const ProductSetup& setup,
                                                    const core::Clock& clock) {
  return std::make_unique<SurveyMonkey>(setup, clock);
}

}  // namespace earshot::sandbox

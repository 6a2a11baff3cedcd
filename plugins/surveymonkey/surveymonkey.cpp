/// SurveyMonkey responses as feedback. Set-up, permissions, limits and mapping: README.md.

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <earshot/sdk/integration.hpp>

#include "responses.hpp"
#include "surveys.hpp"
#include "webhooks.hpp"

namespace earshot::plugins {
namespace {

using sdk::Account, sdk::Call, sdk::Code, sdk::Error, sdk::FetchRequest, sdk::Page, sdk::Result,
    sdk::Value, sdk::Webhook;

/// What reading takes, and what SurveyMonkey's settings call it.
struct Scope {
  std::string_view name;
  std::string_view label;
};
constexpr std::array kScopes = {Scope{"surveys_read", "View Surveys"},
                                Scope{"responses_read_detail", "View Response Details"}};

/// SurveyMonkey's own number for why it refused, or empty.
std::string refusal_of(const Call& call, const Error& error) {
  return call.answer(error).text_or("/error/id", "");
}

/// Every answer lists the scopes that the token was granted.
Result<void> require_scopes(const Page& page) {
  const std::string_view granted = page.header("x-oauth-scopes-granted");
  if (granted.empty()) return {};
  const std::vector<std::string_view> names = sdk::split(granted, ',');
  for (const Scope& scope : kScopes) {
    if (std::find(names.begin(), names.end(), scope.name) != names.end()) continue;
    return Error{.code = Code::forbidden,
                 .message = "the access token was not granted the scope '" +
                            std::string(scope.name) + "': require \"" + std::string(scope.label) +
                            "\" in the app's settings and make a new token"};
  }
  return {};
}

/// True where it is this one survey that cannot be read: deleted, not shared, too large, not of the
/// documented shape. (What is no JSON at all was broken on its way and has a status.)
bool is_about_one_survey(const Call& call, const Error& error) {
  switch (error.code) {
    case Code::not_found: return true;
    case Code::bad_data: return error.status == 0;
    case Code::forbidden: return refusal_of(call, error) == "1016";
    case Code::upstream: return error.status >= 400 && error.status < 500;
    default: return false;
  }
}

/// Behind the survey that was last done with, then those before it: what a day's requests do not
/// reach comes first the next day.
void begin_behind(std::vector<std::string>& surveys, const std::string& last) {
  const auto next = std::upper_bound(surveys.begin(), surveys.end(), last, is_older);
  std::rotate(surveys.begin(), next, surveys.end());
}

/// What a fetch of each survey will come to: all of one that was listed and never read. Of the
/// others, and of a window, nobody knows.
Result<std::vector<std::optional<std::uint64_t>>> expected(Call& call, const FetchRequest& request,
                                                           const Chosen& chosen) {
  std::vector<std::optional<std::uint64_t>> counts;
  for (const std::string& survey : chosen.ids) {
    const auto listed = chosen.responses.find(survey);
    EAR_TRY(const std::string cursor, call.cursor(survey));
    const bool whole = cursor.empty() && !request.from && !request.to;
    const bool known = whole && listed != chosen.responses.end();
    counts.push_back(known ? std::optional(listed->second) : std::nullopt);
  }
  return counts;
}

/// The sum of those behind `at`, if all of them are known.
std::optional<std::uint64_t> sum_behind(const std::vector<std::optional<std::uint64_t>>& counts,
                                        std::size_t at) {
  std::uint64_t sum = 0;
  for (std::size_t i = at + 1; i < counts.size(); ++i) {
    if (!counts[i]) return std::nullopt;
    sum += *counts[i];
  }
  return sum;
}

class SurveyMonkey final : public sdk::BaseIntegration {
 public:
  Result<Account> authenticate(Call& call) override {
    const Result<Page> me = call.get("/v3/users/me");
    if (!me && refusal_of(call, me.error()) == "1014") return unnamed_account(call);
    if (!me) return me.error();
    EAR_CHECK(require_scopes(*me));
    EAR_TRY(const std::string id, me->text("/id"));
    return Account{.id = id, .name = me->text_or("/username", id)};
  }

  Result<void> fetch_feedback(Call& call, const FetchRequest& request) override {
    EAR_TRY(Chosen chosen, choose_surveys(call));
    for (const std::string& title : chosen.not_found) {
      EAR_CHECK(call.problem(
          title, {.code = Code::not_found, .message = "the account has no survey of this title"}));
    }
    EAR_TRY(const std::string last, call.cursor());
    begin_behind(chosen.ids, last);
    EAR_TRY(const auto counts, expected(call, request, chosen));
    Headway headway;
    for (std::size_t i = 0; i < chosen.ids.size(); ++i) {
      const std::string& survey = chosen.ids[i];
      headway.ahead = sum_behind(counts, i);
      Result<void> fetched = fetch_responses(call, request, survey, headway);
      if (!fetched && !is_about_one_survey(call, fetched.error())) return fetched;
      if (!fetched) EAR_CHECK(call.problem(survey, fetched.error()));
      if (chosen.ids.size() > 1) EAR_CHECK(call.checkpoint(survey));
    }
    return {};
  }

  Result<Webhook> register_webhook(Call& call, std::string_view url, const Value& state) override {
    return register_webhooks(call, url, state);
  }

 private:
  /// A token without the scope users_read opens surveys, but not the name of their account.
  static Result<Account> unnamed_account(Call& call) {
    EAR_TRY(const Page surveys, call.get("/v3/surveys?per_page=1"));
    EAR_CHECK(require_scopes(surveys));
    return Account{.id = "unnamed", .name = "unnamed: the scope users_read is not granted"};
  }
};

}  // namespace
}  // namespace earshot::plugins

EARSHOT_PLUGIN(earshot::plugins::SurveyMonkey)

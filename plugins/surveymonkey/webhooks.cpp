#include "webhooks.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "surveys.hpp"

namespace earshot::plugins {
namespace {

using sdk::Call, sdk::Code, sdk::Error, sdk::Json, sdk::Page, sdk::Result, sdk::Value, sdk::Webhook;

constexpr std::string_view kWebhooks = "/v3/webhooks";
constexpr std::string_view kName = "Earshot ";  ///< ... and the kind of event.
constexpr int kMostPages = 100;

/// A webhook as it shall be.
struct Wanted {
  std::string event;
  std::string url;
  Json surveys = nullptr;
};

/// A webhook of the account that Earshot may have made.
struct Found {
  std::string id;
  std::string event;
  std::string url;
  std::vector<std::string> surveys;
};

/// SurveyMonkey fires response_updated for every page that a respondent saves, and each delivery
/// costs a request: only for those who want partial responses.
std::vector<std::string> event_types(const Value& statuses) {
  std::vector<std::string> types;
  for (const Value status : statuses) {
    const bool partial = status.view() == "partial";
    types.push_back(partial ? "response_updated" : "response_" + std::string(status.view()));
  }
  types.emplace_back("response_deleted");
  return types;
}

std::string webhook_path(std::string_view id) {
  return std::string(kWebhooks) + "/" + sdk::percent_encode(id);
}

Result<Found> read_webhook(Call& call, const std::string& id) {
  EAR_TRY(const Page hook, call.get(webhook_path(id)));
  Found found{.id = id,
              .event = hook.text_or("/event_type", ""),
              .url = hook.text_or("/subscription_url", ""),
              .surveys = {}};
  for (const Value survey : hook.at("/object_ids")) found.surveys.emplace_back(survey.view());
  std::sort(found.surveys.begin(), found.surveys.end(), is_older);
  return found;
}

/// Webhooks with Earshot's names. The list tells no URL, so each is asked for.
Result<std::vector<Found>> find_webhooks(Call& call) {
  std::vector<Found> found;
  for (int number = 1; number <= kMostPages; ++number) {
    EAR_TRY(
        const Page page,
        call.get(sdk::path(kWebhooks, {{"page", std::to_string(number)}, {"per_page", "1000"}})));
    EAR_TRY(const bool more, has_next(page));
    for (const Value hook : page.at("/data")) {
      if (!hook.at("/name").view().starts_with(kName)) continue;
      EAR_TRY(const std::string id, hook.text("/id"));
      EAR_TRY(Found one, read_webhook(call, id));
      found.push_back(std::move(one));
    }
    if (!more) break;
  }
  return found;
}

/// The one for that event which delivers there already, or else which this integration made.
const Found* find_match(const std::vector<Found>& found, const Wanted& wanted,
                        const std::vector<std::string_view>& reported) {
  const Found* match = nullptr;
  for (const Found& one : found) {
    if (one.event != wanted.event) continue;
    if (one.url == wanted.url) return &one;
    if (std::find(reported.begin(), reported.end(), one.id) != reported.end()) match = &one;
  }
  return match;
}

Result<std::string> created(Call& call, const Wanted& wanted) {
  EAR_TRY(const Page made,
          call.post(kWebhooks, sdk::json::object({{"name", std::string(kName) + wanted.event},
                                                  {"event_type", wanted.event},
                                                  {"object_type", "survey"},
                                                  {"object_ids", wanted.surveys},
                                                  {"subscription_url", wanted.url}})));
  return made.text("/id");
}

Result<std::string> settled(Call& call, const Wanted& wanted, const Found& found,
                            const std::vector<std::string>& surveys) {
  if (found.url != wanted.url || found.surveys != surveys) {
    EAR_TRY(const Page changed, call.patch(webhook_path(found.id),
                                           sdk::json::object({{"object_ids", wanted.surveys},
                                                              {"subscription_url", wanted.url}})));
  }
  return found.id;
}

Result<std::vector<std::string>> surveys_to_watch(Call& call) {
  EAR_TRY(Chosen chosen, choose_surveys(call));
  if (!chosen.ids.empty()) return std::move(chosen.ids);
  return Error{.code = Code::config,
               .message =
                   "there is no survey to watch: the account has none, or none of those "
                   "that `surveys` names"};
}

}  // namespace

Result<Webhook> register_webhooks(Call& call, std::string_view url, const Value& state) {
  if (!call.config().at("/client_id").exists()) {
    return Error{.code = Code::config,
                 .message =
                     "set `client_id` and `client_secret` of the app: SurveyMonkey signs "
                     "what it delivers with them"};
  }
  EAR_TRY(const std::vector<std::string> surveys, surveys_to_watch(call));
  EAR_TRY(const std::vector<Found> found, find_webhooks(call));
  const std::string last = state.text_or("/hook_id", "");
  const std::vector<std::string_view> reported = sdk::split(last, ',');
  std::string ids;
  for (const std::string& event : event_types(call.config().at("/statuses"))) {
    const Wanted wanted{
        .event = event,
        .url = std::string(url.substr(0, url.find_last_not_of('/') + 1)) + "/" + event,
        .surveys = sdk::json::array({surveys.begin(), surveys.end()})};
    const Found* match = find_match(found, wanted, reported);
    EAR_TRY(const std::string id,
            match == nullptr ? created(call, wanted) : settled(call, wanted, *match, surveys));
    (ids += ids.empty() ? "" : ",") += id;
  }
  return Webhook::registered(std::move(ids));
}

}  // namespace earshot::plugins

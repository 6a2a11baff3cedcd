#include "sandbox/surveymonkey/webhooks.hpp"

#include <algorithm>
#include <memory>
#include <variant>

#include <fmt/format.h>

#include <earshot/core/base/text.hpp>
#include <earshot/core/http/message.hpp>
#include <earshot/core/json/writer.hpp>

#include "sandbox/surveymonkey/paging.hpp"
#include "sandbox/surveymonkey/replies.hpp"
#include "sandbox/surveymonkey/survey_plan.hpp"

namespace earshot::sandbox {
namespace {

constexpr std::uint64_t kLargestPage = 1'000;
constexpr std::string_view kEvents[] = {
    "response_completed", "response_updated",   "response_disqualified", "response_created",
    "response_deleted",   "response_overquota", "collector_created",     "collector_updated",
    "collector_deleted",  "survey_created",     "survey_updated",        "survey_deleted"};

std::string href(std::string_view id) {
  return fmt::format("https://api.surveymonkey.com/v3/webhooks/{}", id);
}

using Body = std::unique_ptr<core::JsonDocument>;

std::variant<Body, core::HttpReply> object_body(const core::HttpIncoming& request) {
  if (media_type(request.headers) != "application/json") {
    return monkey_error(MonkeyError::bad_headers);
  }
  auto document = core::JsonDocument::parse(request.body);
  if (!document) return monkey_error(MonkeyError::not_json);
  if (!document.value()->root().is_object()) return monkey_error(MonkeyError::bad_schema);
  return std::move(document).value();
}

bool answers_head(std::string_view url) {
  const auto parsed = core::parse_url(url);
  return parsed && !parsed->origin.host.ends_with(".invalid");
}

bool knows_event(std::string_view event) {
  return std::find(std::begin(kEvents), std::end(kEvents), event) != std::end(kEvents);
}

}  // namespace

std::string SurveyMonkeyWebhooks::json(const Webhook& webhook) {
  core::JsonWriter out;
  out.begin_object();
  out.member("id", webhook.id);
  out.member("name", webhook.name);
  out.member("event_type", webhook.event_type);
  out.member("object_type", webhook.object_type);
  out.key("object_ids");
  out.begin_array();
  for (const std::string& id : webhook.object_ids) out.string(id);
  out.end_array();
  out.member("subscription_url", webhook.subscription_url);
  if (!webhook.authorization.empty()) out.member("authorization", webhook.authorization);
  out.member("href", href(webhook.id));
  out.end_object();
  return with_escaped_slashes(out.take());
}

void SurveyMonkeyWebhooks::apply(Webhook& webhook, core::JsonValue members) {
  const auto take = [&](std::string& member, std::string_view name) {
    if (members.member(name).is_string()) member = members.member(name).text();
  };
  take(webhook.name, "name");
  take(webhook.event_type, "event_type");
  take(webhook.object_type, "object_type");
  take(webhook.subscription_url, "subscription_url");
  take(webhook.authorization, "authorization");
  if (const core::JsonValue ids = members.member("object_ids"); ids.is_array()) {
    webhook.object_ids.clear();
    for (const core::JsonValue id : ids) webhook.object_ids.emplace_back(id.text());
  }
}

core::HttpReply SurveyMonkeyWebhooks::refusal_of(const Webhook& webhook) const {
  const bool about_all = webhook.event_type == "survey_created";
  const bool collector = webhook.object_type == "collector";
  const bool typed = collector || webhook.object_type == "survey";
  const bool complete = about_all ? webhook.object_type.empty() && webhook.object_ids.empty()
                                  : typed && !webhook.object_ids.empty();
  if (webhook.name.empty() || !knows_event(webhook.event_type) || !complete) {
    return monkey_error(MonkeyError::bad_schema);
  }
  if (collector && webhook.event_type == "collector_created") {
    return monkey_error(MonkeyError::bad_input);
  }
  if (!answers_head(webhook.subscription_url)) return monkey_error(MonkeyError::bad_input);
  for (const std::string& id : webhook.object_ids) {
    if (!collector && id == kForeignSurvey) return monkey_error(MonkeyError::no_access);
    if (!collector && !find_survey(id)) return monkey_error(MonkeyError::not_found);
  }
  const bool taken = std::any_of(webhooks_.begin(), webhooks_.end(), [&](const Webhook& other) {
    return other.id != webhook.id && other.subscription_url == webhook.subscription_url;
  });
  core::HttpReply none;
  none.status = 0;
  return taken ? monkey_error(MonkeyError::exists) : none;
}

core::HttpReply SurveyMonkeyWebhooks::create(const core::HttpIncoming& request) {
  auto body = object_body(request);
  if (auto* refusal = std::get_if<core::HttpReply>(&body)) return std::move(*refusal);
  Webhook webhook;
  apply(webhook, std::get<Body>(body)->root());
  webhook.id = std::to_string(next_id_);
  if (core::HttpReply refusal = refusal_of(webhook); refusal.status != 0) return refusal;
  ++next_id_;
  webhooks_.push_back(webhook);
  return monkey_reply(201, json(webhook));
}

core::HttpReply SurveyMonkeyWebhooks::list(std::string_view path, const Parameters& query) const {
  const auto page = read_page(query, kLargestPage, 0);
  if (!page || !has_only(query, {"page", "per_page"})) {
    return monkey_error(MonkeyError::bad_parameters);
  }
  std::vector<std::string> all;
  for (const Webhook& webhook : webhooks_) {
    core::JsonWriter out;
    out.begin_object();
    out.member("id", webhook.id);
    out.member("name", webhook.name);
    out.member("href", href(webhook.id));
    out.end_object();
    all.push_back(with_escaped_slashes(out.take()));
  }
  return page_reply(path, query, *page, all.size(), items_of(*page, all));
}

core::HttpReply SurveyMonkeyWebhooks::show(std::string_view id) const {
  const Webhook* webhook = find(id);
  return webhook ? monkey_reply(200, json(*webhook)) : monkey_error(MonkeyError::not_found);
}

core::HttpReply SurveyMonkeyWebhooks::update(std::string_view id,
                                             const core::HttpIncoming& request) {
  const Webhook* found = find(id);
  if (!found) return monkey_error(MonkeyError::not_found);
  auto body = object_body(request);
  if (auto* refusal = std::get_if<core::HttpReply>(&body)) return std::move(*refusal);
  Webhook changed;
  if (request.method == "PATCH") changed = *found;
  changed.id = id;
  apply(changed, std::get<Body>(body)->root());
  if (core::HttpReply refusal = refusal_of(changed); refusal.status != 0) return refusal;
  webhooks_[static_cast<std::size_t>(found - webhooks_.data())] = changed;
  return monkey_reply(200, json(changed));
}

core::HttpReply SurveyMonkeyWebhooks::remove(std::string_view id) {
  const Webhook* found = find(id);
  if (!found) return monkey_error(MonkeyError::not_found);
  core::HttpReply reply = monkey_reply(200, json(*found));
  webhooks_.erase(webhooks_.begin() + (found - webhooks_.data()));
  return reply;
}

const SurveyMonkeyWebhooks::Webhook* SurveyMonkeyWebhooks::find(
    std::string_view id) const noexcept {
  const auto found = std::find_if(webhooks_.begin(), webhooks_.end(),
                                  [&](const Webhook& webhook) { return webhook.id == id; });
  return found == webhooks_.end() ? nullptr : &*found;
}

}  // namespace earshot::sandbox

#include "sandbox/zendesk/webhooks.hpp"

#include <algorithm>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include <earshot/core/base/text.hpp>
#include <earshot/core/http/message.hpp>
#include <earshot/core/json/writer.hpp>

#include "sandbox/zendesk/paging.hpp"
#include "sandbox/zendesk/replies.hpp"

namespace earshot::sandbox {
namespace {

constexpr std::string_view kByTrigger = "conditional_ticket_events";

core::HttpReply no_content() {
  core::HttpReply reply;
  reply.status = 204;
  return reply;
}

core::HttpReply invalid_webhook(std::string_view detail) {
  core::JsonWriter out;
  out.begin_object();
  out.key("errors");
  out.begin_array();
  out.begin_object();
  out.member("code", "InvalidWebhook");
  out.member("title", "The webhook is not valid");
  out.member("detail", detail);
  out.member("status", "400");
  out.end_object();
  out.end_array();
  out.end_object();
  return json_reply(400, out.take());
}

/// The body if it is JSON, by its type too; else null.
std::unique_ptr<core::JsonDocument> json_body(const core::HttpIncoming& request) {
  if (media_type(request.headers) != "application/json") return nullptr;
  auto document = core::JsonDocument::parse(request.body);
  return document ? std::move(document).value() : nullptr;
}

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> choices) {
  return std::find(choices.begin(), choices.end(), text) != choices.end();
}

/// Whether a request may send that member, and as what.
std::string wrong_member(core::JsonValue member) {
  const std::string_view name = member.key();
  if (is_one_of(name,
                {"name", "description", "endpoint", "http_method", "request_format", "status"}))
    return member.is_string() ? "" : fmt::format("{}: must be a string", name);
  if (name == "authentication" || name == "custom_headers")
    return member.is_object() ? "" : fmt::format("{}: must be an object", name);
  if (name != "subscriptions") return fmt::format("{}: is no member of a webhook", name);
  bool texts = member.is_array();
  for (const core::JsonValue type : member) texts = texts && type.is_string();
  return texts ? "" : "subscriptions: must be an array of strings";
}

std::string wrong_subscriptions(const std::vector<std::string>& types) {
  for (const std::string& type : types) {
    if (type == kByTrigger && types.size() == 1) continue;
    if (type == kByTrigger) return "conditional_ticket_events excludes event subscriptions";
    if (!is_event_type(type)) return fmt::format("subscriptions: {} is no event type", type);
  }
  return "";
}

/// An object of one member, whose value is JSON already.
std::string wrapped(std::string_view name, std::string_view json) {
  return fmt::format(R"({{"{}":{}}})", name, json);
}

}  // namespace

std::string ZendeskWebhooks::json(const Webhook& webhook) {
  core::JsonWriter out;
  out.begin_object();
  out.member("id", webhook.id);
  out.member("name", webhook.name);
  out.member("status", webhook.status);
  out.member("endpoint", webhook.endpoint);
  out.member("http_method", webhook.http_method);
  out.member("request_format", webhook.request_format);
  out.key("subscriptions");
  out.begin_array();
  for (const std::string& type : webhook.subscriptions) out.string(type);
  out.end_array();
  out.member("created_at", core::rfc3339(webhook.created));
  out.member("created_by", "26363656426259");
  out.member("updated_at", core::rfc3339(webhook.updated));
  out.end_object();
  return out.take();
}

std::string ZendeskWebhooks::apply(Webhook& webhook, core::JsonValue members) {
  for (const core::JsonValue member : members) {
    if (std::string wrong = wrong_member(member); !wrong.empty()) return wrong;
  }
  const auto take = [&](std::string& member, std::string_view name) {
    if (members.member(name).is_string()) member = members.member(name).text();
  };
  take(webhook.name, "name");
  take(webhook.endpoint, "endpoint");
  take(webhook.http_method, "http_method");
  take(webhook.request_format, "request_format");
  take(webhook.status, "status");
  if (const core::JsonValue types = members.member("subscriptions"); types.is_array()) {
    webhook.subscriptions.clear();
    for (const core::JsonValue type : types) webhook.subscriptions.emplace_back(type.text());
  }
  if (webhook.name.empty()) return "name: cannot be blank";
  if (!core::parse_url(webhook.endpoint)) return "endpoint: is not a URL";
  if (!is_one_of(webhook.http_method, {"GET", "POST", "PUT", "PATCH", "DELETE"})) {
    return "http_method: must be GET, POST, PUT, PATCH or DELETE";
  }
  if (!is_one_of(webhook.request_format, {"json", "xml", "form_encoded"})) {
    return "request_format: must be json, xml or form_encoded";
  }
  if (!is_one_of(webhook.status, {"active", "inactive"})) {
    return "status: must be active or inactive";
  }
  return wrong_subscriptions(webhook.subscriptions);
}

core::HttpReply ZendeskWebhooks::create(const core::HttpIncoming& request, core::Time now) {
  const auto document = json_body(request);
  if (!document || !document->root().member("webhook").is_object()) {
    return missing_parameter("webhook");
  }
  Webhook webhook;
  const std::string wrong = apply(webhook, document->root().member("webhook"));
  if (!wrong.empty()) return invalid_webhook(wrong);
  webhook.id = new_ulid(now);
  webhook.secret = new_secret();
  webhook.created = webhook.updated = std::chrono::floor<std::chrono::seconds>(now);
  webhooks_.push_back(webhook);
  return json_reply(201, wrapped("webhook", json(webhook)));
}

core::HttpReply ZendeskWebhooks::list(const Parameters& query) const {
  const std::string wanted = core::lower(query.find("filter[name_contains]").value_or(""));
  std::vector<const Webhook*> found;
  for (const Webhook& webhook : webhooks_) {
    if (core::lower(webhook.name).find(wanted) != std::string::npos) found.push_back(&webhook);
  }
  ListSource source;
  source.name = "webhooks";
  source.url = "https://acme.zendesk.com/api/v2/webhooks";
  source.count = found.size();
  source.element = [&](std::uint64_t index) { return json(*found[index]); };
  return cursor_page(source, query);
}

core::HttpReply ZendeskWebhooks::show(std::string_view id) const {
  const Webhook* webhook = find(id);
  return webhook ? json_reply(200, wrapped("webhook", json(*webhook))) : no_such_record();
}

core::HttpReply ZendeskWebhooks::update(std::string_view id, const core::HttpIncoming& request,
                                        core::Time now) {
  Webhook* webhook = find(id);
  if (!webhook) return no_such_record();
  const auto document = json_body(request);
  if (!document || !document->root().member("webhook").is_object()) {
    return missing_parameter("webhook");
  }
  Webhook changed = *webhook;
  std::string wrong = apply(changed, document->root().member("webhook"));
  const auto by_trigger = [](const Webhook& one) {
    return one.subscriptions == std::vector<std::string>{std::string(kByTrigger)};
  };
  if (wrong.empty() && by_trigger(changed) != by_trigger(*webhook)) {
    wrong = "subscriptions: cannot change between triggers and events";
  }
  if (!wrong.empty()) return invalid_webhook(wrong);
  changed.updated = std::chrono::floor<std::chrono::seconds>(now);
  *webhook = std::move(changed);
  return no_content();
}

core::HttpReply ZendeskWebhooks::remove(std::string_view id) {
  const auto gone = std::remove_if(webhooks_.begin(), webhooks_.end(),
                                   [&](const Webhook& webhook) { return webhook.id == id; });
  if (gone == webhooks_.end()) return no_such_record();
  webhooks_.erase(gone, webhooks_.end());
  return no_content();
}

core::HttpReply ZendeskWebhooks::signing_secret(std::string_view id) const {
  const Webhook* webhook = find(id);
  if (!webhook) return no_such_record();
  return json_reply(200,
                    fmt::format(R"({{"signing_secret":{{"algorithm":"SHA256","secret":"{}"}}}})",
                                webhook->secret));
}

core::HttpReply ZendeskWebhooks::reset_signing_secret(std::string_view id) {
  Webhook* webhook = find(id);
  if (!webhook) return no_such_record();
  webhook->secret = new_secret();
  core::HttpReply reply = signing_secret(id);
  reply.status = 201;
  return reply;
}

const ZendeskWebhooks::Webhook* ZendeskWebhooks::find(std::string_view id) const noexcept {
  for (const Webhook& webhook : webhooks_) {
    if (webhook.id == id) return &webhook;
  }
  return nullptr;
}

ZendeskWebhooks::Webhook* ZendeskWebhooks::find(std::string_view id) noexcept {
  return const_cast<Webhook*>(std::as_const(*this).find(id));
}

std::string ZendeskWebhooks::new_ulid(core::Time now) {
  static constexpr std::string_view kCrockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  const auto millis = std::chrono::floor<std::chrono::milliseconds>(now).time_since_epoch().count();
  std::string out(26, '0');
  auto rest = static_cast<std::uint64_t>(millis);
  for (std::size_t at = 10; at-- > 0; rest /= 32) out[at] = kCrockford[rest % 32];
  for (std::size_t at = 10; at < out.size(); ++at) out[at] = kCrockford[random_.below(32)];
  return out;
}

std::string ZendeskWebhooks::new_secret() {
  std::string bytes;
  while (bytes.size() < 32) bytes += static_cast<char>(random_.below(256));
  return core::base64_encode(bytes);
}

}  // namespace earshot::sandbox

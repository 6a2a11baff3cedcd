/// A ticket in the shape in which Zendesk exports it.

#include <fmt/format.h>

#include <earshot/core/json/writer.hpp>

#include "sandbox/zendesk/ticket.hpp"

namespace earshot::sandbox {
namespace {

using core::JsonWriter;

constexpr std::int64_t kGroup = 26363643448211;
constexpr std::int64_t kForm = 26363596576915;
constexpr std::int64_t kBrand = 26363596759827;
constexpr std::int64_t kCustomStatus = 26363643424147;
constexpr std::string_view kMailbox = "support@acme.zendesk.com";

void nullable(JsonWriter& out, std::string_view name, std::optional<std::string_view> text) {
  out.key(name);
  text ? out.string(*text) : out.null();
}

void nulls(JsonWriter& out, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) nullable(out, name, {});
}

void empty_arrays(JsonWriter& out, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    out.key(name);
    out.begin_array();
    out.end_array();
  }
}

/// Every fourth ticket with that trait is half an hour off a whole one, as in India.
std::string timestamp(const Ticket& ticket, std::int64_t seconds) {
  if (ticket.trait != TicketTrait::offset_timestamps) return utc(seconds);
  const bool half = ticket.seed % 4 == 0;
  std::string text = utc(seconds + (half ? 19'800 : 7'200));
  text.pop_back();
  return text += half ? "+05:30" : "+02:00";
}

void write_via(JsonWriter& out, const TicketFacts& facts, const ZendeskUsers& users) {
  const bool mail = facts.channel == "email";
  out.key("via");
  out.begin_object();
  out.member("channel", facts.channel);
  out.key("source");
  out.begin_object();
  out.key("from");
  out.begin_object();
  if (mail) {
    out.member("address", users.email(facts.requester));
    out.member("name", users.name(facts.requester));
  }
  out.end_object();
  out.key("to");
  out.begin_object();
  if (mail) {
    out.member("name", "Acme");
    out.member("address", kMailbox);
  }
  out.end_object();
  nulls(out, {"rel"});
  out.end_object();
  out.end_object();
}

/// A custom field and its value, which is JSON of any kind.
struct FieldValue {
  std::int64_t id;
  std::string json;
};

std::vector<FieldValue> field_values(const Ticket& ticket, const TicketFacts& facts) {
  const auto quoted = [](std::optional<std::string_view> text) {
    return text ? fmt::format("\"{}\"", *text) : std::string("null");
  };
  return {{26363655924371, quoted(facts.categorized ? "billing" : "export")},
          {26363685850259, "null"},
          {kTierField, quoted(facts.tier)},
          {360000100004, ticket.seed % 2 == 0 ? "true" : "false"},
          {360000100005, R"(["area_export","area_login"])"},
          {360000100006, std::to_string(ticket.seed % 1000)},
          {360000100007, R"("2026-03-31")"}};
}

void write_fields(JsonWriter& out, std::string_view name, const std::vector<FieldValue>& values) {
  out.key(name);
  out.begin_array();
  for (const FieldValue& value : values) {
    out.begin_object();
    out.member("id", value.id);
    out.key("value");
    out.raw(value.json);
    out.end_object();
  }
  out.end_array();
}

void write_origin(JsonWriter& out, const Ticket& ticket, const TicketFacts& facts,
                  const ZendeskUsers& users) {
  out.member("url", fmt::format("https://acme.zendesk.com/api/v2/tickets/{}.json", ticket.id));
  out.member("id", ticket.id);
  nulls(out, {"external_id"});
  write_via(out, facts, users);
  out.member("created_at", timestamp(ticket, ticket.created));
  out.member("updated_at", timestamp(ticket, ticket.updated));
  out.member("generated_timestamp", ticket.generated);
}

void write_people(JsonWriter& out, const TicketFacts& facts) {
  out.member("requester_id", ZendeskUsers::id(facts.requester));
  out.member("submitter_id", ZendeskUsers::id(facts.requester));
  out.key("assignee_id");
  facts.assignee ? out.integer(ZendeskUsers::id(*facts.assignee)) : out.null();
  out.member("organization_id", ZendeskUsers::organization(facts.requester));
  out.member("group_id", kGroup);
  empty_arrays(out, {"collaborator_ids", "follower_ids", "email_cc_ids"});
}

void write_content(JsonWriter& out, const Ticket& ticket, const TicketFacts& facts) {
  const TicketText text = text_of(ticket);
  nullable(out, "type", facts.type);
  out.member("subject", text.subject);
  out.member("raw_subject", text.subject);
  out.member("description", text.description);
  nullable(out, "priority", facts.priority);
  out.member("status", ticket.status);
  nullable(out, "recipient", facts.channel == "email" ? std::optional(kMailbox) : std::nullopt);
}

void write_rest(JsonWriter& out, const Ticket& ticket, const TicketFacts& facts) {
  nulls(out, {"forum_topic_id", "problem_id"});
  out.member("has_incidents", false);
  out.member("is_public", true);
  nulls(out, {"due_at"});
  out.key("tags");
  out.begin_array();
  for (const std::string_view tag : facts.tags) out.string(tag);
  out.end_array();
  const std::vector<FieldValue> values = field_values(ticket, facts);
  write_fields(out, "custom_fields", values);
  out.key("satisfaction_rating");
  out.begin_object();
  out.member("score", "unoffered");
  out.end_object();
  empty_arrays(out, {"sharing_agreement_ids"});
  out.member("custom_status_id", kCustomStatus);
  out.member("encoded_id",
             fmt::format("{:06X}-{:05X}", ticket.seed % 0xffffff, ticket.id % 0xfffff));
  write_fields(out, "fields", values);
  empty_arrays(out, {"followup_ids"});
  out.member("ticket_form_id", kForm);
  out.member("brand_id", kBrand);
  out.member("allow_channelback", false);
  out.member("allow_attachments", true);
  out.member("from_messaging_channel", facts.channel == "native_messaging");
}

}  // namespace

const std::string& json_of(Ticket& ticket, const ZendeskUsers& users) {
  if (!ticket.rendered.empty()) return ticket.rendered;
  const TicketFacts facts = facts_of(ticket, users);
  JsonWriter out;
  out.begin_object();
  write_origin(out, ticket, facts, users);
  write_content(out, ticket, facts);
  write_people(out, facts);
  write_rest(out, ticket, facts);
  out.end_object();
  ticket.rendered = out.take();
  return ticket.rendered;
}

}  // namespace earshot::sandbox

/// A conversation in the shape in which Intercom gives it.

#include <fmt/format.h>

#include <earshot/core/json/writer.hpp>

#include "sandbox/intercom/conversation.hpp"

namespace earshot::sandbox {
namespace {

using core::JsonWriter;
using Trait = ConversationTrait;

void nulls(JsonWriter& out, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    out.key(name);
    out.null();
  }
}

/// The words that versions before 2.16 have for a priority.
std::string_view old_priority(std::string_view priority) {
  return priority == "high" || priority == "urgent" ? "priority" : "not_priority";
}

void write_author(JsonWriter& out, const Author& author, const IntercomPeople& people) {
  const std::string name = name_of(author, people);
  out.key("author");
  out.begin_object();
  switch (author.kind) {
    case Author::Kind::contact:
      out.member("type", IntercomPeople::is_lead(author.index) ? "lead" : "user");
      out.member("id", IntercomPeople::id(author.index));
      break;
    case Author::Kind::admin:
      out.member("type", "admin");
      out.member("id", std::to_string(IntercomPeople::admin_id(author.index)));
      break;
    case Author::Kind::bot:
      out.member("type", "bot");
      out.member("id", "278");
      break;
  }
  out.member("name", name.empty() ? std::nullopt : std::optional(name));
  out.member("email", author.kind == Author::Kind::contact ? people.email(author.index)
                                                           : "team@acme.example");
  out.end_object();
}

std::string_view body_of(const HtmlMessage& message, bool plain) {
  return plain ? message.shown : message.html;
}

void write_source(JsonWriter& out, const Conversation& conversation, const ConversationFacts& facts,
                  const IntercomPeople& people, bool plain) {
  const bool redacted = conversation.trait == Trait::redacted_source;
  out.key("source");
  out.begin_object();
  out.member("type", facts.channel);
  out.member("id", std::to_string(conversation.id % 10'000'000'000));
  out.member("delivered_as",
             facts.author.kind == Author::Kind::contact ? "customer_initiated" : "admin_initiated");
  out.member("subject", plain ? facts.subject_shown : facts.subject);
  out.member("body", redacted ? "<p>This message was deleted</p>" : body_of(facts.source, plain));
  write_author(out, facts.author, people);
  out.key("attachments");
  out.begin_array();
  out.end_array();
  out.member("url", "https://app.acme.example/export");
  out.member("redacted", redacted);
  out.end_object();
}

void write_contacts(JsonWriter& out, const ConversationFacts& facts) {
  out.key("contacts");
  out.begin_object();
  out.member("type", "contact.list");
  out.key("contacts");
  out.begin_array();
  for (const std::uint64_t contact : facts.contacts) {
    out.begin_object();
    out.member("type", "contact");
    out.member("id", IntercomPeople::id(contact));
    out.member("external_id", std::to_string(900'000 + contact));
    out.end_object();
  }
  out.end_array();
  out.end_object();
}

void write_tags(JsonWriter& out, const ConversationFacts& facts, std::int64_t at) {
  out.key("tags");
  out.begin_object();
  out.member("type", "tag.list");
  out.key("tags");
  out.begin_array();
  std::int64_t id = 86;
  for (const std::string_view tag : facts.tags) {
    out.begin_object();
    out.member("type", "tag");
    out.member("id", std::to_string(id++));
    out.member("name", tag);
    out.member("applied_at", at);
    out.key("applied_by");
    out.raw(R"({"type":"admin","id":"7387622"})");
    out.end_object();
  }
  out.end_array();
  out.end_object();
}

void write_state(JsonWriter& out, const Conversation& conversation, const ConversationFacts& facts,
                 bool modern) {
  out.key("admin_assignee_id");
  if (facts.assignee) {
    out.integer(IntercomPeople::admin_id(*facts.assignee));
  } else {
    modern ? out.integer(0) : out.null();
  }
  out.key("team_assignee_id");
  modern ? out.integer(0) : out.null();
  out.member("open", conversation.state != "closed");
  out.member("state", conversation.state);
  out.member("read", conversation.seed % 2 == 0);
  out.member("priority", modern ? facts.priority : old_priority(facts.priority));
  nulls(out, {"sla_applied"});
}

void write_numbers(JsonWriter& out, const Conversation& conversation,
                   const ConversationFacts& facts) {
  out.key("statistics");
  out.begin_object();
  out.member("type", "conversation_statistics");
  out.member("first_contact_reply_at", conversation.created);
  nulls(out, {"last_close_at"});
  out.member("count_reopens", 0);
  out.member("count_assignments", 0);
  out.member("count_conversation_parts", part_count(conversation));
  out.end_object();
  out.key("conversation_rating");
  if (!facts.rating) return out.null();
  out.begin_object();
  out.member("rating", *facts.rating);
  out.member("remark", "as it is");
  out.member("created_at", conversation.created);
  out.end_object();
}

void write_rest(JsonWriter& out, const ConversationFacts& facts) {
  out.key("teammates");
  out.raw(R"({"type":"admin.list","admins":[]})");
  out.member("title", facts.title);
  out.key("custom_attributes");
  out.begin_object();
  if (!facts.issue_type.empty()) out.member("issue_type", facts.issue_type);
  out.member("Copilot used", false);
  out.end_object();
  out.key("topics");
  out.raw(R"({"type":"topic.list","topics":[],"total_count":0})");
  nulls(out, {"ticket"});
  out.key("linked_objects");
  out.raw(R"({"type":"list","data":[],"total_count":0,"has_more":false})");
  nulls(out, {"ai_agent"});
  out.member("ai_agent_participated", false);
}

void write_part(JsonWriter& out, const ConversationPart& part, const IntercomPeople& people,
                bool plain) {
  out.begin_object();
  out.member("type", "conversation_part");
  out.member("id", std::to_string(part.id));
  out.member("part_type", part.type);
  out.key("body");
  part.body ? out.string(body_of(*part.body, plain)) : out.null();
  for (const char* time : {"created_at", "updated_at", "notified_at"}) {
    out.member(time, part.created);
  }
  nulls(out, {"assigned_to"});
  write_author(out, part.author, people);
  out.key("attachments");
  out.begin_array();
  out.end_array();
  nulls(out, {"external_id"});
  out.member("redacted", part.redacted);
  nulls(out, {"email_message_metadata"});
  out.member("state", "open");
  out.key("tags");
  out.begin_array();
  out.end_array();
  nulls(out, {"event_details", "app_package_code"});
  out.end_object();
}

void write_parts(JsonWriter& out, const Conversation& conversation, const ConversationFacts& facts,
                 const IntercomPeople& people, bool plain) {
  std::vector<ConversationPart> parts = parts_of(conversation, facts);
  if (conversation.trait == Trait::parts_backwards) parts = {parts.rbegin(), parts.rend()};
  out.key("conversation_parts");
  out.begin_object();
  out.member("type", "conversation_part.list");
  out.key("conversation_parts");
  out.begin_array();
  for (const ConversationPart& part : parts) write_part(out, part, people, plain);
  out.end_array();
  out.member("total_count", part_count(conversation));
  out.end_object();
}

}  // namespace

std::string conversation_json(const Conversation& conversation, const IntercomPeople& people,
                              const ConversationShape& shape) {
  const ConversationFacts facts = facts_of(conversation, people);
  JsonWriter out;
  out.begin_object();
  out.member("type", "conversation");
  out.member("id", std::to_string(conversation.id));
  out.member("created_at", conversation.created);
  out.member("updated_at", conversation.updated);
  out.member("waiting_since", conversation.created);
  nulls(out, {"snoozed_until"});
  write_source(out, conversation, facts, people, shape.plain);
  write_contacts(out, facts);
  nulls(out, {"first_contact_reply"});
  write_state(out, conversation, facts, shape.modern);
  write_tags(out, facts, conversation.created);
  write_numbers(out, conversation, facts);
  write_rest(out, facts);
  if (shape.parts) write_parts(out, conversation, facts, people, shape.plain);
  out.end_object();
  return out.take();
}

const std::string& list_json(Conversation& conversation, const IntercomPeople& people) {
  if (conversation.rendered.empty()) {
    conversation.rendered = conversation_json(conversation, people, {});
  }
  return conversation.rendered;
}

const std::string& whole_json(Conversation& conversation, const IntercomPeople& people) {
  if (conversation.rendered_whole.empty()) {
    conversation.rendered_whole = conversation_json(conversation, people, {.parts = true});
  }
  return conversation.rendered_whole;
}

}  // namespace earshot::sandbox

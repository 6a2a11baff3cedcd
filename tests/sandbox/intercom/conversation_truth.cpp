/// What a complete and correct fetch comes to.

#include <earshot/core/base/time.hpp>
#include <earshot/core/json/writer.hpp>

#include "sandbox/checksum.hpp"
#include "sandbox/intercom/conversation_book.hpp"

namespace earshot::sandbox {
namespace {

using IdsByTrait = std::map<std::string, std::vector<std::string>, std::less<>>;

constexpr std::size_t kIdsPerTrait = 1'000;
constexpr std::size_t kBulkTies = 150;

/// Earshot's word for a state of Intercom.
std::string_view record_status(const Conversation& conversation) {
  if (conversation.deleted) return "deleted";
  if (conversation.state == "snoozed") return "pending";
  return conversation.state == "closed" ? "closed" : "open";
}

void note(IdsByTrait& traits, std::string_view name, std::string id) {
  std::vector<std::string>& ids = traits[std::string(name)];
  if (ids.size() < kIdsPerTrait) ids.push_back(std::move(id));
}

void note_tied(IdsByTrait& traits, const std::vector<std::string>& tied) {
  if (tied.size() < 2) return;
  for (const std::string& id : tied) {
    note(traits, "time_ties", id);
    if (tied.size() >= kBulkTies) note(traits, "bulk_update", id);
  }
}

/// Groups what shares an updated_at.
void note_ties(IdsByTrait& traits, const ConversationBook::Order& order) {
  std::vector<std::string> tied;
  std::int64_t second = -1;
  for (const auto& entry : order) {
    if (entry.first.first != second) {
      note_tied(traits, tied);
      tied.clear();
      second = entry.first.first;
    }
    tied.push_back(std::to_string(entry.first.second));
  }
  note_tied(traits, tied);
}

void note_conversation(IdsByTrait& traits, const std::string& id, const Conversation& conversation,
                       const IntercomPeople& people) {
  const ConversationTrait trait =
      conversation.deleted ? ConversationTrait::deleted : conversation.trait;
  for (const ConversationTraitSpec& spec : kConversationTraits) {
    if (spec.trait == trait) note(traits, spec.name, id);
  }
  if (conversation.deleted) return;
  const ConversationFacts facts = facts_of(conversation, people);
  if (facts.categorized) note(traits, "category_tags", id);
  if (!facts.contacts.empty() && !people.tier(facts.contacts.front()).empty()) {
    note(traits, "customer_tier", id);
  }
}

void write_ids(core::JsonWriter& out, std::string_view name, const std::vector<std::string>& ids) {
  out.key(name);
  out.begin_array();
  for (const std::string& id : ids) out.string(id);
  out.end_array();
}

void add_to(Checksum& sum, const std::string& id, const Conversation& conversation,
            const IntercomPeople& people) {
  const ShownConversation text =
      conversation.deleted ? ShownConversation() : shown(conversation, people);
  sum.add(id, record_status(conversation),
          core::rfc3339(core::Time(std::chrono::seconds(conversation.updated))), text.title,
          text.content);
}

}  // namespace

std::map<std::string, std::size_t> ConversationBook::by_text_id() const {
  std::map<std::string, std::size_t> out;
  for (std::size_t index = 0; index < conversations_.size(); ++index) {
    out.emplace(std::to_string(conversations_[index].id), index);
  }
  return out;
}

std::string ConversationBook::truth() const {
  IdsByTrait traits;
  std::vector<std::string> ids;
  std::vector<std::string> deleted;
  Checksum sum;
  for (const auto& [id, index] : by_text_id()) {
    const Conversation& conversation = conversations_[index];
    add_to(sum, id, conversation, people_);
    note_conversation(traits, id, conversation, people_);
    ids.push_back(id);
    if (conversation.deleted) deleted.push_back(id);
  }
  note_ties(traits, order_);

  core::JsonWriter out;
  out.begin_object();
  out.member("count", static_cast<std::uint64_t>(ids.size()));
  write_ids(out, "ids", ids);
  write_ids(out, "deleted", deleted);
  out.member("checksum", sum.finish());
  out.key("traits");
  out.begin_object();
  for (const auto& [name, with] : traits) write_ids(out, name, with);
  out.end_object();
  out.end_object();
  return out.take();
}

}  // namespace earshot::sandbox

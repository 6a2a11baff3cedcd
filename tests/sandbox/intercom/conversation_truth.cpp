/// What a complete and correct fetch comes to.

#include "sandbox/intercom/conversation_book.hpp"
#include "sandbox/truth.hpp"

namespace earshot::sandbox {
namespace {

constexpr std::size_t kBulkTies = 150;

/// Earshot's word for a state of Intercom.
std::string_view record_status(const Conversation& conversation) {
  if (conversation.deleted) return "deleted";
  if (conversation.state == "snoozed") return "pending";
  return conversation.state == "closed" ? "closed" : "open";
}

void note_conversation(Truth& truth, const std::string& id, const Conversation& conversation,
                       const IntercomPeople& people) {
  truth.note_trait(kConversationTraits,
                   conversation.deleted ? ConversationTrait::deleted : conversation.trait, id);
  if (conversation.deleted) return;
  const ConversationFacts facts = facts_of(conversation, people);
  if (facts.categorized) truth.note("category_tags", id);
  if (!facts.contacts.empty() && !people.tier(facts.contacts.front()).empty()) {
    truth.note("customer_tier", id);
  }
}

}  // namespace

std::string ConversationBook::truth() const {
  Truth truth;
  std::map<std::string, std::size_t> sorted;
  sort_by_text_id(order_, sorted);
  sort_by_text_id(deletions_, sorted);
  for (const auto& [id, index] : sorted) {
    const Conversation& conversation = conversations_[index];
    const ShownConversation text =
        conversation.deleted ? ShownConversation() : shown(conversation, people_);
    truth.add(id, {.status = record_status(conversation),
                   .updated = conversation.updated,
                   .title = text.title,
                   .content = text.content});
    note_conversation(truth, id, conversation, people_);
  }
  truth.note_ties(order_, "bulk_update", kBulkTies);
  return truth.take();
}

}  // namespace earshot::sandbox

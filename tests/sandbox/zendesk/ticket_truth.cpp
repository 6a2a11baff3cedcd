/// What a complete and correct fetch comes to.

#include "sandbox/truth.hpp"
#include "sandbox/zendesk/ticket_book.hpp"

namespace earshot::sandbox {
namespace {

constexpr std::size_t kBulkTies = 100;

/// Earshot's word for a status of Zendesk.
std::string_view record_status(std::string_view word) {
  if (word == "pending" || word == "hold") return "pending";
  if (word == "solved" || word == "closed" || word == "deleted") return word;
  return "open";
}

void note_ticket(Truth& truth, const std::string& id, const Ticket& ticket,
                 const ZendeskUsers& users) {
  truth.note_trait(kTraits, ticket.deleted() ? TicketTrait::deleted : ticket.trait, id);
  if (ticket.deleted()) return;
  const TicketFacts facts = facts_of(ticket, users);
  if (facts.categorized) truth.note("category_tags", id);
  if (facts.tier) truth.note("customer_tier", id);
}

}  // namespace

std::string TicketBook::truth() const {
  Truth truth;
  std::map<std::string, std::size_t> sorted;
  sort_by_text_id(order_, sorted);
  for (const auto& [id, index] : sorted) {
    const Ticket& ticket = tickets_[index];
    const TicketText text = ticket.deleted() ? TicketText() : text_of(ticket);
    truth.add(id, {.status = record_status(ticket.status),
                   .updated = ticket.updated,
                   .title = text.subject ? std::string_view(*text.subject) : "",
                   .content = text.description});
    note_ticket(truth, id, ticket, users_);
  }
  truth.note_ties(order_, "bulk_update", kBulkTies);
  return truth.take();
}

}  // namespace earshot::sandbox

/// What a complete and correct fetch comes to.

#include <earshot/core/json/writer.hpp>

#include "sandbox/checksum.hpp"
#include "sandbox/zendesk/ticket_book.hpp"

namespace earshot::sandbox {
namespace {

using IdsByTrait = std::map<std::string, std::vector<std::string>, std::less<>>;

constexpr std::size_t kIdsPerTrait = 1'000;
constexpr std::size_t kBulkTies = 100;

/// Earshot's word for a status of Zendesk.
std::string_view record_status(std::string_view word) {
  if (word == "pending" || word == "hold") return "pending";
  if (word == "solved" || word == "closed" || word == "deleted") return word;
  return "open";
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

/// Groups what shares a generated_timestamp.
void note_ties(IdsByTrait& traits, const std::map<ExportPosition, std::size_t>& order) {
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

void note_ticket(IdsByTrait& traits, const std::string& id, const Ticket& ticket,
                 const ZendeskUsers& users) {
  const TicketTrait trait = ticket.deleted() ? TicketTrait::deleted : ticket.trait;
  for (const TraitSpec& spec : kTraits) {
    if (spec.trait == trait) note(traits, spec.name, id);
  }
  if (ticket.deleted()) return;
  const TicketFacts facts = facts_of(ticket, users);
  if (facts.categorized) note(traits, "category_tags", id);
  if (facts.tier) note(traits, "customer_tier", id);
}

void write_ids(core::JsonWriter& out, std::string_view name, const std::vector<std::string>& ids) {
  out.key(name);
  out.begin_array();
  for (const std::string& id : ids) out.string(id);
  out.end_array();
}

void add_to(Checksum& sum, const std::string& id, const Ticket& ticket) {
  const TicketText text = ticket.deleted() ? TicketText() : text_of(ticket);
  sum.add(id, record_status(ticket.status), utc(ticket.updated), text.subject.value_or(""),
          text.description);
}

}  // namespace

std::map<std::string, std::size_t> TicketBook::by_text_id() const {
  std::map<std::string, std::size_t> out;
  for (std::size_t index = 0; index < tickets_.size(); ++index) {
    out.emplace(std::to_string(tickets_[index].id), index);
  }
  return out;
}

std::string TicketBook::truth() const {
  IdsByTrait traits;
  std::vector<std::string> ids;
  std::vector<std::string> deleted;
  Checksum sum;
  for (const auto& [id, index] : by_text_id()) {
    const Ticket& ticket = tickets_[index];
    add_to(sum, id, ticket);
    note_ticket(traits, id, ticket, users_);
    ids.push_back(id);
    if (ticket.deleted()) deleted.push_back(id);
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

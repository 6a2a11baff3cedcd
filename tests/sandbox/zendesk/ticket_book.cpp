#include "sandbox/zendesk/ticket_book.hpp"

#include <array>
#include <utility>

namespace earshot::sandbox {
namespace {

using std::string_view_literals::operator""sv;

constexpr std::uint64_t kTraitEvery = 8;
static_assert(kTraits.size() * kTraitEvery <= 200, "200 tickets show every trait");

/// Tickets around each multiple of kTieEvery, where pages end, share one second; and one bulk
/// update touches more tickets than a page of a hundred holds.
constexpr std::uint64_t kTieEvery = 50;
constexpr std::uint64_t kTieBefore = 2;
constexpr std::uint64_t kTieLength = 5;
constexpr std::uint64_t kBulk = 120;
constexpr std::uint64_t kBulkOffset = 10;  ///< Behind a tie, and its end before the next.
constexpr std::uint64_t kBulkFrom = 200;   ///< Smaller accounts had none.

constexpr std::array kStatuses = {"new"sv,  "open"sv,   "open"sv,   "pending"sv,
                                  "hold"sv, "solved"sv, "solved"sv, "closed"sv};
constexpr std::array kNextStatuses = {"open"sv, "pending"sv, "hold"sv, "solved"sv};

bool is_heavy(TicketTrait trait) {
  return trait == TicketTrait::long_description || trait == TicketTrait::long_thread;
}

/// The rank whose time the ticket of `rank` shares.
std::uint64_t tied_rank(std::uint64_t rank, std::uint64_t items) {
  const std::uint64_t bulk = items / 4 / kTieEvery * kTieEvery + kBulkOffset;
  if (items >= kBulkFrom && rank >= bulk && rank < bulk + kBulk) return bulk;
  const std::uint64_t phase = (rank + kTieBefore) % kTieEvery;
  return rank + kTieBefore < kTieEvery || phase >= kTieLength ? rank : rank - phase;
}

std::string_view status_at(TicketTrait trait, core::Random& random) {
  const std::string_view drawn = kStatuses[random.below(kStatuses.size())];
  if (trait == TicketTrait::deleted) return "deleted";
  if (trait == TicketTrait::unknown_status) return "awaiting_vendor";
  if (trait == TicketTrait::merged) return "closed";
  return drawn;
}

}  // namespace

TicketBook::TicketBook(const ProductSetup& setup, const ZendeskUsers& users)
    : users_(users), random_(setup.seed) {
  generate(setup.items, Past(setup.now));
}

void TicketBook::generate(std::uint64_t items, const Past& past) {
  tickets_.reserve(items);
  by_id_.reserve(items);
  newest_ = past.last;
  for (std::uint64_t rank = 0; rank < items; ++rank) {
    insert(made(rank, past.at(tied_rank(rank, items), items)));
  }
}

Ticket TicketBook::made(std::uint64_t rank, std::int64_t generated) {
  Ticket ticket;
  ticket.seed = random_.next();
  core::Random random(ticket.seed);
  ticket.trait = trait_at(rank, kTraitEvery, kTraits, is_heavy);
  std::int64_t& next = ticket.trait == TicketTrait::large_id ? next_large_id_ : next_id_;
  ticket.id = next;
  next += 2;  // the large ones stay odd, where no double holds them
  ticket.generated = generated;
  ticket.updated = generated - static_cast<std::int64_t>(random.below(3));
  if (ticket.trait == TicketTrait::system_update) ticket.updated -= 2 * kDay;
  ticket.created = ticket.updated - static_cast<std::int64_t>(random.below(20 * kDay));
  ticket.status = status_at(ticket.trait, random);
  return ticket;
}

void TicketBook::insert(Ticket ticket) {
  if (ticket.deleted()) ++deleted_;
  by_id_[ticket.id] = tickets_.size();
  order_[{ticket.generated, ticket.id}] = tickets_.size();
  tickets_.push_back(std::move(ticket));
}

void TicketBook::move_to(Ticket& ticket, std::int64_t generated) {
  auto node = order_.extract({ticket.generated, ticket.id});
  node.key() = {generated, ticket.id};
  order_.insert(std::move(node));
  ticket.generated = generated;
  ticket.updated = generated;
  ++ticket.changes;
  ticket.rendered.clear();
}

TicketBook::Page TicketBook::page(ItemPosition position, std::size_t size, std::int64_t newest,
                                  bool exclude_deleted) {
  Page page;
  for (auto at = order_.upper_bound(position); at != order_.end(); ++at) {
    if (at->first.first > newest) break;
    Ticket& ticket = tickets_[at->second];
    if (exclude_deleted && ticket.deleted()) continue;
    if (page.tickets.size() == size) {
      page.last = false;
      break;
    }
    page.tickets.push_back(&ticket);
  }
  return page;
}

Ticket* TicketBook::find(std::int64_t id) noexcept {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &tickets_[found->second];
}

void TicketBook::render_all() {
  for (Ticket& ticket : tickets_) json_of(ticket, users_);
}

std::vector<std::size_t> TicketBook::choose_live(std::uint64_t count) {
  std::vector<std::size_t> live;
  for (std::size_t index = 0; index < tickets_.size(); ++index) {
    if (!tickets_[index].deleted()) live.push_back(index);
  }
  return drawn(std::move(live), count, random_);
}

Changed TicketBook::change(const Change& change) {
  Changed out;
  Stamps stamps(newest_);
  for (const std::size_t index : choose_live(change.update)) {
    Ticket& ticket = tickets_[index];
    move_to(ticket, stamps.next());
    const bool fixed =
        ticket.trait == TicketTrait::unknown_status || ticket.trait == TicketTrait::merged;
    if (!fixed) ticket.status = kNextStatuses[random_.below(kNextStatuses.size())];
    out.updated.push_back(std::to_string(ticket.id));
  }
  for (const std::size_t index : choose_live(change.remove)) {
    Ticket& ticket = tickets_[index];
    move_to(ticket, stamps.next());
    ticket.status = "deleted";
    ++deleted_;
    out.removed.push_back(std::to_string(ticket.id));
  }
  for (std::uint64_t added = 0; added < change.add; ++added) {
    insert(made(0, stamps.next()));
    out.added.push_back(std::to_string(tickets_.back().id));
  }
  return out;
}

}  // namespace earshot::sandbox

#include "sandbox/intercom/conversation_book.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace earshot::sandbox {
namespace {

using std::string_view_literals::operator""sv;
using Trait = ConversationTrait;

constexpr std::uint64_t kTraitEvery = 6;
static_assert(kConversationTraits.size() * kTraitEvery <= 200,
              "200 conversations show every trait");

/// Conversations around each multiple of kTieEvery, where pages end, share one second; and one bulk
/// update touches more of them than a page of 150 holds.
constexpr std::uint64_t kTieEvery = 50;
constexpr std::uint64_t kTieBefore = 2;
constexpr std::uint64_t kTieLength = 5;
constexpr std::uint64_t kBulk = 160;
constexpr std::uint64_t kBulkOffset = 10;  ///< Behind a tie.
constexpr std::uint64_t kBulkFrom = 200;   ///< Smaller workspaces had none.

constexpr std::array kStates = {"open"sv, "open"sv, "closed"sv, "closed"sv, "snoozed"sv};
constexpr std::array kNextStates = {"open"sv, "closed"sv, "snoozed"sv};

bool is_heavy(Trait trait) {
  return trait == Trait::long_message || trait == Trait::long_mail || trait == Trait::many_parts;
}

/// The rank whose time the conversation of `rank` shares.
std::uint64_t tied_rank(std::uint64_t rank, std::uint64_t items) {
  const std::uint64_t bulk = items / 8 / kTieEvery * kTieEvery + kBulkOffset;
  if (items >= kBulkFrom && rank >= bulk && rank < bulk + kBulk) return bulk;
  const std::uint64_t phase = (rank + kTieBefore) % kTieEvery;
  return rank + kTieBefore < kTieEvery || phase >= kTieLength ? rank : rank - phase;
}

}  // namespace

ConversationBook::ConversationBook(const ProductSetup& setup, const IntercomPeople& people)
    : people_(people), random_(setup.seed) {
  generate(setup.items, Past(setup.now));
}

void ConversationBook::generate(std::uint64_t items, const Past& past) {
  conversations_.reserve(items);
  by_id_.reserve(items);
  newest_ = past.last;
  for (std::uint64_t rank = 0; rank < items; ++rank) {
    insert(made(rank, past.at(tied_rank(rank, items), items)));
  }
}

Conversation ConversationBook::made(std::uint64_t rank, std::int64_t updated) {
  Conversation conversation;
  conversation.seed = random_.next();
  core::Random random(conversation.seed);
  conversation.trait = trait_at(rank, kTraitEvery, kConversationTraits, is_heavy);
  std::int64_t& next = conversation.trait == Trait::large_id ? next_large_id_ : next_id_;
  conversation.id = next;
  next += 2;  // the large ones stay odd, where no double holds them
  conversation.updated = updated;
  conversation.created = updated - kDay - static_cast<std::int64_t>(random.below(20 * kDay));
  conversation.state = kStates[random.below(kStates.size())];
  if (conversation.trait == Trait::unknown_state) conversation.state = "waiting_on_vendor";
  conversation.deleted = conversation.trait == Trait::deleted;
  return conversation;
}

void ConversationBook::insert(Conversation conversation) {
  const std::size_t index = conversations_.size();
  by_id_[conversation.id] = index;
  ItemOrder& order = conversation.deleted ? deletions_ : order_;
  order[{conversation.updated, conversation.id}] = index;
  conversations_.push_back(std::move(conversation));
  ++revision_;
}

void ConversationBook::move_to(Conversation& conversation, std::int64_t updated) {
  auto node = order_.extract({conversation.updated, conversation.id});
  node.key() = {updated, conversation.id};
  (conversation.deleted ? deletions_ : order_).insert(std::move(node));
  conversation.updated = updated;
  ++conversation.changes;
  conversation.rendered.clear();
  conversation.rendered_whole.clear();
  ++revision_;
}

Conversation* ConversationBook::find(std::int64_t id) noexcept {
  const auto found = by_id_.find(id);
  if (found == by_id_.end() || conversations_[found->second].deleted) return nullptr;
  return &conversations_[found->second];
}

void ConversationBook::render_all() {
  for (Conversation& conversation : conversations_) {
    if (conversation.deleted) continue;
    list_json(conversation, people_);
    whole_json(conversation, people_);
  }
}

std::vector<std::size_t> ConversationBook::choose_live(std::uint64_t count) {
  std::vector<std::size_t> live;
  for (const auto& entry : order_) live.push_back(entry.second);
  std::sort(live.begin(), live.end());
  return drawn(std::move(live), count, random_);
}

Changed ConversationBook::change(const Change& change) {
  Changed out;
  Stamps stamps(newest_);
  for (const std::size_t index : choose_live(change.update)) {
    Conversation& conversation = conversations_[index];
    move_to(conversation, stamps.next());
    if (conversation.trait != Trait::unknown_state) {
      conversation.state = kNextStates[random_.below(kNextStates.size())];
    }
    out.updated.push_back(std::to_string(conversation.id));
  }
  for (const std::size_t index : choose_live(change.remove)) {
    Conversation& conversation = conversations_[index];
    conversation.deleted = true;
    move_to(conversation, stamps.next());
    out.removed.push_back(std::to_string(conversation.id));
  }
  for (std::uint64_t added = 0; added < change.add; ++added) {
    insert(made(0, stamps.next()));
    out.added.push_back(std::to_string(conversations_.back().id));
  }
  return out;
}

}  // namespace earshot::sandbox

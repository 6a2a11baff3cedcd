#include "sandbox/intercom/conversation_book.hpp"

#include <algorithm>
#include <array>
#include <chrono>

namespace earshot::sandbox {
namespace {

using std::string_view_literals::operator""sv;
using Trait = ConversationTrait;

constexpr std::int64_t kDay = 86'400;
constexpr std::int64_t kSpan = 90 * kDay;
constexpr std::int64_t kFree = 6 * 3'600;

/// Every kTraitEvery-th conversation has a trait, each in turn; the longest ones only in one of
/// kLongTurns turns, so that they do not weigh on large workspaces.
constexpr std::uint64_t kTraitEvery = 6;
constexpr std::uint64_t kLongTurns = 16;
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
constexpr std::uint64_t kChangesPerSecond = 5;

constexpr std::array kStates = {"open"sv, "open"sv, "closed"sv, "closed"sv, "snoozed"sv};
constexpr std::array kNextStates = {"open"sv, "closed"sv, "snoozed"sv};

Trait trait_at(std::uint64_t rank) {
  if (rank % kTraitEvery != kTraitEvery - 1) return Trait::none;
  const std::uint64_t turn = rank / kTraitEvery / kConversationTraits.size();
  const Trait trait = kConversationTraits[rank / kTraitEvery % kConversationTraits.size()].trait;
  const bool heavy =
      trait == Trait::long_message || trait == Trait::long_mail || trait == Trait::many_parts;
  return heavy && turn % kLongTurns != 0 ? Trait::none : trait;
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
  const auto now = std::chrono::floor<std::chrono::seconds>(setup.now).time_since_epoch().count();
  generate(setup.items, now - kSpan, now - kFree);
}

void ConversationBook::generate(std::uint64_t items, std::int64_t first, std::int64_t last) {
  conversations_.reserve(items);
  by_id_.reserve(items);
  newest_ = last;
  for (std::uint64_t rank = 0; rank < items; ++rank) {
    const auto at = static_cast<std::int64_t>(tied_rank(rank, items));
    insert(made(rank, first + (last - first) * at / static_cast<std::int64_t>(items)));
  }
}

Conversation ConversationBook::made(std::uint64_t rank, std::int64_t updated) {
  Conversation conversation;
  conversation.seed = random_.next();
  core::Random random(conversation.seed);
  conversation.trait = trait_at(rank);
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
  Order& order = conversation.deleted ? deletions_ : order_;
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
  count = std::min<std::uint64_t>(count, live.size());
  for (std::size_t at = 0; at < count; ++at) {
    std::swap(live[at], live[at + random_.below(live.size() - at)]);
  }
  live.resize(count);
  return live;
}

std::int64_t ConversationBook::stamp(std::uint64_t& batch) {
  if (batch++ % kChangesPerSecond == 0) ++newest_;
  return newest_;
}

Changed ConversationBook::change(const Change& change) {
  Changed out;
  std::uint64_t batch = 0;
  for (const std::size_t index : choose_live(change.update)) {
    Conversation& conversation = conversations_[index];
    move_to(conversation, stamp(batch));
    if (conversation.trait != Trait::unknown_state) {
      conversation.state = kNextStates[random_.below(kNextStates.size())];
    }
    out.updated.push_back(std::to_string(conversation.id));
  }
  for (const std::size_t index : choose_live(change.remove)) {
    Conversation& conversation = conversations_[index];
    conversation.deleted = true;
    move_to(conversation, stamp(batch));
    out.removed.push_back(std::to_string(conversation.id));
  }
  for (std::uint64_t added = 0; added < change.add; ++added) {
    insert(made(0, stamp(batch)));
    out.added.push_back(std::to_string(conversations_.back().id));
  }
  return out;
}

}  // namespace earshot::sandbox

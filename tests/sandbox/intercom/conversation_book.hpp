#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include <earshot/core/base/random.hpp>

#include "sandbox/intercom/conversation.hpp"
#include "sandbox/product.hpp"

namespace earshot::sandbox {

/// Where a conversation stands in a search: by updated_at, then id.
using SearchPosition = std::pair<std::int64_t, std::int64_t>;

/// All conversations of the workspace, deleted ones included. Made from the seed over the 90 days
/// before `now`; the last six hours stay free, and changes are stamped one after the other into
/// them. [one thread at a time]
class ConversationBook {
 public:
  ConversationBook(const ProductSetup& setup, const IntercomPeople& people);

  /// Those that are there, as indexes for at(), in the order of searches.
  using Order = std::map<SearchPosition, std::size_t>;
  [[nodiscard]] const Order& order() const noexcept { return order_; }
  /// Those that were deleted, by the time of that.
  [[nodiscard]] const Order& deletions() const noexcept { return deletions_; }
  [[nodiscard]] Conversation& at(std::size_t index) noexcept { return conversations_[index]; }
  /// Null if there is none of that id, or it was deleted.
  [[nodiscard]] Conversation* find(std::int64_t id) noexcept;
  /// Counts what ever changed, so that others know when what they remember is old.
  [[nodiscard]] std::uint64_t revision() const noexcept { return revision_; }

  Changed change(const Change& change);
  void render_all();
  /// The truth document.
  [[nodiscard]] std::string truth() const;

 private:
  void generate(std::uint64_t items, std::int64_t first, std::int64_t last);
  Conversation made(std::uint64_t rank, std::int64_t updated);
  void insert(Conversation conversation);
  void move_to(Conversation& conversation, std::int64_t updated);
  std::vector<std::size_t> choose_live(std::uint64_t count);
  /// When the next of a batch of changes happens; five share a second.
  std::int64_t stamp(std::uint64_t& batch);
  [[nodiscard]] std::map<std::string, std::size_t> by_text_id() const;

  const IntercomPeople& people_;
  core::Random random_;
  std::int64_t next_id_ = 215'472'904'411'001;
  std::int64_t next_large_id_ = 9'007'199'254'740'993;  // 2^53 + 1, which no double holds
  std::int64_t newest_ = 0;
  std::uint64_t revision_ = 0;
  std::vector<Conversation> conversations_;
  std::unordered_map<std::int64_t, std::size_t> by_id_;
  Order order_;
  Order deletions_;
};

}  // namespace earshot::sandbox

#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include <earshot/core/base/random.hpp>

#include "sandbox/history.hpp"
#include "sandbox/intercom/conversation.hpp"
#include "sandbox/product.hpp"

namespace earshot::sandbox {

/// All conversations of the workspace, deleted ones included. [one thread at a time]
class ConversationBook {
 public:
  ConversationBook(const ProductSetup& setup, const IntercomPeople& people);

  /// Those that are there, as indexes for at(), in the order of searches: by updated_at, then id.
  [[nodiscard]] const ItemOrder& order() const noexcept { return order_; }
  /// Those that were deleted, by the time of that.
  [[nodiscard]] const ItemOrder& deletions() const noexcept { return deletions_; }
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
  void generate(std::uint64_t items, const Past& past);
  Conversation made(std::uint64_t rank, std::int64_t updated);
  void insert(Conversation conversation);
  void move_to(Conversation& conversation, std::int64_t updated);
  std::vector<std::size_t> choose_live(std::uint64_t count);

  const IntercomPeople& people_;
  core::Random random_;
  std::int64_t next_id_ = 215'472'904'411'001;
  std::int64_t next_large_id_ = 9'007'199'254'740'993;  // 2^53 + 1, which no double holds
  std::int64_t newest_ = 0;
  std::uint64_t revision_ = 0;
  std::vector<Conversation> conversations_;
  std::unordered_map<std::int64_t, std::size_t> by_id_;
  ItemOrder order_;
  ItemOrder deletions_;
};

}  // namespace earshot::sandbox

#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include <earshot/core/base/random.hpp>

#include "sandbox/history.hpp"
#include "sandbox/product.hpp"
#include "sandbox/zendesk/ticket.hpp"
#include "sandbox/zendesk/users.hpp"

namespace earshot::sandbox {

/// All tickets of the account, deleted ones included, in the order of exports: by
/// generated_timestamp, then id. Changes are stamped into the hours that the past leaves free, so
/// that they are old enough to be exported at once. [one thread at a time]
class TicketBook {
 public:
  TicketBook(const ProductSetup& setup, const ZendeskUsers& users);

  struct Page {
    std::vector<Ticket*> tickets;
    bool last = true;  ///< No further ticket is visible yet.
  };
  /// At most `size` tickets behind `position`, none generated after `newest`.
  [[nodiscard]] Page page(ItemPosition position, std::size_t size, std::int64_t newest,
                          bool exclude_deleted);
  /// Null if there is none of that id.
  [[nodiscard]] Ticket* find(std::int64_t id) noexcept;
  [[nodiscard]] std::size_t live() const noexcept { return tickets_.size() - deleted_; }

  Changed change(const Change& change);
  void render_all();
  /// The truth document.
  [[nodiscard]] std::string truth() const;

 private:
  void generate(std::uint64_t items, const Past& past);
  Ticket made(std::uint64_t rank, std::int64_t generated);
  void insert(Ticket ticket);
  void move_to(Ticket& ticket, std::int64_t generated);
  std::vector<std::size_t> choose_live(std::uint64_t count);

  const ZendeskUsers& users_;
  core::Random random_;
  std::int64_t next_id_ = 1001;
  std::int64_t next_large_id_ = 9'007'199'254'740'993;  // 2^53 + 1, which no double holds
  std::int64_t newest_ = 0;
  std::size_t deleted_ = 0;
  std::vector<Ticket> tickets_;
  std::unordered_map<std::int64_t, std::size_t> by_id_;
  ItemOrder order_;
};

}  // namespace earshot::sandbox

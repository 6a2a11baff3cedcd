#pragma once

/// Lists of conversations: POST /conversations/search, GET /conversations, GET
/// /conversations/deleted.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sandbox/http_text.hpp"
#include "sandbox/intercom/conversation_book.hpp"
#include "sandbox/intercom/query.hpp"
#include "sandbox/intercom/replies.hpp"

namespace earshot::sandbox {

/// Where a page ends, as Intercom writes it: base64 of "[1726752145000,5,2]", which is updated_at
/// in milliseconds, id, and the number of the next page.
struct SearchCursor {
  ItemPosition behind;
  std::uint64_t page = 2;
};
[[nodiscard]] std::string encode_search_cursor(const SearchCursor& cursor);
/// Nothing unless the text is exactly what encode_search_cursor makes.
[[nodiscard]] std::optional<SearchCursor> decode_search_cursor(std::string_view text);

/// Answers those who may read conversations. `page_cap` as in ProductSetup; `modern` for version
/// 2.16. [one thread at a time]
class ConversationLists {
 public:
  ConversationLists(ConversationBook& book, const IntercomPeople& people,
                    IntercomRefusals& refusals, std::uint64_t page_cap)
      : book_(book), people_(people), refusals_(refusals), page_cap_(page_cap) {}

  [[nodiscard]] core::HttpReply search(std::string_view body, bool modern, std::int64_t now);
  [[nodiscard]] core::HttpReply list(const Parameters& query, bool modern, std::int64_t now);
  [[nodiscard]] core::HttpReply deleted(const Parameters& query, std::int64_t now);

 private:
  /// What a page is asked for with.
  struct Asked {
    ConversationQuery query{};
    std::string query_text{};  ///< Of the query, for the count.
    std::uint64_t per_page = 20;
    std::optional<SearchCursor> cursor{};
    bool ascending = false;
  };
  struct DeletedPage {
    std::uint64_t per_page = 20;
    std::uint64_t number = 1;
    std::string order = "desc";
  };
  std::optional<core::HttpReply> read_paging(core::JsonValue paging, Asked& asked);
  std::optional<core::HttpReply> read_page_size(std::string_view text, std::uint64_t most,
                                                std::uint64_t& size);
  std::optional<core::HttpReply> read_sort(core::JsonValue sort, Asked& asked);
  std::optional<core::HttpReply> read_deleted(const Parameters& query, DeletedPage& asked);
  std::vector<std::size_t> find(const Asked& asked, const UpdatedRange& range, std::uint64_t size);
  core::HttpReply page(const Asked& asked, bool modern, std::int64_t now);
  std::uint64_t count(const Asked& asked, const UpdatedRange& range);

  ConversationBook& book_;
  const IntercomPeople& people_;
  IntercomRefusals& refusals_;
  std::uint64_t page_cap_;
  std::string counted_query_;
  std::uint64_t counted_revision_ = 0;
  std::int64_t counted_to_ = 0;
  std::uint64_t counted_ = 0;
};

}  // namespace earshot::sandbox

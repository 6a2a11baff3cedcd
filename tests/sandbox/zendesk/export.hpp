#pragma once

/// GET /api/v2/incremental/tickets/cursor

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sandbox/http_text.hpp"
#include "sandbox/zendesk/ticket_book.hpp"
#include "sandbox/zendesk/users.hpp"

namespace earshot::sandbox {

/// Zendesk's form: base64 of "1772449331.0||5158|".
[[nodiscard]] std::string encode_cursor(ItemPosition position);
/// Nothing unless the text is exactly what encode_cursor makes.
[[nodiscard]] std::optional<ItemPosition> decode_cursor(std::string_view cursor);

/// Answers an export request of somebody who may make it. `page_cap` as in ProductSetup; `now` in
/// Unix seconds.
[[nodiscard]] core::HttpReply export_tickets(TicketBook& tickets, ZendeskUsers& users,
                                             const Parameters& query, std::uint64_t page_cap,
                                             std::int64_t now);

}  // namespace earshot::sandbox

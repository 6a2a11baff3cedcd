#pragma once

/// GET /api/v2/tickets/{id}/comments

#include "sandbox/http_text.hpp"
#include "sandbox/zendesk/ticket.hpp"
#include "sandbox/zendesk/users.hpp"

namespace earshot::sandbox {

/// How many comments the ticket has, its description being the first.
[[nodiscard]] std::uint64_t comment_count(const Ticket& ticket);

/// Cursor paging if the query has page[size] or page[after], else by page and per_page.
[[nodiscard]] core::HttpReply list_comments(const Ticket& ticket, ZendeskUsers& users,
                                            const Parameters& query);

}  // namespace earshot::sandbox

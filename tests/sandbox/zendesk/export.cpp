#include "sandbox/zendesk/export.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include <earshot/core/base/text.hpp>
#include <earshot/core/json/writer.hpp>

#include "sandbox/zendesk/replies.hpp"

namespace earshot::sandbox {
namespace {

constexpr std::int64_t kLargestPage = 1'000;
constexpr std::int64_t kUnsettled = 60;  ///< Seconds before now that are never exported.
constexpr std::array kParameters = {"start_time", "cursor",          "include",
                                    "per_page",   "exclude_deleted", "support_type_scope"};
constexpr std::array kScopes = {"all", "agent", "ai_agent"};

struct ExportRequest {
  ItemPosition position;
  std::int64_t size = kLargestPage;
  bool users = false;
  bool exclude_deleted = false;
  bool agents = true;         ///< False for the tickets of AI agents, of which there are none.
  std::string carried_query;  ///< Parameters that after_url repeats.
};
using Refusal = std::optional<core::HttpReply>;

template <typename List>
bool is_one_of(const List& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

Refusal check_names(const Parameters& query) {
  for (const auto& field : query) {
    if (is_one_of(kParameters, field.first)) continue;
    return invalid_value(fmt::format("Parameter {} is not one of {}",
                                     core::shorten(field.first, 60), fmt::join(kParameters, ", ")));
  }
  return {};
}

Refusal read_position(ExportRequest& out, const Parameters& query, std::int64_t now) {
  const auto start = query.find("start_time");
  const auto cursor = query.find("cursor");
  if (!start && !cursor) return missing_parameter("start_time");
  if (start && cursor) return invalid_value("start_time and cursor exclude each other");
  if (cursor) {
    const auto position = decode_cursor(*cursor);
    if (!position) return invalid_cursor();
    out.position = *position;
    return {};
  }
  const auto seconds = core::parse_integer(*start);
  if (!seconds || *seconds < 0) return invalid_value("start_time must be a Unix time in seconds");
  if (*seconds > now - kUnsettled) return too_recent();
  out.position = {*seconds, 0};
  return {};
}

Refusal read_include(ExportRequest& out, const Parameters& query) {
  const auto include = query.find("include");
  if (!include) return {};
  for (const std::string_view name : core::split(*include, ',')) {
    if (name != "users") {
      return invalid_value(fmt::format("include does not support {}; the sandbox side-loads users",
                                       core::shorten(name, 60)));
    }
    out.users = true;
  }
  out.carried_query += fmt::format("&include={}", sdk::percent_encode(*include));
  return {};
}

Refusal read_size(ExportRequest& out, const Parameters& query, std::uint64_t page_cap) {
  if (const auto text = query.find("per_page")) {
    const auto size = core::parse_integer(*text);
    if (!size || *size < 1 || *size > kLargestPage) {
      return invalid_value("per_page must be from 1 to 1000");
    }
    out.size = *size;
    out.carried_query += fmt::format("&per_page={}", *size);
  }
  if (page_cap > 0) out.size = std::min(out.size, static_cast<std::int64_t>(page_cap));
  return {};
}

Refusal read_filters(ExportRequest& out, const Parameters& query) {
  const std::string_view scope = query.find("support_type_scope").value_or("agent");
  if (!is_one_of(kScopes, scope)) {
    return invalid_value("support_type_scope must be one of all, agent, ai_agent");
  }
  out.agents = scope != "ai_agent";
  const std::string_view exclude = query.find("exclude_deleted").value_or("false");
  if (exclude != "true" && exclude != "false") {
    return invalid_value("exclude_deleted must be true or false");
  }
  out.exclude_deleted = exclude == "true";
  return {};
}

std::variant<ExportRequest, core::HttpReply> read_request(const Parameters& query,
                                                          std::uint64_t page_cap,
                                                          std::int64_t now) {
  ExportRequest out;
  if (Refusal refusal = check_names(query)) return *std::move(refusal);
  if (Refusal refusal = read_position(out, query, now)) return *std::move(refusal);
  if (Refusal refusal = read_include(out, query)) return *std::move(refusal);
  if (Refusal refusal = read_size(out, query, page_cap)) return *std::move(refusal);
  if (Refusal refusal = read_filters(out, query)) return *std::move(refusal);
  return out;
}

void append_tickets(std::string& body, const std::vector<Ticket*>& tickets,
                    const ZendeskUsers& users) {
  std::size_t size = 0;
  for (Ticket* ticket : tickets) size += json_of(*ticket, users).size() + 1;
  body.reserve(size + 2'000);
  body += R"({"tickets":[)";
  for (std::size_t at = 0; at < tickets.size(); ++at) {
    if (at > 0) body += ',';
    body += tickets[at]->rendered;
  }
  body += ']';
}

/// Requesters, submitters and assignees of the page, each once; who was deleted is missing.
void append_users(std::string& body, const std::vector<Ticket*>& tickets, ZendeskUsers& users) {
  std::set<std::uint64_t> people;
  for (const Ticket* ticket : tickets) {
    const TicketFacts facts = facts_of(*ticket, users);
    people.insert(facts.requester);
    if (facts.assignee) people.insert(*facts.assignee);
  }
  body += R"(,"users":[)";
  bool first = true;
  for (const std::uint64_t index : people) {
    if (users.deleted(index)) continue;
    if (!std::exchange(first, false)) body += ',';
    body += users.json(index);
  }
  body += ']';
}

}  // namespace

std::string encode_cursor(ItemPosition position) {
  return core::base64_encode(fmt::format("{}.0||{}|", position.first, position.second));
}

std::optional<ItemPosition> decode_cursor(std::string_view cursor) {
  const std::optional<std::string> text = core::base64_decode(cursor);
  if (!text) return {};
  const std::size_t middle = text->find(".0||");
  if (middle == std::string::npos || !text->ends_with('|')) return {};
  const std::string_view all = *text;
  const auto seconds = core::parse_integer(all.substr(0, middle));
  const auto id = core::parse_integer(all.substr(middle + 4, all.size() - middle - 5));
  if (!seconds || !id || *seconds < 0 || *id < 0) return {};
  const ItemPosition position{*seconds, *id};
  return encode_cursor(position) == cursor ? std::optional(position) : std::nullopt;
}

core::HttpReply export_tickets(TicketBook& tickets, ZendeskUsers& users, const Parameters& query,
                               std::uint64_t page_cap, std::int64_t now) {
  auto read = read_request(query, page_cap, now);
  if (auto* refusal = std::get_if<core::HttpReply>(&read)) return std::move(*refusal);
  const ExportRequest& request = std::get<ExportRequest>(read);

  TicketBook::Page page;
  if (request.agents) {
    page = tickets.page(request.position, static_cast<std::size_t>(request.size), now - kUnsettled,
                        request.exclude_deleted);
  }
  ItemPosition after = request.position;
  if (!page.tickets.empty()) after = {page.tickets.back()->generated, page.tickets.back()->id};

  std::string body;
  append_tickets(body, page.tickets, users);
  if (request.users) append_users(body, page.tickets, users);
  const std::string cursor = encode_cursor(after);
  body += fmt::format(
      R"(,"after_url":"https://acme.zendesk.com/api/v2/incremental/tickets/cursor.json?cursor={}{}",)"
      R"("before_url":null,"after_cursor":"{}","before_cursor":null,"end_of_stream":{}}})",
      sdk::percent_encode(cursor), request.carried_query, cursor, page.last);
  return json_reply(200, std::move(body));
}

}  // namespace earshot::sandbox

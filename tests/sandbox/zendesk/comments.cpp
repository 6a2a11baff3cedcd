#include "sandbox/zendesk/comments.hpp"

#include <fmt/format.h>

#include <earshot/core/base/random.hpp>
#include <earshot/core/json/writer.hpp>

#include "sandbox/zendesk/paging.hpp"
#include "sandbox/zendesk/replies.hpp"

namespace earshot::sandbox {
namespace {

constexpr std::uint64_t kLongThread = 240;
constexpr std::uint64_t kCommentStream = 0xc0117e17;
constexpr std::int64_t kBetweenComments = 1'800;

std::string escaped_html(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '\n': out += "<br>"; break;
      default: out += c;
    }
  }
  return out;
}

struct CommentFacts {
  std::int64_t id;
  std::uint64_t author;
  std::string body;
  bool open_to_all;
  std::int64_t created;
};

CommentFacts comment_at(const Ticket& ticket, const ZendeskUsers& users, std::uint64_t index) {
  core::Random random(ticket.seed ^ (kCommentStream + index));
  const TicketFacts facts = facts_of(ticket, users);
  const bool by_customer = index % 2 == 0;
  const auto number = static_cast<std::int64_t>(index);
  return {.id = ticket.id * 1'000 % 1'000'000'000'000'000 + number,
          .author = by_customer ? facts.requester : facts.assignee.value_or(1),
          .body = index == 0 ? text_of(ticket).description : message(random, random.below(600)),
          .open_to_all = by_customer || random.below(4) != 0,
          .created = ticket.created + number * kBetweenComments};
}

std::string comment_json(const CommentFacts& comment) {
  core::JsonWriter out;
  out.begin_object();
  out.member("id", comment.id);
  out.member("type", "Comment");
  out.member("author_id", ZendeskUsers::id(comment.author));
  out.member("body", comment.body);
  out.member("html_body",
             fmt::format(R"(<div class="zd-comment" dir="auto"><p dir="auto">{}</p></div>)",
                         escaped_html(comment.body)));
  out.member("plain_body", comment.body);
  out.member("public", comment.open_to_all);
  out.key("attachments");
  out.begin_array();
  out.end_array();
  out.member("audit_id", comment.id + 1);
  out.key("via");
  out.raw(R"({"channel":"web","source":{"from":{},"to":{},"rel":null}})");
  out.member("created_at", utc(comment.created));
  out.key("metadata");
  out.raw(R"({"system":{"client":"Mozilla/5.0","ip_address":"203.0.113.9"},"custom":{}})");
  out.end_object();
  return out.take();
}

/// The side-loaded authors: every user that may have written here.
std::string authors_member(const Ticket& ticket, ZendeskUsers& users) {
  const TicketFacts facts = facts_of(ticket, users);
  const std::uint64_t staff = facts.assignee.value_or(1);
  std::string out = fmt::format(R"(,"users":[{})", users.json(staff));
  if (!users.deleted(facts.requester)) (out += ',') += users.json(facts.requester);
  return out += ']';
}

}  // namespace

std::uint64_t comment_count(const Ticket& ticket) {
  const std::uint64_t first =
      ticket.trait == TicketTrait::long_thread ? kLongThread : 1 + ticket.seed % 6;
  return first + ticket.changes;
}

core::HttpReply list_comments(const Ticket& ticket, ZendeskUsers& users, const Parameters& query) {
  const bool by_cursor = query.find("page[size]") || query.find("page[after]");
  const std::string_view sort =
      query.find(by_cursor ? "sort" : "sort_order").value_or(by_cursor ? "created_at" : "asc");
  const bool descending = sort == "-created_at" || sort == "desc";
  if (!descending && sort != "created_at" && sort != "asc") {
    return invalid_value("comments are sorted by created_at or -created_at, asc or desc");
  }
  const std::uint64_t count = comment_count(ticket);
  ListSource list;
  list.name = "comments";
  list.url = fmt::format("https://acme.zendesk.com/api/v2/tickets/{}/comments.json", ticket.id);
  list.count = count;
  list.element = [&, count, descending](std::uint64_t index) {
    return comment_json(comment_at(ticket, users, descending ? count - 1 - index : index));
  };
  if (query.find("include").value_or("") == "users") list.extra = authors_member(ticket, users);
  return by_cursor ? cursor_page(list, query) : offset_page(list, query);
}

}  // namespace earshot::sandbox

#include "comments.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <earshot/sdk/thread.hpp>

namespace earshot::plugins {
namespace {

using sdk::Call, sdk::Emitted, sdk::Code, sdk::Error, sdk::Page, sdk::Request, sdk::Result,
    sdk::Thread, sdk::Value;

/// Tickets whose comments are asked for and held at once.
constexpr std::size_t kTicketsAtOnce = 20;

/// A ticket of an export's page that is to be stored.
struct Ticket {
  std::string pointer;  ///< In the page.
  std::string id;
  std::string requester;
  bool deleted = false;
};

Result<std::vector<Ticket>> changed_tickets(Call& call, const Page& page) {
  std::vector<std::pair<std::string, std::string>> listed;
  std::vector<Ticket> tickets;
  for (const Value ticket : page.at("/tickets")) {
    const std::string pointer = "/tickets/" + std::to_string(tickets.size());
    EAR_TRY(std::string id, ticket.text("/id"));
    listed.emplace_back(id, ticket.text_or("/generated_timestamp", ""));
    tickets.push_back({.pointer = pointer,
                       .id = std::move(id),
                       .requester = ticket.text_or("/requester_id", ""),
                       .deleted = ticket.text_or("/status", "") == "deleted"});
  }
  EAR_TRY(const std::vector<std::uint8_t> states, call.known("ticket", listed));
  std::vector<Ticket> changed;
  for (std::size_t i = 0; i < tickets.size(); ++i) {
    if (states[i] != EAR_KNOWN_SAME) changed.push_back(std::move(tickets[i]));
  }
  return changed;
}

std::string comments_path(const std::string& ticket, std::string_view after) {
  std::string path = sdk::path("/api/v2/tickets/" + sdk::percent_encode(ticket) + "/comments",
                               {{"page[size]", "100"}, {"include", "users"}});
  return after.empty() ? path : sdk::path(path, {{"page[after]", after}});
}

/// Names by the id of a user, as comments bring them along.
void add_names(const Page& comments, std::map<std::string, std::string>& names) {
  for (const Value user : comments.at("/users")) {
    names.insert_or_assign(user.text_or("/id", ""), user.text_or("/name", ""));
  }
}

/// Notes among the agents are not public.
void add_comments(const Page& comments, const Ticket& ticket,
                  const std::map<std::string, std::string>& names, Thread& thread) {
  for (const Value comment : comments.at("/comments")) {
    if (!comment.flag("/public").value_or(false)) continue;
    const std::string author = comment.text_or("/author_id", "");
    const auto known = names.find(author);
    const std::string unknown = author == ticket.requester ? "Customer" : "Support";
    const bool html = comment.at("/html_body").is_string();
    thread.add(known == names.end() || known->second.empty() ? unknown : known->second,
               comment.text_or("/created_at", ""),
               comment.text_or(html ? "/html_body" : "/body", ""),
               html ? EAR_TEXT_HTML : EAR_TEXT_PLAIN);
  }
}

/// All public comments, of which `first` is the first page.
Result<std::string> thread_of(Call& call, const Ticket& ticket, const Page& first) {
  Thread thread;
  std::map<std::string, std::string> names;
  std::string after;
  const auto take = [&](const Page& page) -> Result<bool> {
    add_names(page, names);
    add_comments(page, ticket, names, thread);
    EAR_TRY(const bool more, page.flag("/meta/has_more"));
    if (!more) return false;
    EAR_TRY(std::string next, page.text("/meta/after_cursor"));
    if (next == after) {
      return Error{.code = Code::bad_data,
                   .message = "the comments of ticket " + ticket.id + " repeat one page"};
    }
    after = std::move(next);
    return true;
  };
  EAR_TRY(bool more, take(first));
  while (more) {
    EAR_TRY(const Page page, call.get(comments_path(ticket.id, after)));
    EAR_TRY(more, take(page));
  }
  return thread.json();
}

/// A ticket that was deleted since it was exported keeps its description until the next export.
Result<Emitted> emit_ticket(Call& call, const Page& page, const Ticket& ticket,
                            const Result<Page>& comments) {
  if (!comments && comments.error().code != Code::not_found) return comments.error();
  if (!comments) return call.emit(page, ticket.pointer, "ticket");
  EAR_TRY(const std::string thread, thread_of(call, ticket, *comments));
  return call.emit(page, ticket.pointer, "ticket",
                   {.fields = {sdk::field("content", thread, EAR_TEXT_THREAD)}});
}

Result<Emitted> emit_some(Call& call, const Page& page, const std::vector<Ticket>& tickets) {
  std::vector<std::string> paths;
  for (const Ticket& ticket : tickets) paths.push_back(comments_path(ticket.id, ""));
  std::vector<Request> requests;
  for (const std::string& path : paths) requests.push_back({.path = path});
  EAR_TRY(const std::vector<Result<Page>> comments, call.send_all(requests));
  Emitted emitted;
  for (std::size_t i = 0; i < tickets.size(); ++i) {
    EAR_TRY(const Emitted one, emit_ticket(call, page, tickets[i], comments[i]));
    emitted += one;
  }
  return emitted;
}

}  // namespace

Result<Emitted> emit_with_comments(Call& call, const Page& page) {
  if (!page.at("/tickets").is_array()) {
    return Error{.code = Code::bad_data, .message = "the export has no list of tickets"};
  }
  EAR_TRY(const std::vector<Ticket> tickets, changed_tickets(call, page));
  Emitted emitted;
  std::vector<Ticket> some;
  for (const Ticket& ticket : tickets) {
    if (ticket.deleted) {
      EAR_TRY(const Emitted one, call.emit(page, ticket.pointer, "ticket"));
      emitted += one;
      continue;
    }
    some.push_back(ticket);
    if (some.size() < kTicketsAtOnce) continue;
    EAR_TRY(const Emitted done, emit_some(call, page, std::exchange(some, {})));
    emitted += done;
  }
  EAR_TRY(const Emitted rest, emit_some(call, page, some));
  return emitted += rest;
}

}  // namespace earshot::plugins

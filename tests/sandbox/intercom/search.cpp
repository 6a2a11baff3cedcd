#include "sandbox/intercom/search.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <earshot/core/base/text.hpp>
#include <earshot/core/json/writer.hpp>

namespace earshot::sandbox {
namespace {

constexpr std::uint64_t kMostPerPage = 150;
constexpr std::uint64_t kMostDeletedPerPage = 60;

/// Members and parameters that are not known are refused, so that no misspelling passes unseen.
std::string unknown(std::string_view name) {
  return fmt::format("Parameter {} is not known", name);
}

void write_pages(core::JsonWriter& out, std::uint64_t page, std::uint64_t per_page,
                 std::uint64_t total) {
  out.member("type", "pages");
  out.member("page", page);
  out.member("per_page", per_page);
  out.member("total_pages", (total + per_page - 1) / per_page);
}

void write_next(core::JsonWriter& out, const Conversation& last, std::uint64_t number) {
  out.key("next");
  out.begin_object();
  out.member("page", number);
  out.member("starting_after", encode_search_cursor({{last.updated, last.id}, number}));
  out.end_object();
}

void write_deletion(core::JsonWriter& out, const Conversation& conversation) {
  out.begin_object();
  out.member("type", "conversation");
  out.member("id", std::to_string(conversation.id));
  out.member("metrics_retained", conversation.seed % 2 == 0);
  out.member("deleted_at", conversation.updated);
  out.end_object();
}

}  // namespace

std::string encode_search_cursor(const SearchCursor& cursor) {
  return core::base64_encode(
      fmt::format("[{}000,{},{}]", cursor.behind.first, cursor.behind.second, cursor.page));
}

std::optional<SearchCursor> decode_search_cursor(std::string_view text) {
  const auto inside = core::base64_decode(text);
  const auto document = core::JsonDocument::parse(inside.value_or(""));
  if (!document || document.value()->root().size() != 3) return {};
  const core::JsonValue root = document.value()->root();
  const auto updated = root.at("/0").integer();
  const auto id = root.at("/1").integer();
  const auto page = root.at("/2").integer();
  if (!updated || !id || !page || *page < 2) return {};
  const SearchCursor cursor{{*updated / 1000, *id}, static_cast<std::uint64_t>(*page)};
  return encode_search_cursor(cursor) == text ? std::optional(cursor) : std::nullopt;
}

std::optional<core::HttpReply> ConversationLists::read_page_size(std::string_view text,
                                                                 std::uint64_t most,
                                                                 std::uint64_t& size) {
  const auto number = core::parse_integer(text);
  if (!number || *number < 1) return refusals_.parameter_invalid("Per Page must be a number");
  if (static_cast<std::uint64_t>(*number) > most) return refusals_.page_too_big();
  size = static_cast<std::uint64_t>(*number);
  return {};
}

std::optional<core::HttpReply> ConversationLists::read_paging(core::JsonValue paging,
                                                              Asked& asked) {
  for (const core::JsonValue member : paging) {
    if (member.key() == "per_page") {
      if (auto refusal = read_page_size(member.text(), kMostPerPage, asked.per_page)) {
        return refusal;
      }
    } else if (member.key() == "starting_after") {
      if (member.is_null()) continue;
      asked.cursor = decode_search_cursor(member.text());
      if (!asked.cursor) return refusals_.invalid_cursor();
    } else {
      return refusals_.parameter_invalid(unknown(member.key()));
    }
  }
  return {};
}

/// Undocumented for conversations, but in use: by what the cursor says, results are in the order of
/// updated_at.
std::optional<core::HttpReply> ConversationLists::read_sort(core::JsonValue sort, Asked& asked) {
  if (!sort.exists()) return {};
  const std::string_view order = sort.member("order").text();
  const bool known = order == "ascending" || order == "descending";
  if (!known || sort.member("field").text() != "updated_at" || sort.size() != 2) {
    return refusals_.parameter_invalid("The sandbox sorts by updated_at");
  }
  asked.ascending = order == "ascending";
  return {};
}

core::HttpReply ConversationLists::search(std::string_view body, bool modern, std::int64_t now) {
  const auto document = core::JsonDocument::parse(std::string(body));
  if (!document) return refusals_.broken_json();
  const core::JsonValue root = document.value()->root();
  for (const core::JsonValue member : root) {
    const std::string_view name = member.key();
    if (name != "query" && name != "pagination" && name != "sort") {
      return refusals_.parameter_invalid(unknown(name));
    }
  }
  if (!root.member("query").exists()) return refusals_.parameter_invalid("query is required");
  Asked asked;
  auto query = parse_query(root.member("query"));
  if (!query) {
    const std::string& why = query.error().message;
    return query.error().code == core::Code::config ? refusals_.type_mismatch(why)
                                                    : refusals_.parameter_invalid(why);
  }
  asked.query = std::move(query).value();
  asked.query_text = root.member("query").dump();
  if (auto refusal = read_paging(root.member("pagination"), asked)) return *std::move(refusal);
  if (auto refusal = read_sort(root.member("sort"), asked)) return *std::move(refusal);
  return page(asked, modern, now);
}

core::HttpReply ConversationLists::list(const Parameters& query, bool modern, std::int64_t now) {
  Asked asked;
  asked.query.op = "AND";
  for (const auto& [name, value] : query) {
    if (name == "per_page") {
      if (auto refusal = read_page_size(value, kMostPerPage, asked.per_page)) {
        return *std::move(refusal);
      }
    } else if (name == "starting_after") {
      asked.cursor = decode_search_cursor(value);
      if (!asked.cursor) return refusals_.invalid_cursor();
    } else {
      return refusals_.parameter_invalid(unknown(name));
    }
  }
  return page(asked, modern, now);
}

std::uint64_t ConversationLists::count(const Asked& asked, const UpdatedRange& range) {
  if (counted_query_ == asked.query_text && counted_revision_ == book_.revision() &&
      counted_to_ == range.to) {
    return counted_;
  }
  counted_ = 0;
  const auto& order = book_.order();
  for (auto at = order.lower_bound({range.from, 0}); at != order.end(); ++at) {
    if (at->first.first > range.to) break;
    if (matches(asked.query, book_.at(at->second))) ++counted_;
  }
  counted_query_ = asked.query_text;
  counted_revision_ = book_.revision();
  counted_to_ = range.to;
  return counted_;
}

/// One more than the page holds, if there is one.
std::vector<std::size_t> ConversationLists::find(const Asked& asked, const UpdatedRange& range,
                                                 std::uint64_t size) {
  const auto& order = book_.order();
  std::vector<std::size_t> found;
  const auto take = [&](const auto& entry) {
    if (matches(asked.query, book_.at(entry.second))) found.push_back(entry.second);
    return found.size() <= size;
  };
  if (asked.ascending) {
    auto at =
        asked.cursor ? order.upper_bound(asked.cursor->behind) : order.lower_bound({range.from, 0});
    while (at != order.end() && at->first.first <= range.to && take(*at)) ++at;
  } else {
    auto at = std::make_reverse_iterator(asked.cursor ? order.lower_bound(asked.cursor->behind)
                                                      : order.lower_bound({range.to + 1, 0}));
    while (at != order.rend() && at->first.first >= range.from && take(*at)) ++at;
  }
  return found;
}

core::HttpReply ConversationLists::page(const Asked& asked, bool modern, std::int64_t now) {
  UpdatedRange range = range_of(asked.query);
  range.to = std::min(range.to, now);
  const std::uint64_t size = page_cap_ == 0 ? asked.per_page : std::min(asked.per_page, page_cap_);
  std::vector<std::size_t> found = find(asked, range, size);
  const bool more = found.size() > size;
  if (more) found.pop_back();
  const std::uint64_t number = asked.cursor ? asked.cursor->page : 1;
  const std::uint64_t total = count(asked, range);

  core::JsonWriter out;
  out.begin_object();
  out.member("type", "conversation.list");
  out.key("pages");
  out.begin_object();
  write_pages(out, number, size, total);
  if (more) write_next(out, book_.at(found.back()), number + 1);
  out.end_object();
  out.member("total_count", total);
  out.key("conversations");
  out.begin_array();
  for (const std::size_t index : found) {
    Conversation& conversation = book_.at(index);
    out.raw(modern ? list_json(conversation, people_)
                   : conversation_json(conversation, people_, {.modern = false}));
  }
  out.end_array();
  out.end_object();
  return json_reply(200, out.take());
}

std::optional<core::HttpReply> ConversationLists::read_deleted(const Parameters& query,
                                                               DeletedPage& asked) {
  for (const auto& [name, value] : query) {
    if (name == "per_page") {
      if (auto refusal = read_page_size(value, kMostDeletedPerPage, asked.per_page)) return refusal;
    } else if (name == "page") {
      const auto number = core::parse_integer(value);
      if (!number || *number < 1) return refusals_.parameter_invalid("Page must be a number");
      asked.number = static_cast<std::uint64_t>(*number);
    } else if (name == "order" && (value == "asc" || value == "desc")) {
      asked.order = value;
    } else {
      return refusals_.parameter_invalid(unknown(name));
    }
  }
  return {};
}

core::HttpReply ConversationLists::deleted(const Parameters& query, std::int64_t now) {
  DeletedPage asked;
  if (auto refusal = read_deleted(query, asked)) return *std::move(refusal);
  std::vector<const Conversation*> gone;
  for (const auto& entry : book_.deletions()) {
    if (entry.first.first <= now) gone.push_back(&book_.at(entry.second));
  }
  if (asked.order == "desc") std::reverse(gone.begin(), gone.end());
  const std::uint64_t size = page_cap_ == 0 ? asked.per_page : std::min(asked.per_page, page_cap_);
  const std::uint64_t begin = std::min<std::uint64_t>((asked.number - 1) * size, gone.size());
  const std::uint64_t end = std::min<std::uint64_t>(begin + size, gone.size());

  core::JsonWriter out;
  out.begin_object();
  out.member("type", "conversations.list");
  out.member("total_count", static_cast<std::uint64_t>(gone.size()));
  out.key("pages");
  out.begin_object();
  const std::string next =
      fmt::format("https://api.intercom.io/conversations/deleted?per_page={}&order={}&page={}",
                  asked.per_page, asked.order, asked.number + 1);
  out.member("next", end < gone.size() ? std::optional(next) : std::nullopt);
  write_pages(out, asked.number, size, gone.size());
  out.end_object();
  out.key("conversations");
  out.begin_array();
  for (std::uint64_t index = begin; index < end; ++index) write_deletion(out, *gone[index]);
  out.end_array();
  out.end_object();
  return json_reply(200, out.take());
}

}  // namespace earshot::sandbox
